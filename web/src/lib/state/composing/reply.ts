// What an answer begins with: its audience, its subject, the words that it quotes. Pure.

import type { Address } from '$lib/jmap/sending';
import type { Message, Person } from '$lib/jmap/types';
import type { Way } from '../answering.svelte';

export interface Audience {
  to: Address[];
  cc: Address[];
}

/** The user's own name for somebody stays here: only the address travels, and the name that was typed or came with it. */
const bare = (person: Person): Address => ({ name: null, handle: person.handle });

function distinct(people: Person[], besides: Person[] = []): Address[] {
  const seen = new Set(besides.map((person) => person.handle));
  return people.filter((person) => !person.isMe && !seen.has(person.handle) && seen.add(person.handle)).map(bare);
}

/** Who hears an answer. A Reply-To that leads away from the author is not followed: that takes a click on it. */
export function audienceOf(message: Message, way: Way): Audience {
  if (way === 'forward') return { to: [], cc: [] };
  if (message.direction === 'sent') {
    const to = distinct(message.to);
    return { to, cc: way === 'reply-all' ? distinct(message.cc, message.to) : [] };
  }
  const elsewhere = message.warnings.includes('replyGoesElsewhere');
  const authors = message.replyTo.length && !elsewhere ? message.replyTo : message.from;
  if (way === 'reply') return { to: distinct(authors), cc: [] };
  const first = [...authors, ...message.to];
  return { to: distinct(first), cc: distinct(message.cc, first) };
}

const REPLIED = /^\s*(?:re|aw|sv|r|rif|odp)\s*:/i;
const FORWARDED = /^\s*(?:fwd?|tr|wg|i|inoltro)\s*:/i;

/** `Re: ` and `Fwd: ` stand once, and are said the same in every language (RFC 5322 §3.6.5). */
export function subjectOf(subject: string, way: Way): string {
  if (way === 'forward') return FORWARDED.test(subject) ? subject : `Fwd: ${subject}`;
  return REPLIED.test(subject) ? subject : `Re: ${subject}`;
}

/** A text as a quotation: trailing space and an end that only quotes the signature are not worth repeating. */
export function quote(text: string): string {
  const lines = text.trimEnd().split('\n');
  const signature = lines.findLastIndex((line) => line === '-- ' || line === '--');
  const kept = signature > 0 ? lines.slice(0, signature) : lines;
  return kept.map((line) => (line.startsWith('>') ? `>${line}` : `> ${line}`.trimEnd())).join('\n');
}

/** The author's name as it came; the address says who it is. */
export const written = (people: Person[], headers: [string, string][], field: string): string =>
  headers.find(([name]) => name.toLowerCase() === field)?.[1].trim() || people.map((person) => person.handle.slice(person.handle.indexOf(':') + 1)).join(', ');
