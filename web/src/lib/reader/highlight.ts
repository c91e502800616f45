// Where the words of a search stand in a text that is shown. Words are compared as the index compares them: without
// case and accents. What a search excludes, and what its operators ask of rows, is not marked.

export interface Sought {
  words: string[];
  isPrefix: boolean;
}

const WORDS = /[\p{L}\p{N}\p{M}]+/gu;
const FIELDS = new Set(['from', 'to', 'cc', 'bcc', 'subject', 'file', 'filename']);
const ITEMS = /(-?)(?:([a-z]+):(?!\/\/))?(?:"([^"]*)"?|([^\s()]+))/giu;
/** Letters that Unicode does not take apart (crates/search). */
const PLAIN: Record<string, string> = { ß: 'ss', œ: 'oe', æ: 'ae', þ: 'th', ø: 'o', ł: 'l', đ: 'd', ð: 'd', ħ: 'h', ı: 'i', ς: 'σ' };
const MARKS_MOST = 500;

const fold = (word: string): string =>
  word.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/[ßœæþøłđðħıς]/gu, (letter) => PLAIN[letter] ?? letter);

/** What a search asks to be there. */
export function soughtBy(query: string): Sought[] {
  const sought: Sought[] = [];
  for (const [, excluded, operator, quoted, bare = ''] of query.matchAll(ITEMS)) {
    if (excluded || (operator && !FIELDS.has(operator.toLowerCase())) || (bare === 'OR' && !operator)) continue;
    const words = [...(quoted ?? bare).matchAll(WORDS)].map(([word]) => fold(word)).filter(Boolean);
    const isPrefix = quoted === undefined && (bare.endsWith('*') || query.endsWith(bare)) && (words.at(-1)?.length ?? 0) > 1;
    if (words.length) sought.push({ words, isPrefix });
  }
  return sought;
}

/** The text by turns: not marked, marked, not marked… */
export function highlight(text: string, sought: readonly Sought[]): string[] {
  if (!sought.length) return [text];
  const there = [...text.matchAll(WORDS)].map((match) => ({ term: fold(match[0]), start: match.index, end: match.index + match[0].length }));
  const parts: string[] = [];
  let done = 0;
  for (let at = 0; at < there.length && parts.length < 2 * MARKS_MOST; at++) {
    const length = Math.max(0, ...sought.map((one) => (stands(there, at, one) ? one.words.length : 0)));
    const [first, last] = [there[at], there[at + length - 1]];
    if (!length || !first || !last) continue;
    parts.push(text.slice(done, first.start), text.slice(first.start, last.end));
    done = last.end;
    at += length - 1;
  }
  return [...parts, text.slice(done)];
}

function stands(there: readonly { term: string }[], at: number, { words, isPrefix }: Sought): boolean {
  return words.every((word, index) => {
    const term = there[at + index]?.term;
    return term === word || (isPrefix && index === words.length - 1 && term?.startsWith(word) === true);
  });
}

/** Marks words in a tree that is safe already: text nodes are cut, nothing is parsed. */
export function highlightTree(root: Element, sought: readonly Sought[]): void {
  if (!sought.length) return;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const nodes: Text[] = [];
  while (walker.nextNode()) nodes.push(walker.currentNode as Text);
  let marks = 0;
  for (const node of nodes) {
    if (marks > MARKS_MOST) return;
    const parts = highlight(node.data, sought);
    if (parts.length < 2) continue;
    marks += parts.length;
    node.replaceWith(...parts.map((part, index) => (index % 2 ? marked(part) : document.createTextNode(part))));
  }
}

function marked(text: string): HTMLElement {
  const mark = document.createElement('mark');
  mark.textContent = text;
  return mark;
}
