// Which message of a conversation its list is left by, and whether the list still writes to who left it.

import type { Kind, Message, MessageContent } from '$lib/jmap/types';
import { waysOut, type WaysOut } from '$lib/reader/unsubscribe';

/** A message, and the ways out that it names; none once they are unknown, and the list was left before. */
export interface Leavable {
  message: Message;
  ways: WaysOut | null;
}

/** How long a list may go on writing: what was under way arrives, and large senders need up to two days. */
const GRACE_MS = 2 * 24 * 60 * 60 * 1000;

/** The newest message that says how to leave, or whose list was left. Oldest first. */
export function leavable(kind: Kind, shown: Message[], contents: ReadonlyMap<string, MessageContent>): Leavable | null {
  if (kind !== 'list' && kind !== 'automated') return null;
  for (const message of shown.toReversed()) {
    const ways = waysOut(message, contents.get(message.id)?.headers ?? []);
    if (ways || (message.leftAt && !message.suspicious)) return { message, ways };
  }
  return null;
}

export function stillWrites({ receivedAt, leftAt }: Message): boolean {
  return Boolean(leftAt) && Date.parse(receivedAt) > Date.parse(leftAt ?? '') + GRACE_MS;
}
