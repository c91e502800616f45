// What one can ask of a device before something private is shown there: the indices that devices have (crates/privacy,
// device), in words. Pure but for the words.

import { t } from '$lib/i18n/index.svelte';
import type { Thresholds } from '$lib/jmap/gate';
import { asked } from '$lib/state/gate.svelte';

const CHOICES = [
  { value: 20, name: 'gate_any', hint: 'gate_any_hint' },
  { value: 40, name: 'gate_mine', hint: 'gate_mine_hint' },
  { value: 60, name: 'gate_home', hint: 'gate_home_hint' },
  { value: 100, name: 'gate_always', hint: 'gate_always_hint' },
] as const;
/** What everybody starts with, and nobody can go under, from the lowest level on. */
const LEAST = [20, 40, 60];

export interface Choice {
  value: number;
  name: string;
  hint: string;
}

export const nameOf = (value: number): string => {
  const known = CHOICES.find((one) => one.value === value);
  return known ? t(known.name) : t('gate_other', { score: value });
};

/** What a level can ask for: no less than everybody, nor than the level below it; and what it asks for now. */
export function choicesOf(thresholds: Thresholds, at: number): Choice[] {
  const now = asked(thresholds);
  const least = Math.max(LEAST[at] ?? 0, now[at - 1] ?? 0);
  const offered = CHOICES.filter(({ value }) => value >= least).map(({ value, name, hint }) => ({ value, name: t(name), hint: t(hint) }));
  const current = now[at] ?? least;
  if (offered.some(({ value }) => value === current)) return offered;
  return [...offered, { value: current, name: nameOf(current), hint: '' }].toSorted((a, b) => a.value - b.value);
}

/** The same with one level at `value`: those above it ask for as much at least. */
export function raisedTo(thresholds: Thresholds, at: number, value: number): Thresholds {
  const [sealed = 0, sealedAndKnown = 0, most = 0] = asked(thresholds).map((now, other) => (other === at ? value : other > at ? Math.max(now, value) : now));
  return { sealed, sealedAndKnown, private: most };
}
