// The beginning of a list: as it is kept in this browser, or as the server's first answer says it.

import type { Answers, GetAnswer, QueryAnswer } from '$lib/jmap/client';
import type { Conversation } from '$lib/jmap/types';
import { local } from '$lib/local/local';
import { conversations } from './conversations.svelte';
import { PAGE_ROWS, type Filter } from './filter';
import { held, veilConversation } from './held.svelte';

const ROWS_MOST = 500;
const SETTLE_MS = 1_000;

export interface KeptList {
  filter: Filter;
  rows: Conversation[];
  total: number;
  counted: boolean;
  /** What `/changes` continues from. */
  state: string | null;
}

const keyOf = ({ place, unreadOnly, sort }: Filter): string => JSON.stringify([place, unreadOnly, sort]);

export const recallList = (filter: Filter): Promise<KeptList | null> => local.recall<KeptList>('list', keyOf(filter));

/** What the first answer says; null when it says that there is none: then the list asks by itself. */
function firstOf(inbox: Answers): (QueryAnswer & GetAnswer<Conversation>) | null {
  try {
    return { ...inbox.read<QueryAnswer>('q'), ...inbox.read<GetAnswer<Conversation>>('g') };
  } catch {
    return null;
  }
}

/** The list of the first answer, when it is the one that is wanted: the inbox, newest first. */
export function firstPage(filter: Filter, inbox: Answers): KeptList | null {
  if (filter.place !== 'inbox' || filter.unreadOnly || filter.sort !== 'latestAt') return null;
  const read = firstOf(inbox);
  if (!read) return null;
  const { ids, total, list, state } = read;
  const byId = new Map(list.map((conversation) => [conversation.id, conversation]));
  const rows = ids.flatMap((id) => byId.get(id) ?? []);
  // With a row less than asked for, the list changed between the two calls.
  if (rows.length < ids.length) return null;
  // A list too long to be counted goes on for a page at least.
  return { filter, rows, total: total ?? ids.length + PAGE_ROWS, counted: total !== undefined, state };
}

/** The rows that are known without a gap, from the first. */
function rowsOf(order: readonly (string | undefined)[]): Conversation[] {
  const rows: Conversation[] = [];
  for (const id of order.slice(0, ROWS_MOST)) {
    const conversation = id ? conversations.byId.get(id) : undefined;
    if (!conversation) break;
    rows.push(conversation);
  }
  return rows;
}

let timer: ReturnType<typeof setTimeout> | undefined;

/** Keeps a list, soon: it changes several times in a moment. */
export function keepList(now: () => { filter: Filter; order: readonly (string | undefined)[]; total: number | null; counted: boolean }): void {
  timer ??= setTimeout(() => {
    timer = undefined;
    const { filter, order, total, counted } = now();
    if (total === null) return;
    local.keep('list', keyOf(filter), { filter, rows: rowsOf(order).map((one) => held.kept(one, veilConversation)), total, counted, state: conversations.state } satisfies KeptList);
  }, SETTLE_MS);
}
