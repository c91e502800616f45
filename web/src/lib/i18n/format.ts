// Dates, sizes and lists by Intl, in the language that is shown.

import { formatter } from './formatters';
import { locale } from './index.svelte';

const DAY_MS = 86_400_000;

/** For lists: the hour today, the weekday this week, the day this year, else the full date. */
export function shortDate(iso: string, now = Date.now()): string {
  const date = new Date(iso);
  const today = new Date(now);
  if (date.toDateString() === today.toDateString()) return part(date, { hour: 'numeric', minute: '2-digit' });
  if (now - date.getTime() < 6 * DAY_MS && date.getTime() < now) return part(date, { weekday: 'short' });
  if (date.getFullYear() === today.getFullYear()) return part(date, { day: 'numeric', month: 'short' });
  return part(date, { day: 'numeric', month: 'short', year: 'numeric' });
}

/** The hour today, the day and the hour otherwise. */
export const hourOrDay = (iso: string, now = Date.now()): string =>
  new Date(iso).toDateString() === new Date(now).toDateString() ? part(new Date(iso), { timeStyle: 'short' }) : dayAndTime(iso);

/** The day, in words; the year where it is another one. */
export function dayOf(iso: string, now = Date.now()): string {
  const date = new Date(iso);
  const isThisYear = date.getFullYear() === new Date(now).getFullYear();
  return part(date, { day: 'numeric', month: 'long', ...(isThisYear ? {} : { year: 'numeric' }) });
}

export const fullDate = (iso: string): string => part(new Date(iso), { dateStyle: 'full', timeStyle: 'short' });

/** A day of the calendar, as `2026-11-22`: the same wherever one is. */
export const calendarDay = (day: string): string => part(new Date(`${day}T12:00:00`), { dateStyle: 'medium' });

export const dayAndTime = (iso: string): string => part(new Date(iso), { dateStyle: 'medium', timeStyle: 'short' });

/** The reader's language as their country writes it: in London the day comes before the month, and the hour has no AM. */
export const region = (): string => navigator.languages.find((tag) => tag.split('-')[0] === locale()) ?? locale();

function part(date: Date, options: Intl.DateTimeFormatOptions): string {
  return Number.isNaN(date.getTime()) ? '' : formatter(Intl.DateTimeFormat, region(), options).format(date);
}

const SIZE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

export function fileSize(bytes: number): string {
  let unit = 0;
  let value = bytes;
  while (value >= 1000 && unit < SIZE_UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const style = { style: 'unit', unit: SIZE_UNITS[unit] ?? 'byte', unitDisplay: 'short' } as const;
  return formatter(Intl.NumberFormat, locale(), { ...style, maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0 }).format(value);
}

/** A count as people write it: `10 000`. */
export const wholeNumber = (count: number): string => formatter(Intl.NumberFormat, locale(), {}).format(count);

export const listOf = (names: string[]): string =>
  formatter(Intl.ListFormat, locale(), { type: 'conjunction' } as const).format(names);

/** `email:ana@example.org` → `ana@example.org`. */
export const address = (handle: string): string => handle.slice(handle.indexOf(':') + 1);
