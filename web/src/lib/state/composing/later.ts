// Times that people mean by "later". Pure.

const EVENING_HOUR = 20;
const MORNING_HOUR = 8;
const MONDAY = 1;

const at = (now: Date, days: number, hour: number): Date => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour);

export interface Later {
  kind: 'tonight' | 'tomorrow' | 'monday';
  at: Date;
}

/** Tonight, while it is still to come; tomorrow; the next Monday, unless that is tomorrow. */
export function laterTimes(now: Date): Later[] {
  const tonight = at(now, 0, EVENING_HOUR);
  const toMonday = (MONDAY - now.getDay() + 7) % 7 || 7;
  const times: Later[] = [{ kind: 'tomorrow', at: at(now, 1, MORNING_HOUR) }];
  if (tonight > now) times.unshift({ kind: 'tonight', at: tonight });
  if (toMonday > 1) times.push({ kind: 'monday', at: at(now, toMonday, MORNING_HOUR) });
  return times;
}

/** As an `<input type="datetime-local">` writes it. */
export function localInput(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}
