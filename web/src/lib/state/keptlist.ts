// The beginning of a list, as it is kept in this browser.

import type { Conversation } from '$lib/jmap/types';
import { local } from '$lib/local/local';
import { conversations } from './conversations.svelte';
import type { Filter } from './filter';

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
    local.keep('list', keyOf(filter), { filter, rows: rowsOf(order), total, counted, state: conversations.state } satisfies KeptList);
  }, SETTLE_MS);
}
