// What can be done with conversations in a list: how each deed looks before the server has it, what the server is
// told, and what is said of it. Pure.

import type { Arguments } from '$lib/jmap/client';
import type { Conversation, Place } from '$lib/jmap/types';

export interface Deed {
  patch: Arguments;
  /** The conversation as it will be. */
  shown: (before: Conversation) => Partial<Conversation>;
  /** The words for one, and for many. */
  said: SaidKey;
}

/** Where a conversation can be put at once. */
export type Departure = Extract<Place, 'inbox' | 'archive' | 'bin' | 'spam'>;

export type SaidKey = `did_${Departure | 'read' | 'unread' | 'pin' | 'unpin' | 'mute' | 'unmute' | 'snooze' | 'label' | 'unlabel' | 'folder'}`;

const AWAKE = { snoozedUntil: null, returned: false };

export function moveTo(place: Departure): Deed {
  return { patch: { place }, shown: () => ({ place, ...AWAKE }), said: `did_${place}` };
}

export function mark(unread: boolean): Deed {
  const shown = ({ unreadCount }: Conversation) => ({ unreadCount: unread ? Math.max(1, unreadCount) : 0 });
  return { patch: { unread }, shown, said: unread ? 'did_unread' : 'did_read' };
}

export function pin(pinned: boolean): Deed {
  return { patch: { pinned }, shown: () => ({ pinned }), said: pinned ? 'did_pin' : 'did_unpin' };
}

export function mute(muted: boolean): Deed {
  return { patch: { muted }, shown: () => ({ muted }), said: muted ? 'did_mute' : 'did_unmute' };
}

export function snooze(until: Date): Deed {
  const snoozedUntil = until.toISOString();
  return { patch: { snoozedUntil }, shown: () => ({ place: 'snoozed', snoozedUntil, returned: false }), said: 'did_snooze' };
}

export function label(id: string, on: boolean): Deed {
  return { patch: { [`labels/${id}`]: on || null }, shown: ({ labels }) => ({ labels: withLabel(labels, id, on) }), said: on ? 'did_label' : 'did_unlabel' };
}

/** A folder is a label that a conversation is moved to. */
export function file(id: string): Deed {
  const shown = ({ labels }: Conversation) => ({ place: 'archive' as const, ...AWAKE, labels: withLabel(labels, id, true) });
  return { patch: { place: 'archive', [`labels/${id}`]: true }, shown, said: 'did_folder' };
}

/** What takes a patch back, where the server did not write down what was before. */
export function formerly(before: Conversation, patch: Arguments): Arguments {
  const back: Arguments = {};
  for (const name of Object.keys(patch)) {
    if (name === 'place' || name === 'snoozedUntil') Object.assign(back, before.place === 'snoozed' ? { snoozedUntil: before.snoozedUntil } : { place: before.place });
    else if (name === 'unread') back['unread'] = before.unreadCount > 0;
    else if (name.startsWith('labels/')) back[name] = before.labels[name.slice('labels/'.length)] ?? null;
    else back[name] = before[name as keyof Conversation];
  }
  return back;
}

function withLabel(labels: Record<string, true>, id: string, on: boolean): Record<string, true> {
  const { [id]: _, ...rest } = labels;
  return on ? { ...rest, [id]: true } : rest;
}
