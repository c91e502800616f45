// Outlook of docs/api: what the index of a message would be, before it is sent.

import type { Fact } from '$lib/formula/doors';
import type { Client } from './client';
import type { Cause } from './sending';
import type { Explanation, Locale } from './types';

/** How many recipients one call may ask for. */
export const RECIPIENTS_MOST = 50;

/** Why a message would not leave, or not arrive. */
export interface Trouble {
  cause: Cause;
  host: string | null;
  status: string;
}

/** One message to one recipient. */
export interface Outlook extends Explanation {
  recipient: string;
  /** What it rests on. */
  evidence: Fact[];
  /** False when something could not be looked up in time; asking again goes on. */
  complete: boolean;
  trouble: Trouble | null;
  /** What proved who answers when a message went there last, and would not now. */
  lost: { by: 'dane' | 'mta-sts' | 'configured'; at: string } | null;
}

export interface OutlookAnswer {
  /** One message to all of them. */
  message: Explanation;
  list: Outlook[];
  /** What is no address. */
  notFound: string[];
}

export const askOutlook = async (client: Client, recipients: string[], language: Locale): Promise<OutlookAnswer> =>
  (await client.call([['Outlook/get', { recipients, language }, 'o']])).read<OutlookAnswer>('o');
