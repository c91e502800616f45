// When a snoozed conversation can come back, by the clock of the person. Pure.

export type TimeName = 'later' | 'evening' | 'tomorrow' | 'weekend' | 'next_week';

const EVENING = 18;
const MORNING = 8;
const SATURDAY = 6;
const MONDAY = 1;
const LATER_HOURS = 3;

/** What is offered now: nothing that is past, nothing twice. */
export function times(now: Date): { name: TimeName; at: Date }[] {
  const evening = at(now, 0, EVENING);
  const isEarly = now.getHours() < EVENING - 1;
  const isWeekend = now.getDay() === SATURDAY || now.getDay() === 0;
  const all = [
    isEarly ? { name: 'evening', at: evening } : { name: 'later', at: new Date(roundUp(now).getTime() + LATER_HOURS * 3_600_000) },
    { name: 'tomorrow', at: at(now, 1, MORNING) },
    ...(isWeekend || now.getDay() === SATURDAY - 1 ? [] : [{ name: 'weekend' as const, at: at(now, daysTo(now, SATURDAY), MORNING) }]),
    { name: 'next_week', at: at(now, daysTo(now, MONDAY), MORNING) },
  ] satisfies { name: TimeName; at: Date }[];
  return all.filter((one, index) => all.findIndex((other) => other.at.getTime() === one.at.getTime()) === index);
}

/** For a field of date and time: the local time without its zone. */
export function fieldValue(date: Date): string {
  const two = (number: number) => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

function at(now: Date, days: number, hour: number): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour);
}

function roundUp(now: Date): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate(), now.getHours() + (now.getMinutes() ? 1 : 0));
}

/** Days to the next such day, never today. */
function daysTo(now: Date, day: number): number {
  return (day - now.getDay() + 7) % 7 || 7;
}
