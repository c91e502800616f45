// What a person does to conversations: shown at once, sent at once, and taken back by undo.

import { t } from '$lib/i18n/index.svelte';
import type { Arguments } from '$lib/jmap/client';
import type { Conversation } from '$lib/jmap/types';
import { conversations } from './conversations.svelte';
import { mark, moveTo, type Departure } from './deeds/deeds';
import { work } from './deeds/perform.svelte';
import { explain } from './explain';
import { list } from './list.svelte';
import { notices } from './notices.svelte';
import { session } from './session.svelte';

/** Shows a change before the server has it; puts the old record back, and says why, when it is refused. */
async function change(id: string, shown: Partial<Conversation>, patch: Arguments): Promise<boolean> {
  const before = conversations.byId.get(id);
  if (!before || !session.client) return false;
  conversations.patch(id, shown);
  list.place([id], true);
  try {
    await session.client.update('Conversation', { [id]: patch });
    return true;
  } catch (cause) {
    conversations.put(before);
    list.place([id], true);
    if (!session.noticeEnd(cause)) {
      notices.error(explain(cause), { label: t('retry'), run: () => void change(id, shown, patch) });
    }
    return false;
  }
}

export async function move(id: string, to: Departure): Promise<void> {
  if (conversations.byId.get(id)?.place !== to) await work.perform(moveTo(to), { ids: [id] });
}

export async function markUnread(id: string, unread: boolean): Promise<void> {
  const before = conversations.byId.get(id);
  if (before && before.unreadCount > 0 !== unread) await work.perform(mark(unread), { ids: [id] });
}

/** Gives a conversation a name of the user's own; an empty one gives back the name that it has by itself. */
export async function rename(id: string, name: string): Promise<void> {
  const before = conversations.byId.get(id)?.title ?? null;
  const title = name.trim() || null;
  if (title === before) return;
  notices.show(t(title ? 'renamed' : 'name_forgotten'), { label: t('undo'), run: () => void change(id, { title: before }, { title: before }) });
  await change(id, { title }, { title });
}

/** Whether there is one person here that can be blocked. */
export const blockable = (conversation: Conversation): string | null =>
  conversation.kind !== 'list' && conversation.people.length === 1 ? (conversation.people[0]?.contactId ?? null) : null;

/** Blocks the person of a conversation and moves it to the bin; undo takes both back. */
export async function block(id: string): Promise<void> {
  const conversation = conversations.byId.get(id);
  const contactId = conversation && blockable(conversation);
  if (!conversation || !contactId || !session.client) return;
  const name = conversation.people[0]?.name ?? '';
  const { place, snoozedUntil } = conversation;
  const from = place === 'snoozed' ? { place, snoozedUntil } : { place };
  const back = () => setBlocked(contactId, false, () => change(id, from, from));
  await setBlocked(contactId, true, async () => {
    notices.show(t('blocked_toast', { name }), { label: t('undo'), run: () => void back() });
    await change(id, { place: 'bin' }, { place: 'bin' });
  });
}

/** What comes `after` it comes after a second try, too. */
async function setBlocked(contactId: string, blocked: boolean, after: () => Promise<unknown>): Promise<void> {
  try {
    await session.client?.update('Contact', { [contactId]: { blocked } });
  } catch (cause) {
    if (!session.noticeEnd(cause)) notices.error(explain(cause), { label: t('retry'), run: () => void setBlocked(contactId, blocked, after) });
    return;
  }
  await after();
}
