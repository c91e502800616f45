// Where a conversation stands in a sorted, partly known list. Pure.

import type { Conversation, Sort } from '$lib/jmap/types';

/** Whether `one` stands above `other`; null when `other` is not known. */
export function goesBefore(one: Conversation, other: Conversation | undefined, sort: Sort): boolean | null {
  if (!other) return null;
  if (sort === 'importance' && one.importance !== other.importance) return one.importance > other.importance;
  if (one.latestAt !== other.latestAt) return one.latestAt > other.latestAt;
  return one.id > other.id;
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
