// Messages grouped by the chain of replies that they belong to, in the order of time. Pure.

import type { Message } from '$lib/jmap/types';

export interface Segment {
  key: string;
  subject: string;
  /** What it is about is held back. */
  hidden: boolean;
  /** This chain stood further up already. */
  again: boolean;
  messages: Message[];
}

/** `Re: Fwd: Subject` → `Subject`: the chain's subject, not the message's. */
export function bareSubject(subject: string): string {
  const bare = subject.replace(/^(?:\s*(?:re|fwd?|tr|r|i|rif|aw|wg|sv)(?:\[\d+\])?\s*:\s*)+/i, '').trim();
  return bare || subject.trim();
}

export function segments(messages: readonly Message[]): Segment[] {
  const found: Segment[] = [];
  const seen = new Set<string>();
  let last = '';
  for (const message of messages) {
    const current = found.at(-1);
    if (current && message.segmentId === last) {
      if (current.hidden && !message.hidden) Object.assign(current, { subject: bareSubject(message.subject), hidden: false });
      current.messages.push(message);
      continue;
    }
    last = message.segmentId;
    found.push({ key: message.id, subject: bareSubject(message.subject), hidden: message.hidden === true, again: seen.has(last), messages: [message] });
    seen.add(last);
  }
  return found;
}
