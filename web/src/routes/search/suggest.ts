// How a search may go on: operators, and the people whom it may name.

import { address } from '$lib/i18n/format';
import { t, type Key } from '$lib/i18n/index.svelte';
import { suggest as people } from '$lib/state/composing/addresses';
import { contacts } from '$lib/state/contacts.svelte';

export interface Suggestion {
  /** The whole search with the suggestion in it. */
  text: string;
  shown: string;
  hint: string;
}

const SUGGESTIONS_MOST = 7;
const OPERATORS: [string, Key][] = [
  ['from:', 'search_op_from'], ['to:', 'search_op_to'], ['subject:', 'search_op_subject'], ['has:attachment', 'search_op_attachment'],
  ['is:unread', 'search_op_unread'], ['is:flagged', 'search_op_flagged'], ['is:sent', 'search_op_sent'], ['after:', 'search_op_after'],
  ['before:', 'search_op_before'], ['in:archive', 'search_op_in'], ['by:subject', 'search_op_by'], ['pi:<20', 'search_op_pi'],
];
/** Values of operators that take one of a few. */
const VALUES: Record<string, string[]> = {
  is: ['unread', 'read', 'flagged', 'sent', 'received'], in: ['inbox', 'archive', 'bin', 'snoozed', 'new-senders', 'spam'], has: ['attachment'], route: ['email'], by: ['subject'], pi: ['<20', '>=50'],
};

export async function suggest(text: string): Promise<Suggestion[]> {
  const cut = /\S*$/u.exec(text)?.index ?? text.length;
  const [before, last] = [text.slice(0, cut), text.slice(cut)];
  const sign = last.startsWith('-') ? '-' : '';
  const word = last.slice(sign.length);
  const [, name = '', value = ''] = /^(\w+):(.*)$/u.exec(word) ?? [];
  const whole = (end: string) => `${before}${sign}${end}`;
  const operator = name.toLowerCase();
  if (operator === 'from' || operator === 'to') return named(value, (handle) => whole(`${operator}:${handle} `));
  if (VALUES[operator]) return VALUES[operator].filter((one) => one.startsWith(value) && one !== value).map((one) => ({ text: `${whole(`${operator}:${one}`)} `, shown: `${operator}:${one}`, hint: hintOf(`${operator}:${one}`) }));
  if (name) return [];
  const operators = OPERATORS.filter(([one]) => one.startsWith(word.toLowerCase())).map(([one, key]) => ({ text: whole(one.endsWith(':') ? one : `${one} `), shown: one, hint: t(key as 'search_op_from') }));
  const persons = word.length > 1 ? await named(word, (handle) => whole(`from:${handle} `)) : [];
  return [...persons.slice(0, 4), ...operators].slice(0, SUGGESTIONS_MOST);
}

const hintOf = (shown: string) => {
  const known = OPERATORS.find(([one]) => one === shown);
  return known ? t(known[1] as 'search_op_from') : '';
};

async function named(typed: string, whole: (address: string) => string): Promise<Suggestion[]> {
  if (!typed) return [];
  await contacts.needAll();
  return people(contacts.byId.values(), typed, []).slice(0, SUGGESTIONS_MOST).map((one) => ({ text: whole(address(one.handle)), shown: one.name ?? address(one.handle), hint: address(one.handle) }));
}
