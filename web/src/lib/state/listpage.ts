// One page of a list of conversations, as the server is asked for it.

import { MethodError, resultOf, type Client, type GetAnswer, type QueryAnswer } from '$lib/jmap/client';
import type { Conversation } from '$lib/jmap/types';
import { PAGE_ROWS, queryOf, type Filter } from './filter';

/** The page that begins with row `start`: after the row before it when that is known, else by counting. */
export async function askPage(client: Client, filter: Filter, start: number, anchor: string | undefined, calculateTotal: boolean): Promise<{ query: QueryAnswer; get: GetAnswer<Conversation> }> {
  const from = anchor ? { anchor, anchorOffset: 1 } : { position: start };
  const answers = await client.call([
    ['Conversation/query', { ...queryOf(filter), limit: PAGE_ROWS, calculateTotal, ...from }, 'q'],
    ['Conversation/get', { '#ids': resultOf('q', 'Conversation/query', '/ids') }, 'g'],
  ]);
  try {
    return { query: answers.read<QueryAnswer>('q'), get: answers.read<GetAnswer<Conversation>>('g') };
  } catch (cause) {
    // The anchor left the list meanwhile: count this once.
    if (anchor && cause instanceof MethodError && cause.type === 'anchorNotFound') return askPage(client, filter, start, undefined, calculateTotal);
    throw cause;
  }
}

/** The first page, and those of which a row is in sight. */
export function pagesOf({ from, to }: { from: number; to: number }): Set<number> {
  const pages = new Set([0]);
  for (let page = Math.floor(from / PAGE_ROWS); page <= Math.floor(to / PAGE_ROWS); page++) pages.add(page);
  return pages;
}
