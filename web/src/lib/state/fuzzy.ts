// How well words that were typed fit a text: beginnings of words first, then letters in their order. Pure.

import { folded } from './folding';

const WORD = 3;
const INSIDE = 1.5;
const SCATTERED = 0.5;
const START = 1;

/** Zero when it does not fit; the more the better. Every typed word must be found, whatever case and accents it has. */
export function fit(typed: string, text: string): number {
  const words = folded(typed).split(/\s+/u).filter(Boolean);
  const target = folded(text);
  let sum = words.length ? 0 : SCATTERED;
  for (const word of words) {
    const one = fitOne(word, target);
    if (!one) return 0;
    sum += one;
  }
  // Of two that fit as well, the shorter text is meant.
  return sum + 1 / (8 + target.length);
}

function fitOne(word: string, target: string): number {
  if (target.startsWith(word)) return WORD + START;
  const at = target.indexOf(word);
  if (at > 0) return target.split(/[\s\p{P}]+/u).some((one) => one.startsWith(word)) ? WORD : INSIDE;
  return word.length > 2 && inOrder(word, target) ? SCATTERED : 0;
}

/** The first letter begins a word, and the others follow somewhere behind it. */
function inOrder(word: string, target: string): boolean {
  const starts = [...target.matchAll(/(?<=^|[\s\p{P}])[^\s\p{P}]/gu)].filter((match) => match[0] === word[0]);
  return starts.some(({ index }) => {
    let from = index;
    for (const letter of word) {
      const found = target.indexOf(letter, from);
      if (found < 0) return false;
      from = found + 1;
    }
    return true;
  });
}
