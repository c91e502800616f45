// What a list of conversations is asked for, and what stands in it. Pure.

import type { Arguments } from '$lib/jmap/client';
import type { Conversation, Sort } from '$lib/jmap/types';
import { filterOf, isUnread, labelOf, stands, type Where } from './where';

/** Rows of a page of any list; the server's first answer holds as many. */
export const PAGE_ROWS = 50;

export interface Filter {
  place: Where;
  unreadOnly: boolean;
  sort: Sort;
}

/** The filter of a list, as the server is asked for it. */
export const conditionsOf = ({ place, unreadOnly }: Filter): Record<string, unknown> => (unreadOnly ? { ...filterOf(place), unread: true } : filterOf(place));

/** The order of a list: a label has one. */
export const sortOf = ({ place, sort }: Filter): Sort => (labelOf(place) === null ? sort : 'latestAt');

export const queryOf = (filter: Filter): Arguments => ({ filter: conditionsOf(filter), sort: [{ property: sortOf(filter), isAscending: false }] });

/** Whether a conversation stands in the list now. */
export const belongs = (filter: Filter, conversation: Conversation): boolean => stands(conversation, filter.place) && (!filter.unreadOnly || isUnread(conversation));

/** Read in a list that knows of it: it stays in sight until the list is shown again. */
export function lingers(filter: Filter, conversation: Conversation | undefined): boolean {
  if (!conversation || !stands(conversation, filter.place)) return false;
  return !belongs(filter, conversation) || (sortOf(filter) === 'unread' && !isUnread(conversation));
}
