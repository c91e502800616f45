// Paragraphs that a program broke at some 72 columns become paragraphs again, for display only: what was sent stays
// as it is. A break is undone when the next word would not have fitted and nothing says that the author meant it;
// whatever looks like a list, a table, code, a drawing, an address or a signature is left alone. Pure. What says of
// itself that it flows (RFC 3676) was joined by the server.

/** No program breaks lines shorter or longer than this on its own. */
const COLUMNS_LEAST = 55;
const COLUMNS_MOST = 90;
/** A line with fewer words is a name, a number or an address, not prose. */
const WORDS_LEAST = 4;
/** So few words after a finished sentence are a name under a letter. */
const NAME_WORDS_MOST = 3;

const APART = /^(?:[\s>|#$%]|[-*+•·–—‣◦]\s|\(?(?:\d{1,3}|\p{L})[.)]\s|(?:https?:\/\/|www\.)\S+$|[\p{L}][\p{L} -]{0,24}:(?:\s|$))/u;
/** Columns, rules, frames, and what programs are written in. */
const FIXED = /\t|\S {3,}\S|[|\\{}]|<\/|[=_*#+-]{4,}|\.{5,}|[─-▟]|[)\]];$|\s=\s.*;$|=>|\(\)|\/\/\s|^\S{50,}$/u;
const SENTENCE_END = /[.!?…:。！？؟۔]["'”’»)\]]*$/u;
const NO_SPACES = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const SIGNATURE = /^-- ?$/;

/** The same words in the same order; only line breaks inside paragraphs of prose become spaces. */
export function reflow(text: string): string {
  const lines = text.split('\n');
  const end = lines.findIndex((line) => SIGNATURE.test(line));
  const body = paragraphs(lines.slice(0, end < 0 ? lines.length : end));
  const columns = largest(body.map(columnsOf));
  return [...body.flatMap((paragraph) => join(paragraph, columns)), ...(end < 0 ? [] : lines.slice(end))].join('\n');
}

/** Runs of lines between empty ones, each empty line by itself. */
function paragraphs(lines: string[]): string[][] {
  const found: string[][] = [];
  let open: string[] | null = null;
  for (const line of lines) {
    const blank = line.trim() === '';
    if (open && !blank) open.push(line);
    else found.push([line]);
    open = blank ? null : (found.at(-1) ?? null);
  }
  return found;
}

/** How wide a paragraph was written, when one of its breaks falls in the middle of a sentence; else 0. */
function columnsOf(paragraph: string[]): number {
  if (isFixed(paragraph)) return 0;
  const width = widest(paragraph);
  const broken = paragraph.slice(0, -1).filter((line, index) => isBroken(line, paragraph[index + 1] ?? '', width, 0));
  return largest(broken.map(length));
}

function join(paragraph: string[], columns: number): string[] {
  if (isFixed(paragraph)) return paragraph;
  const width = widest(paragraph);
  const joined: string[] = [];
  paragraph.forEach((line, index) => {
    const before = paragraph[index - 1];
    if (before !== undefined && isBroken(before, line, width, columns)) joined.push(`${joined.pop()?.trimEnd() ?? ''} ${line}`);
    else joined.push(line);
  });
  return joined;
}

/**
 * Whether a program broke the line between these two. `width` is the longest line of their paragraph; `columns` how
 * wide such breaks are elsewhere in the text, 0 where none is known: then only a sentence that goes on is proof.
 */
function isBroken(line: string, next: string, width: number, columns: number): boolean {
  const written = line.trimEnd();
  if (APART.test(line) || APART.test(next) || wordsOf(written) < WORDS_LEAST) return false;
  if (NO_SPACES.test(written.slice(-1)) || NO_SPACES.test(next.slice(0, 1)) || /[:-]$/.test(written)) return false;
  const needed = length(written) + 1 + length(next.split(/\s/, 1)[0] ?? '');
  if (length(written) > COLUMNS_MOST || width < COLUMNS_LEAST || needed <= width) return false;
  const goesOn = !SENTENCE_END.test(written) && !/^["'“‘«([]*\p{Lu}/u.test(next);
  if (goesOn) return true;
  const isName = wordsOf(next) <= NAME_WORDS_MOST && !SENTENCE_END.test(next.trimEnd());
  return columns > 0 && needed > columns && !isName;
}

/** The beginning of a line says enough, and bounds what looking for it costs. */
const isFixed = (paragraph: string[]): boolean =>
  paragraph.some((line) => FIXED.test(line.slice(0, 4 * COLUMNS_MOST).replace(/https?:\/\/\S+/g, '')));

/** A longer line was never broken: it says nothing of where others are. */
const widest = (paragraph: string[]): number => largest(paragraph.map(length).filter((columns) => columns <= COLUMNS_MOST));

const length = (line: string): number => [...line.trimEnd()].length;
const largest = (numbers: number[]): number => numbers.reduce((most, one) => Math.max(most, one), 0);
const wordsOf = (line: string): number => line.split(/\s+/).filter(Boolean).length;
