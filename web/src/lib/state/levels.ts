// The words of the levels: as the server says them, or our own while it has not.

import { locale, t } from '$lib/i18n/index.svelte';
import type { LevelNumber } from '$lib/jmap/types';
import { session } from './session.svelte';

const KEYS = { 1: 'level_1', 2: 'level_2', 3: 'level_3', 4: 'level_4', 5: 'level_5' } as const;

/** The scores that each level begins and ends with (formula 1). */
export const BANDS: { level: LevelNumber; from: number; to: number }[] = [
  { level: 1, from: 0, to: 4 },
  { level: 2, from: 5, to: 19 },
  { level: 3, from: 20, to: 49 },
  { level: 4, from: 50, to: 79 },
  { level: 5, from: 80, to: 100 },
];

export function levelWord(level: LevelNumber): string {
  return session.levels(locale()).find((known) => known.level === level)?.word ?? t(KEYS[level]);
}
