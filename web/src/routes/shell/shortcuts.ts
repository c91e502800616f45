// From a key to its command. Off by a setting, and silent in fields and open dialogs (WCAG 2.1.4).

import { asking } from '$lib/state/deeds/asking.svelte';
import { selection } from '$lib/state/deeds/selection.svelte';
import { preferences } from '$lib/state/preferences.svelte';
import { router } from '$lib/state/router.svelte';
import { COMMANDS, leave } from './commands';
import { overlay } from './overlay.svelte';

const SEQUENCE_MS = 1_200;
const BY_KEYS = new Map(COMMANDS.map((command) => [command.keys, command]));

export function createShortcuts(): (event: KeyboardEvent) => void {
  let prefix = '';
  let prefixAt = 0;
  return (event) => {
    if (event.key === 'Escape') return escape();
    if (isPalette(event)) return palette(event);
    if (isOpening()) return early(event);
    if (!preferences.shortcuts || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isBusy(event.target)) return;
    const sequence = prefix && event.timeStamp - prefixAt < SEQUENCE_MS ? `${prefix} ${event.key}` : event.key;
    prefix = event.key === 'g' || event.key === '*' ? event.key : '';
    prefixAt = event.timeStamp;
    const command = BY_KEYS.get(sequence);
    if (!command) return;
    event.preventDefault();
    command.run();
  };
}

/** With a modifier, so that it works while one writes, and whatever the setting says. */
const isPalette = (event: KeyboardEvent): boolean => (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k';

function palette(event: KeyboardEvent): void {
  event.preventDefault();
  if (overlay.shown === 'palette') overlay.close();
  else if (!document.querySelector('dialog[open]')) overlay.open('palette');
}

/** Something was asked for that is not there yet: keys are meant for it, and do nothing behind it. */
const isOpening = (): boolean => (overlay.shown !== 'none' || asking.what !== null) && !document.querySelector('dialog[open]');

function early(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  event.preventDefault();
  overlay.keep(event.key);
}

function isBusy(target: EventTarget | null): boolean {
  if (document.querySelector('dialog[open]')) return true;
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable], [role=menu]') !== null;
}

function escape(): void {
  if (document.querySelector('dialog[open], :popover-open')) return;
  if (overlay.shown !== 'none') return overlay.close();
  if (asking.what) return asking.close();
  if (router.panel) router.closePanel();
  else if (selection.any) selection.clear();
  else leave();
}
