// Everything that can be done with one conversation of a list.

import { t } from '$lib/i18n/index.svelte';
import type { Conversation } from '$lib/jmap/types';
import { block, blockable, markUnread, move } from '$lib/state/actions';
import { asking } from '$lib/state/deeds/asking.svelte';
import { mute, pin } from '$lib/state/deeds/deeds';
import { work } from '$lib/state/deeds/perform.svelte';
import { isUnread } from '$lib/state/where';
import type { MenuItem } from '$lib/ui/Menu.svelte';

/** Where the first deed of a row leads: out of the inbox, or back into it. */
export const awayFrom = (conversation: Conversation): 'inbox' | 'archive' => (conversation.place === 'inbox' ? 'archive' : 'inbox');

/** What that deed is called. */
export function awayWords({ place }: Conversation): string {
  const words = { inbox: 'do_archive', spam: 'do_not_spam', snoozed: 'do_wake' } as const;
  return t(words[place as keyof typeof words] ?? 'do_inbox');
}

export function rowMenu(conversation: Conversation, rename: () => void): MenuItem[] {
  const { id, place, pinned, muted } = conversation;
  const target = { ids: [id] };
  const away = awayFrom(conversation);
  const unread = isUnread(conversation);
  const items: MenuItem[] = [
    { label: awayWords(conversation), icon: away, run: () => void move(id, away) },
    { label: t('do_snooze'), icon: 'clock', run: () => asking.ask('snooze', target) },
    { label: t(unread ? 'do_read' : 'do_unread'), icon: unread ? 'read' : 'unread', run: () => void markUnread(id, !unread) },
    { label: t(pinned ? 'do_unpin' : 'do_pin'), icon: 'pin', run: () => void work.perform(pin(!pinned), target) },
    { label: t(muted ? 'do_unmute' : 'do_mute'), icon: 'mute', run: () => void work.perform(mute(!muted), target) },
    { label: t('do_label'), icon: 'tag', run: () => asking.ask('label', target) },
    { label: t('do_folder'), icon: 'folder', run: () => asking.ask('folder', target) },
    { label: t('do_rename'), icon: 'pen', run: rename },
  ];
  if (place !== 'bin') items.push({ label: t('do_bin'), icon: 'bin', run: () => void move(id, 'bin') });
  if (place !== 'spam') items.push({ label: t('do_spam'), icon: 'spam', run: () => void move(id, 'spam') });
  if (blockable(conversation)) items.push({ label: t('do_block', { name: conversation.people[0]?.name ?? '' }), icon: 'block', danger: true, run: () => void block(id) });
  return items;
}
