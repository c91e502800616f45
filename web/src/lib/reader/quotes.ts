// Plain text cut into what was written and what was quoted.

export interface Block {
  quoted: boolean;
  text: string;
  lines: number;
}

/** Ranges are lines from 0, end excluded, in order (docs/api). Blank lines around a block are dropped. */
export function blocks(text: string, quotedLines: readonly (readonly [number, number])[]): Block[] {
  const lines = text.split('\n');
  const found: Block[] = [];
  const push = (quoted: boolean, from: number, to: number) => {
    const part = lines.slice(from, to).join('\n').replace(/^(?:[ \t]*\n)+|\s+$/g, '');
    if (part) found.push({ quoted, text: part, lines: part.split('\n').length });
  };
  let done = 0;
  for (const [from, to] of quotedLines) {
    if (from < done || to <= from) continue;
    push(false, done, from);
    push(true, from, to);
    done = to;
  }
  push(false, done, lines.length);
  return found;
}

/** A quotation without the marks of its first level, which the bar beside it says; those inside keep theirs. */
export const unmarked = (text: string): string => text.replace(/^> ?/gm, '');
