// Why a contact has an index, as the server explains it, and looking at the ways to somebody once.

import { askOutlook } from '$lib/jmap/outlooks';
import { ApiError } from '$lib/jmap/http';
import type { HistoryDay } from '$lib/jmap/mine';
import type { Contact, Explanation, Locale, Privacy } from '$lib/jmap/types';
import { locale } from '$lib/i18n/index.svelte';
import { contacts } from '../contacts.svelte';
import { session } from '../session.svelte';

/** The report of a contact (docs/api, PrivacyReport). */
export interface ContactReport extends Omit<Explanation, 'privacy' | 'levelWord'> {
  /** Null while nobody looked. */
  privacy: Privacy | null;
  levelWord: string | null;
  assessedAt: string | null;
  /** The one that would be taken first. */
  ways: { handle: string; standing: string; reason: string; privacy: Privacy | null }[];
  history: HistoryDay[];
}

export async function reportOf(contactId: string, language: Locale): Promise<ContactReport> {
  if (!session.client) throw new ApiError('signed-out');
  const answer = await session.client.get<ContactReport>('PrivacyReport', [contactId], { language });
  const [report] = answer.list;
  if (!report) throw new ApiError('not-found');
  return report;
}

/** Has the server look at every address of somebody: what it finds is the contact's index from then on. */
export async function look(contact: Contact): Promise<void> {
  if (!session.client) throw new ApiError('signed-out');
  await askOutlook(session.client, contact.handles, locale());
  await contacts.fetch(contact.id);
}
