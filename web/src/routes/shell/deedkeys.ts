// The keys of what one does with conversations: with those that are selected, else the open one, else the cursor's.

import type { Target } from '$lib/jmap/deeds';
import type { Conversation } from '$lib/jmap/types';
import { block } from '$lib/state/actions';
import { conversations } from '$lib/state/conversations.svelte';
import { asking } from '$lib/state/deeds/asking.svelte';
import { mark, moveTo, mute, pin, type Deed } from '$lib/state/deeds/deeds';
import { work } from '$lib/state/deeds/perform.svelte';
import { selection } from '$lib/state/deeds/selection.svelte';
import { router } from '$lib/state/router.svelte';
import { rows } from '$lib/state/rows.svelte';
import { screener, type Verdict } from '$lib/state/screener.svelte';
import type { Command } from './commands';
import { focusRow } from './focus';

export const DEEDS: Command[] = [
  { keys: 'e', label: 'key_archive', group: 'reading', icon: 'archive', offered: 'open', run: () => inScreener('accept') || withTarget((target, first) => depart(moveTo(first?.place === 'inbox' ? 'archive' : 'inbox'), target)) },
  { keys: '#', label: 'key_bin', group: 'reading', icon: 'bin', offered: 'open', run: () => inScreener('refuse') || withTarget((target) => depart(moveTo('bin'), target)) },
  { keys: '!', label: 'key_spam', group: 'reading', icon: 'spam', offered: 'open', run: () => withTarget((target, first) => depart(moveTo(first?.place === 'spam' ? 'inbox' : 'spam'), target)) },
  { keys: 'B', label: 'key_block', group: 'reading', icon: 'block', offered: 'open', run: () => inScreener('refuse') || withCurrent((id) => void block(id)) },
  { keys: 'b', label: 'key_snooze', group: 'reading', icon: 'clock', offered: 'open', run: () => withTarget((target) => asking.ask('snooze', target)) },
  { keys: 'm', label: 'key_mute', group: 'reading', icon: 'mute', offered: 'open', run: () => withTarget((target, first) => void work.perform(mute(!first?.muted), target)) },
  { keys: 'p', label: 'key_pin', group: 'reading', icon: 'pin', offered: 'open', run: () => withTarget((target, first) => void work.perform(pin(!first?.pinned), target)) },
  { keys: 'l', label: 'key_label', group: 'reading', icon: 'tag', offered: 'open', run: () => withTarget((target) => asking.ask('label', target)) },
  { keys: 'v', label: 'key_folder', group: 'reading', icon: 'folder', offered: 'open', run: () => withTarget((target) => asking.ask('folder', target)) },
  { keys: 'x', label: 'key_select', group: 'reading', icon: 'check', offered: 'never', run: select },
  { keys: '* a', label: 'key_select_all', group: 'reading', icon: 'check', offered: 'never', run: () => selection.loaded() },
  { keys: '* n', label: 'key_select_none', group: 'reading', icon: 'close', offered: 'never', run: () => selection.clear() },
  { keys: 'U', label: 'key_unread', group: 'reading', icon: 'unread', offered: 'open', run: () => withTarget((target) => void work.perform(mark(true), target)) },
  { keys: 'I', label: 'key_read', group: 'reading', icon: 'read', offered: 'open', run: () => withTarget((target) => void work.perform(mark(false), target)) },
];

function withCurrent(deed: (id: string) => void): void {
  const id = router.conversationId ?? rows.shown.idAt(rows.shown.cursor);
  if (id) deed(id);
}

/** What is meant, and the first of it that is known. */
function withTarget(deed: (target: Target, first: Conversation | undefined) => void): void {
  const [selected] = selection.ids;
  if (selection.any) deed(selection.target(), selected ? conversations.byId.get(selected) : undefined);
  else withCurrent((id) => deed({ ids: [id] }, conversations.byId.get(id)));
}

function select(): void {
  const { cursor } = rows.shown;
  const id = rows.shown.idAt(cursor);
  if (id) selection.toggle(id, cursor);
}

/** Among the new senders, the keys that put away decide. False anywhere else. */
function inScreener(verdict: Verdict): boolean {
  if (router.place !== 'new-senders' || selection.any) return false;
  withCurrent((id) => {
    const conversation = conversations.byId.get(id);
    if (conversation) void screener.decide(conversation, verdict);
    if (router.conversationId) router.go(router.here());
  });
  focusRow();
  return true;
}

/** Moves conversations away and steps to the one that takes the row. */
function depart(deed: Deed, target: Target): void {
  const open = router.conversationId;
  void work.perform(deed, target);
  if (open && (!('ids' in target) || target.ids.includes(open))) router.go(router.here());
  focusRow();
}
