// Words in the person's language. One catalogue is loaded at a time; English gives the keys and the
// parameters, and the compiler checks that French and Italian have them all.

import type { Locale } from '$lib/jmap/types';
import type english from './en';
import { formatter } from './formatters';

export type Plural = { one: string; many?: string; other: string };
type English = typeof english;
export type Key = keyof English;
/** The same keys in another language. */
export type Words<Source> = { [K in keyof Source]: Source[K] extends string ? string : Plural };
type Catalogue = Words<English>;

export const LOCALES: { tag: Locale; name: string }[] = [
  { tag: 'en', name: 'English' },
  { tag: 'fr', name: 'Français' },
  { tag: 'it', name: 'Italiano' },
];

const LOADERS: Record<Locale, () => Promise<{ default: Catalogue }>> = {
  en: () => import('./en'),
  fr: () => import('./fr'),
  it: () => import('./it'),
};

type Names<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type ParametersOf<K extends Key> = English[K] extends string
  ? Names<English[K]>
  : Names<English[K][keyof English[K]]> | 'count';
type Values<K extends Key> = [ParametersOf<K>] extends [never] ? [] : [Record<ParametersOf<K>, string | number>];

let current = $state<Locale>('en');
let catalogue = $state.raw<Catalogue | null>(null);

export const locale = (): Locale => current;

/** The language that this browser asks for, among ours. */
export function preferredLocale(): Locale {
  for (const tag of navigator.languages) {
    const found = LOCALES.find((known) => tag.toLowerCase().startsWith(known.tag));
    if (found) return found.tag;
  }
  return 'en';
}

/** Loads a language and shows everything in it. */
export async function setLocale(tag: Locale): Promise<void> {
  if (catalogue && tag === current) return;
  const loaded = (await LOADERS[tag]()).default;
  catalogue = loaded;
  current = tag;
  document.documentElement.lang = tag;
}

/** The message of a key, with its parameters filled in and its plural chosen by `count`. */
export function t<K extends Key>(key: K, ...values: Values<K>): string {
  const entry: string | Plural = catalogue?.[key] ?? '';
  const given: Record<string, string | number> = values[0] ?? {};
  const pattern = typeof entry === 'string' ? entry : pluralForm(entry, Number(given['count']));
  return pattern.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = given[name] ?? '';
    return typeof value === 'number' ? shown(value) : value;
  });
}

/** Below a thousand, a whole number looks the same in all our languages: no formatter is made for it. */
const shown = (value: number): string =>
  Number.isInteger(value) && value >= 0 && value < 1000 ? String(value) : formatter(Intl.NumberFormat, current, {}).format(value);

function pluralForm(entry: Plural, count: number): string {
  const form = formatter(Intl.PluralRules, current, {}).select(count);
  if (form === 'one') return entry.one;
  return form === 'many' ? (entry.many ?? entry.other) : entry.other;
}
