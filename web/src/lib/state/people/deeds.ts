// What a person does to contacts: each is said, and what takes something away can be undone.

import { t } from '$lib/i18n/index.svelte';
import { MethodError, Refused } from '$lib/jmap/client';
import { merge, split } from '$lib/jmap/cards';
import type { CardField, Contact } from '$lib/jmap/types';
import { contacts } from '../contacts.svelte';
import { explain } from '../explain';
import { notices } from '../notices.svelte';
import { session } from '../session.svelte';

/** What a form says of somebody. */
export interface Words {
  name: string | null;
  note: string | null;
  handles: string[];
  fields: CardField[];
}

/** Why the server refused, in words; and the contact that stands in the way, if one does. */
export function refusal(cause: unknown): { text: string; otherId: string | null } {
  if (!(cause instanceof Refused)) return { text: explain(cause), otherId: null };
  const { type, properties, description } = cause.error;
  if (type === 'handleTaken') return { text: t('people_taken'), otherId: description?.split(':')[0] ?? null };
  if (type === 'handleOwn') return { text: t('people_own'), otherId: null };
  if (type === 'overQuota') return { text: t('people_too_many'), otherId: null };
  if (properties?.includes('handles')) return { text: t('people_bad_address'), otherId: null };
  if (properties?.includes('fields')) return { text: t('people_bad_birthday'), otherId: null };
  return { text: t('people_empty_card'), otherId: null };
}

/** Makes somebody; gives the id. */
export async function create(words: Words): Promise<string> {
  const answer = await session.client?.set('Contact', { create: { new: words } });
  const id = String(answer?.created?.['new']?.['id'] ?? '');
  await contacts.fetch(id);
  notices.show(t('people_made', { name: contacts.byId.get(id)?.displayName ?? '' }));
  return id;
}

/** Saves a card whole. */
export async function save(id: string, words: Words): Promise<void> {
  await session.client?.update('Contact', { [id]: { ...words } });
  await contacts.fetch(id);
  contacts.renamed(id);
  notices.show(t('saved'));
}

export async function remove(contact: Contact): Promise<boolean> {
  return attempt(async () => {
    await session.client?.destroy('Contact', [contact.id]);
    contacts.byId.delete(contact.id);
    notices.show(t('people_deleted', { name: contact.displayName }), { label: t('undo'), run: () => void restore(contact) });
  });
}

function restore(contact: Contact): Promise<boolean> {
  return attempt(async () => {
    await session.client?.set('Contact', { create: { back: { restores: contact.id } } });
    await contacts.fetch(contact.id);
  });
}

export async function block(contact: Contact, blocked: boolean): Promise<void> {
  await attempt(async () => {
    await session.client?.update('Contact', { [contact.id]: { blocked } });
    await contacts.fetch(contact.id);
    const back = { label: t('undo'), run: () => void block(contact, !blocked) };
    notices.show(t(blocked ? 'blocked_toast' : 'unblocked_toast', { name: contact.displayName }), back);
  });
}

/** Says that an address is really this person's. */
export async function confirm(contact: Contact, handle: string): Promise<void> {
  await attempt(async () => {
    await session.client?.update('Contact', { [contact.id]: { ways: [{ handle, confirmed: true }] } });
    await contacts.fetch(contact.id);
    notices.show(t('people_confirmed_toast', { name: contact.displayName }));
  });
}

/** Puts another contact into this one. */
export async function join(contact: Contact, other: Contact): Promise<boolean> {
  return attempt(async () => {
    if (!session.client) return;
    await merge(session.client, contact.id, other.id);
    contacts.byId.delete(other.id);
    await contacts.fetch(contact.id);
    contacts.renamed(contact.id);
    notices.show(t('people_merged', { name: contacts.byId.get(contact.id)?.displayName ?? '' }), { label: t('undo'), run: () => void part(contact.id, other.id) });
  });
}

/** Takes a contact that was put into this one out again. */
export async function part(id: string, linkedId: string): Promise<boolean> {
  return attempt(async () => {
    if (!session.client) return;
    await split(session.client, id, linkedId);
    await Promise.all([contacts.fetch(id), contacts.fetch(linkedId)]);
    const other = contacts.byId.get(linkedId);
    notices.show(t('people_parted', { name: other?.displayName ?? '' }), other ? { label: t('undo'), run: () => void again(id, other) } : null);
  });
}

async function again(id: string, other: Contact): Promise<void> {
  const contact = contacts.byId.get(id);
  if (contact) await join(contact, other);
}

/** Says why it did not work, and offers it again where that may help. */
async function attempt(deed: () => Promise<void>): Promise<boolean> {
  try {
    await deed();
    return true;
  } catch (cause) {
    if (session.noticeEnd(cause)) return false;
    const hopeless = cause instanceof MethodError;
    notices.error(refusal(cause).text, hopeless ? null : { label: t('retry'), run: () => void attempt(deed) });
    return false;
  }
}
