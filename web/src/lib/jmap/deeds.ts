// Labels, and deeds for many conversations, as they travel (docs/api).

import { MethodError, type Arguments, type Client } from './client';

export const COLOURS = ['grey', 'red', 'orange', 'yellow', 'green', 'teal', 'blue', 'purple'] as const;
export type Colour = (typeof COLOURS)[number];

export interface Label {
  id: string;
  name: string;
  colour: Colour;
  conversationCount: number;
  unreadCount: number;
}

/** What a deed is done to: some, or all that a filter finds. */
export type Target = { ids: string[] } | { filter: Arguments };

export interface Progress {
  operationId: string;
  changed: number;
  finished: boolean;
}

/** One batch of a deed; the next ones name the operation. */
export async function setAll(client: Client, target: Target, patch: Arguments, operationId?: string): Promise<Progress> {
  const args = operationId ? { ...target, operationId } : { ...target, patch };
  return (await client.call([['Conversation/setAll', args, 's']])).read<Progress>('s');
}

/** Undoes all batches of a deed. One that is undone already is no error. */
export async function undoAll(client: Client, operationId: string): Promise<void> {
  for (let finished = false; !finished; ) {
    try {
      finished = (await client.call([['Conversation/undoAll', { operationId }, 'u']])).read<Progress>('u').finished;
    } catch (cause) {
      if (cause instanceof MethodError && cause.type === 'invalidArguments') return;
      throw cause;
    }
  }
}
