// What of contacts is beyond the common methods: files of cards, and putting two people together.

import type { Client } from './client';

export type SkipReason = 'tooLarge' | 'empty' | 'own' | 'overQuota';

export interface ImportReport {
  made: number;
  updated: number;
  unchanged: number;
  skipped: number;
  skippedCards: { number: number; name: string | null; why: SkipReason }[];
  leftOut: number;
  isCut: boolean;
}

/** Takes in the cards of an uploaded file. */
export async function importCards(client: Client, blobId: string): Promise<ImportReport> {
  return (await client.call([['Contact/import', { blobId }, 'i']])).read<ImportReport>('i');
}

/** Puts one contact into another. */
export async function merge(client: Client, id: string, other: string): Promise<void> {
  (await client.call([['Contact/merge', { id, otherId: other }, 'm']])).read('m');
}

/** Takes a contact that was put into another out again. */
export async function split(client: Client, id: string, linked: string): Promise<void> {
  (await client.call([['Contact/split', { id, otherId: linked }, 's']])).read('s');
}

/** Where all contacts are as one file. */
export function cardsUrl(client: Client, version: 3 | 4, of: 'known' | 'everybody'): string {
  return `/jmap/contacts/${encodeURIComponent(client.accountId)}/contacts.vcf?version=${version}&of=${of}`;
}
