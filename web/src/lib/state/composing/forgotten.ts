// Whether a text speaks of a file that is not there. Word lists of three languages, looked for in all of them: people
// write in another language than the one that they read menus in. Pure.

const WORDS = [
  // English
  'attached', 'attachment', 'attachments', 'attaching', 'enclosed', 'i attach',
  // French
  'ci-joint', 'ci-jointe', 'ci-joints', 'ci-jointes', 'pièce jointe', 'pièces jointes', 'en pj', 'je joins', 'je vous joins', 'je te joins', 'en annexe',
  // Italian
  'allegato', 'allegati', 'allegata', 'allegate', 'in allegato', 'allego', 'ti allego', 'vi allego',
];
const PATTERN = new RegExp(`(?<![\\p{L}\\p{N}])(?:${WORDS.map((word) => word.replace(/[ -]/gu, '[ \\-\\u00a0]')).join('|')})(?![\\p{L}\\p{N}])`, 'iu');

/** The word that speaks of a file, or null. Quotations do not count: they speak of somebody else's. */
export function speaksOfFile(text: string): string | null {
  const own = text.split('\n').filter((line) => !line.startsWith('>')).join('\n');
  return PATTERN.exec(own.normalize('NFC'))?.[0] ?? null;
}
