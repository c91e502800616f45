// What the server said of each of several recipients becomes what a message to all of them is: scored here, by the formula
// that the server has too. What was scored once is kept: a row of a panel asks again with each change of anything.

import type { Formula } from '$lib/formula/doors';
import type { Outlook } from '$lib/jmap/outlooks';
import type { Locale } from '$lib/jmap/types';
import type { Expected } from './outlooks.svelte';
import { worstFirst } from './weighing';

/** What is known of one recipient. */
export interface Known {
  recipient: string;
  /** What the server said, in some language; null when this is no address. */
  outlook: Outlook | null;
  at: number;
}

interface Combined {
  formula: Formula;
  known: readonly Known[];
  expected: Expected | null;
}

const KEPT_MOST = 50;
const kept = new Map<string, Combined>();

/** A lookup that failed is not the last word, however complete. */
export const settled = (one: Outlook): boolean => one.complete && one.trouble?.cause !== 'lookup-failed';

/** One message to all of them; null when the formula here is not the server's, or does not know what the server saw. */
export function combined(formula: Formula, known: readonly Known[], language: Locale): Expected | null {
  const key = JSON.stringify([language, ...known.map(({ recipient }) => recipient).toSorted()]);
  const before = kept.get(key);
  if (before?.formula === formula && before.known.every((one) => known.includes(one))) return before.expected;
  const expected = score(formula, known, language);
  kept.delete(key);
  kept.set(key, { formula, known, expected });
  for (const old of kept.keys()) if (kept.size > KEPT_MOST) kept.delete(old);
  return expected;
}

function score(formula: Formula, known: readonly Known[], language: Locale): Expected | null {
  const outlooks = known.flatMap(({ outlook }) => outlook ?? []);
  if (!outlooks.length || outlooks.some((one) => one.formula !== formula.version)) return null;
  const scored = formula.score(outlooks.map(({ evidence }) => evidence), language);
  if (!scored) return null;
  // What the server said beyond the explanation stays: whether everything was looked up, and what is wrong there.
  const each = outlooks.map((one, index): Outlook | null => {
    const own = scored.list[index];
    return own ? Object.assign({}, one, own) : null;
  });
  if (!each.every((one) => one !== null)) return null;
  return { whole: scored.message, each: worstFirst(each), complete: each.every(settled), notFound: known.filter(({ outlook }) => !outlook).map(({ recipient }) => recipient) };
}
