// Where a conversation stands in a sorted, partly known list. Pure.

import type { Conversation, Sort } from '$lib/jmap/types';
import { isUnread, type Where } from './where';

/** Whether `one` stands above `other`, as docs/api orders them; null when `other` is not known. */
export function goesBefore(one: Conversation, other: Conversation | undefined, sort: Sort, where: Where): boolean | null {
  if (!other) return null;
  if (sort === 'unread' && isUnread(one) !== isUnread(other)) return isUnread(one);
  if (where === 'inbox' && one.pinned !== other.pinned) return one.pinned;
  if (sort === 'importance' && one.importance !== other.importance) return one.importance > other.importance;
  const [mine, its] = where === 'snoozed' ? [other.snoozedUntil ?? '', one.snoozedUntil ?? ''] : [one.listedAt, other.listedAt];
  if (mine !== its) return mine > its;
  return one.id < other.id;
}

/**
 * The first row that the newcomer stands above, or the end. Null when an unknown row comes first: then only
 * the server knows.
 */
export function insertAt(
  order: readonly (string | undefined)[],
  above: (id: string | undefined) => boolean | null,
): number | null {
  for (let row = 0; row < order.length; row++) {
    const verdict = above(order[row]);
    if (verdict === null) return null;
    if (verdict) return row;
  }
  return order.length;
}
