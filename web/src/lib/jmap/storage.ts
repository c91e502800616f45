// Room for mail, as docs/api has it.

import type { Client } from './client';

/** The storage of the account, in bytes. */
export interface Quota {
  used: number;
  /** Null where there is no limit. */
  hardLimit: number | null;
  warnLimit: number | null;
  /** What steps for privacy brought of it. */
  earned: number;
}

/** A place whose conversations leave for good after a while. */
export type Passing = 'bin' | 'spam';

/** How many conversations are in each. */
export async function countPassing(client: Client): Promise<Record<Passing, number>> {
  const ask = (place: Passing) => ['Conversation/query', { filter: { place }, limit: 1, calculateTotal: true }, place] as [string, Record<string, unknown>, string];
  const answers = await client.call([ask('bin'), ask('spam')]);
  const total = (place: Passing) => answers.read<{ total?: number }>(place).total ?? 0;
  return { bin: total('bin'), spam: total('spam') };
}

/** Removes some of it for good. */
export async function emptySome(client: Client, place: Passing): Promise<{ removed: number; finished: boolean }> {
  return (await client.call([['Conversation/empty', { place }, 'e']])).read('e');
}
