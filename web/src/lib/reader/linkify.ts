// Links in plain text. Gives pieces, never HTML: each piece becomes a text node, so nothing has to be escaped
// and nothing can be forgotten.

import { inspect, type Link } from './links';

export type Piece = { text: string; link: Link | null };

// Each alternative is linear: no quantifier stands inside another over the same characters.
const CANDIDATE = /\b(?:https?:\/\/|www\.)[^\s<>"'`]+|\b[\w.+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,6}/giu;
const LINKS_MOST = 500;

export function linkify(text: string): Piece[] {
  const pieces: Piece[] = [];
  let done = 0;
  let found = 0;
  for (const match of text.matchAll(CANDIDATE)) {
    if (++found > LINKS_MOST) break;
    const shown = trimEnd(match[0]);
    const link = inspect(targetOf(shown));
    if (!link) continue;
    if (match.index > done) pieces.push({ text: text.slice(done, match.index), link: null });
    pieces.push({ text: shown, link });
    done = match.index + shown.length;
  }
  if (done < text.length) pieces.push({ text: text.slice(done), link: null });
  return pieces;
}

function targetOf(shown: string): string {
  if (/^https?:/i.test(shown)) return shown;
  return /^www\./i.test(shown) ? `https://${shown}` : `mailto:${shown}`;
}

/** Leaves the punctuation of the sentence, and a bracket that was opened before the link, outside. */
function trimEnd(shown: string): string {
  let end = shown.length;
  const count = (char: string) => shown.slice(0, end).split(char).length - 1;
  for (; end > 0; end--) {
    const last = shown[end - 1] ?? '';
    if ('.,;:!?*_'.includes(last)) continue;
    if (last === ')' && count(')') > count('(')) continue;
    if (last === ']' && count(']') > count('[')) continue;
    break;
  }
  return shown.slice(0, end);
}
