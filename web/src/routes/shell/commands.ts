// Everything that a key does, in one table: the keyboard, the list of shortcuts and the palette are made of it. The
// keys are those that people know from other mail programs.

import type { Key } from '$lib/i18n/index.svelte';
import { answering, type Way } from '$lib/state/answering.svelte';
import { messages } from '$lib/state/messages.svelte';
import { notices } from '$lib/state/notices.svelte';
import { composeHref, href, peopleHref, router, searchHref, settingsHref } from '$lib/state/router.svelte';
import { rows } from '$lib/state/rows.svelte';
import type { IconName } from '$lib/ui/Icon.svelte';
import { DEEDS } from './deedkeys';
import { focusRow } from './focus';
import { overlay } from './overlay.svelte';

export const GROUPS = ['reading', 'writing', 'going', 'everywhere'] as const;

export interface Command {
  /** One key, or two one after the other: `g i`. */
  keys: string;
  label: CommandLabel;
  group: (typeof GROUPS)[number];
  icon: IconName;
  /** Whether the palette offers it; `open`: while a conversation is open. */
  offered: 'never' | 'always' | 'open';
  run: () => void;
}
/** Words without parameters. */
type CommandLabel = Extract<Key, `key_${string}`>;

export const COMMANDS: Command[] = [
  { keys: 'j', label: 'key_next', group: 'reading', icon: 'expand', offered: 'never', run: () => step(1) },
  { keys: 'k', label: 'key_previous', group: 'reading', icon: 'up', offered: 'never', run: () => step(-1) },
  { keys: 'o', label: 'key_open', group: 'reading', icon: 'forward', offered: 'never', run: open },
  { keys: 'u', label: 'key_back', group: 'reading', icon: 'back', offered: 'never', run: leave },
  ...DEEDS,
  { keys: 's', label: 'key_flag', group: 'reading', icon: 'flag', offered: 'open', run: flag },
  { keys: 'w', label: 'key_why', group: 'reading', icon: 'info', offered: 'open', run: why },
  { keys: 'c', label: 'key_write', group: 'writing', icon: 'pen', offered: 'always', run: () => router.go(composeHref(null)) },
  { keys: 'r', label: 'key_reply', group: 'writing', icon: 'reply', offered: 'open', run: () => answer('reply') },
  { keys: 'a', label: 'key_reply_all', group: 'writing', icon: 'replyAll', offered: 'open', run: () => answer('reply-all') },
  { keys: 'f', label: 'key_forward', group: 'writing', icon: 'forwardMail', offered: 'open', run: () => answer('forward') },
  { keys: 'g i', label: 'key_inbox', group: 'going', icon: 'inbox', offered: 'always', run: () => router.go(href('inbox')) },
  { keys: 'g a', label: 'key_archive_place', group: 'going', icon: 'archive', offered: 'always', run: () => router.go(href('archive')) },
  { keys: 'g b', label: 'key_snoozed_place', group: 'going', icon: 'clock', offered: 'always', run: () => router.go(href('snoozed')) },
  { keys: 'g n', label: 'key_senders_place', group: 'going', icon: 'person', offered: 'always', run: () => router.go(href('new-senders')) },
  { keys: 'g x', label: 'key_spam_place', group: 'going', icon: 'spam', offered: 'always', run: () => router.go(href('spam')) },
  { keys: 'g d', label: 'key_drafts', group: 'going', icon: 'pen', offered: 'always', run: () => router.go('#/drafts') },
  { keys: 'g t', label: 'key_bin_place', group: 'going', icon: 'bin', offered: 'always', run: () => router.go(href('bin')) },
  { keys: 'g p', label: 'key_people', group: 'going', icon: 'person', offered: 'always', run: () => router.go(peopleHref()) },
  { keys: 'g j', label: 'key_subjects', group: 'going', icon: 'list', offered: 'always', run: () => router.go(searchHref('by:subject in:inbox')) },
  { keys: 'g s', label: 'key_settings', group: 'going', icon: 'settings', offered: 'always', run: () => router.go(settingsHref()) },
  { keys: '/', label: 'key_search', group: 'going', icon: 'search', offered: 'always', run: search },
  { keys: 'z', label: 'key_undo', group: 'everywhere', icon: 'again', offered: 'always', run: () => void notices.undo() },
  { keys: '?', label: 'key_help', group: 'everywhere', icon: 'keyboard', offered: 'always', run: () => (overlay.shown === 'help' ? overlay.close() : overlay.open('help')) },
];

function step(by: number): void {
  const { shown } = rows;
  if (!shown.total) return;
  shown.cursor = Math.max(0, Math.min(shown.total - 1, shown.cursor + by));
  const id = shown.idAt(shown.cursor);
  if (router.conversationId && id) router.replace(router.here(id));
  focusRow();
}

function open(): void {
  const id = rows.shown.idAt(rows.shown.cursor);
  if (id) router.go(router.here(id));
}

/** From a conversation to its list; from what was found to the inbox. */
export function leave(): void {
  if (router.route.screen !== 'list' || router.conversationId) router.go(router.here());
  else if (router.query !== null) router.go(href('inbox'));
  focusRow();
}

/** To the field; where there is none, to an empty search. */
function search(): void {
  const field = document.querySelector<HTMLInputElement>('section.list input[type=search]');
  if (field?.checkVisibility()) field.select();
  else router.go(searchHref(''));
}

function flag(): void {
  const id = messages.order.at(-1);
  if (router.conversationId && id) void messages.flag(id);
}

function answer(way: Way): void {
  if (router.conversationId) answering.ask(way);
}

function why(): void {
  const id = messages.order.at(-1);
  if (id) router.openPanel({ kind: 'why', messageId: id });
}
