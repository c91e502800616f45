// Every conversation that this tab knows, by id, whatever lists it stands in.

import { SvelteMap } from 'svelte/reactivity';
import type { GetAnswer } from '$lib/jmap/client';
import type { Conversation } from '$lib/jmap/types';
import { session } from './session.svelte';

class Conversations {
  readonly byId = new SvelteMap<string, Conversation>();
  /** The state that `/changes` continues from. */
  state: string | null = null;

  take(answer: GetAnswer<Conversation>): void {
    this.state ??= answer.state;
    for (const conversation of answer.list) this.byId.set(conversation.id, conversation);
    for (const id of answer.notFound ?? []) this.byId.delete(id);
  }

  /** Fetches what is not known yet. */
  async need(id: string): Promise<void> {
    if (this.byId.has(id) || !session.client) return;
    this.take(await session.client.get<Conversation>('Conversation', [id]));
  }

  patch(id: string, change: Partial<Conversation>): void {
    const known = this.byId.get(id);
    if (known) this.byId.set(id, { ...known, ...change });
  }

  clear(): void {
    this.byId.clear();
    this.state = null;
  }
}

export const conversations = new Conversations();
