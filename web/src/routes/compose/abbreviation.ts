// `;name` in the text, and the template that it stands for.

/** What stands before the caret and begins with a semicolon, at the start of a line or behind a space. */
const TOKEN = /(?:^|\s);([\p{L}\p{N}_-]{1,40})$/u;

/** The letters behind the semicolon; null when the caret is not behind such a word. */
export function abbreviation(text: string, caret: number): string | null {
  const line = text.slice(text.lastIndexOf('\n', caret - 1) + 1, caret);
  return TOKEN.exec(line)?.[1] ?? null;
}

/** Puts words where the caret is, in place of as many characters before it; the browser's own undo takes them back. */
export function insertText(field: HTMLTextAreaElement, words: string, instead: number): void {
  field.focus({ preventScroll: true });
  const caret = field.selectionEnd;
  if (instead) field.setSelectionRange(caret - instead, caret);
  if (document.execCommand('insertText', false, words)) return;
  field.setRangeText(words, field.selectionStart, field.selectionEnd, 'end');
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
}
