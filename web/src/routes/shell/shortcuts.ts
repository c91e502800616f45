// One key, one deed: the keys that people know from other mail programs. Off by a setting, and silent in
// fields and open dialogs (WCAG 2.1.4).

import { list } from '$lib/state/list.svelte';
import { markUnread, move } from '$lib/state/actions';
import { answering, type Way } from '$lib/state/answering.svelte';
import { messages } from '$lib/state/messages.svelte';
import { notices } from '$lib/state/notices.svelte';
import { preferences } from '$lib/state/preferences.svelte';
import { composeHref, href, router } from '$lib/state/router.svelte';
import { focusRow } from './focus';

const SEQUENCE_MS = 1_200;

export function createShortcuts(shell: { help: () => void }): (event: KeyboardEvent) => void {
  let prefix = '';
  let prefixAt = 0;
  const table = deeds(shell);
  return (event) => {
    if (event.key === 'Escape') return escape();
    if (!preferences.shortcuts || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isBusy(event.target)) return;
    const sequence = prefix && event.timeStamp - prefixAt < SEQUENCE_MS ? `${prefix} ${event.key}` : event.key;
    prefix = event.key === 'g' ? 'g' : '';
    prefixAt = event.timeStamp;
    const deed = table[sequence];
    if (!deed) return;
    event.preventDefault();
    deed();
  };
}

function isBusy(target: EventTarget | null): boolean {
  if (document.querySelector('dialog[open]')) return true;
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable], [role=menu]') !== null;
}

function escape(): void {
  if (document.querySelector('dialog[open], :popover-open')) return;
  if (router.panel) router.closePanel();
  else leave();
}

function deeds(shell: { help: () => void }): Record<string, () => void> {
  return {
    j: () => step(1),
    k: () => step(-1),
    o: open,
    u: leave,
    e: () => withCurrent((id) => depart(id, router.place === 'archive' ? 'inbox' : 'archive')),
    '#': () => withCurrent((id) => depart(id, 'bin')),
    s: flag,
    U: () => withCurrent((id) => void markUnread(id, true)),
    I: () => withCurrent((id) => void markUnread(id, false)),
    w: why,
    z: () => void notices.undo(),
    c: () => router.go(composeHref(null)),
    r: () => answer('reply'),
    a: () => answer('reply-all'),
    f: () => answer('forward'),
    '?': shell.help,
    'g i': () => router.go(href('inbox')),
    'g a': () => router.go(href('archive')),
    'g d': () => router.go('#/drafts'),
    'g t': () => router.go(href('bin')),
  };
}

function withCurrent(deed: (id: string) => void): void {
  const id = router.conversationId ?? list.idAt(list.cursor);
  if (id) deed(id);
}

function step(by: number): void {
  if (!list.total) return;
  list.cursor = Math.max(0, Math.min(list.total - 1, list.cursor + by));
  const id = list.idAt(list.cursor);
  if (router.conversationId && id) router.replace(href(router.place, id));
  focusRow();
}

function open(): void {
  const id = list.idAt(list.cursor);
  if (id) router.go(href(router.place, id));
}

function leave(): void {
  if (router.route.screen !== 'list' || router.conversationId) router.go(href(router.place));
  focusRow();
}

/** Moves a conversation away and steps to the one that takes its row. */
function depart(id: string, to: 'inbox' | 'archive' | 'bin'): void {
  const wasOpen = router.conversationId === id;
  void move(id, to);
  if (wasOpen) router.go(href(router.place));
  focusRow();
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
