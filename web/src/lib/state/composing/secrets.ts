// Whether a text holds a secret that should not travel readable: an account number, a card, a password. Pure. What is
// found stays here: its kind is said, and nothing is remembered.

export type Secret = 'iban' | 'card' | 'password';

/** ISO 13616: a country, two digits that check the rest, and 11 to 30 letters and digits, often in groups of four. */
const IBAN = /(?<![\p{L}\p{N}])([A-Z]{2}\d{2}(?:[ \u00a0\u202f]?[A-Z0-9]){11,30})(?![\p{L}\p{N}])/gu;
/** ISO/IEC 7812: 13 to 19 digits, the last of which checks the others, in groups or not. */
const CARD = /(?<![\p{L}\p{N}-])(\d(?:[ \u00a0-]?\d){12,18})(?![\p{L}\p{N}-])/gu;
/** A word for it, and something that looks like one behind. */
const PASSWORD = /(?<![\p{L}\p{N}])(?:password|passwort|passphrase|pin code|mot de passe|mdp|code secret|parola d[’']ordine|codice segreto|codice pin)(?: (?:is|est|è))?[ \u00a0]?[:=]?[ \u00a0]?(?<said>\S{4,})/iu;

/** ISO 7064, MOD 97-10. */
function isIban(text: string): boolean {
  const compact = text.replace(/[ \u00a0\u202f]/gu, '');
  if (compact.length < 15 || compact.length > 34) return false;
  const digits = [...compact.slice(4), ...compact.slice(0, 4)].map((letter) => Number.parseInt(letter, 36)).join('');
  let rest = 0;
  for (const digit of digits) rest = (rest * 10 + Number(digit)) % 97;
  return rest === 1;
}

/** The check of Luhn, and a first digit that cards begin with. */
function isCard(text: string): boolean {
  const digits = [...text.replace(/[ \u00a0-]/gu, '')].map(Number);
  if (![2, 3, 4, 5, 6].includes(digits[0] ?? 0) || new Set(digits).size === 1) return false;
  const sum = digits.toReversed().reduce((total, digit, at) => total + (at % 2 ? (digit * 2) % 10 + Math.floor(digit / 5) : digit), 0);
  return sum % 10 === 0;
}

/** A password that is said, and not one that is spoken about: it holds a digit or a sign, or follows a colon. */
function saysPassword(text: string): boolean {
  const found = PASSWORD.exec(text);
  const said = found?.groups?.['said'] ?? '';
  return /[:=]/u.test(found?.[0].slice(0, -said.length) ?? '') || (/\d/u.test(said) && /\p{L}/u.test(said));
}

/** The longest IBAN may run into the word behind it, where that is in capitals. */
function anyIban(text: string): boolean {
  for (const [, found = ''] of text.matchAll(IBAN)) {
    for (let piece = found; piece.length >= 15; piece = piece.slice(0, -1)) if (isIban(piece)) return true;
  }
  return false;
}

/** What kind of secret a text says, or null. Quotations do not count: they came that way. */
export function secretIn(text: string): Secret | null {
  const own = text.split('\n').filter((line) => !line.startsWith('>')).join('\n');
  if (anyIban(own)) return 'iban';
  for (const [found] of own.matchAll(CARD)) if (isCard(found)) return 'card';
  return saysPassword(own) ? 'password' : null;
}
