// Which list: a place, or a label. Pure.

import type { Conversation, Place } from '$lib/jmap/types';

export type Where = Place | `label:${string}`;

export const PLACES: readonly Place[] = ['inbox', 'archive', 'bin', 'snoozed', 'new-senders', 'spam'];

/** What is on its way out: no label lists it. */
const PASSING: ReadonlySet<Place> = new Set<Place>(['bin', 'spam']);

/** The picture of each place. */
export const PLACE_ICONS = { inbox: 'inbox', archive: 'archive', bin: 'bin', snoozed: 'clock', 'new-senders': 'person', spam: 'spam' } as const satisfies Record<Place, string>;

export const labelOf = (where: Where): string | null => (where.startsWith('label:') ? where.slice('label:'.length) : null);

export const placeOf = (where: Where): Place | null => (labelOf(where) === null ? (where as Place) : null);

/** What the server is asked for. */
export const filterOf = (where: Where): Record<string, unknown> => {
  const label = labelOf(where);
  return label === null ? { place: where } : { label };
};

/** Whether a conversation stands in this list. */
export function stands(conversation: Conversation, where: Where): boolean {
  const label = labelOf(where);
  return label === null ? conversation.place === where : conversation.labels[label] === true && !PASSING.has(conversation.place);
}

/** What is muted is unread nowhere. */
export const isUnread = (conversation: Conversation): boolean => conversation.unreadCount > 0 && !conversation.muted;
