// Every conversation that this tab knows, by id, whatever lists it stands in.

import { SvelteMap } from 'svelte/reactivity';
import type { GetAnswer } from '$lib/jmap/client';
import type { Conversation } from '$lib/jmap/types';
import { held, veilConversation } from './held.svelte';
import { session } from './session.svelte';

class Conversations {
  readonly byId = new SvelteMap<string, Conversation>();
  /** The state that `/changes` continues from. */
  state: string | null = null;

  take(answer: GetAnswer<Conversation>): void {
    this.state ??= answer.state;
    for (const conversation of answer.list) this.put(conversation);
    for (const id of answer.notFound ?? []) this.byId.delete(id);
  }

  /** Fetches what is not known yet. */
  async need(id: string): Promise<void> {
    if (this.byId.has(id) || !session.client) return;
    this.take(await session.client.get<Conversation>('Conversation', [id]));
  }

  /** As it may be shown: what was remembered may say more. */
  put(one: Conversation): void {
    this.byId.set(one.id, held.shown(one, veilConversation));
  }

  /** Lets go of the words that are held back. */
  veil(): void {
    for (const [id, one] of this.byId) if (!one.hidden && held.holds(one.privacy)) this.byId.set(id, veilConversation(one));
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
