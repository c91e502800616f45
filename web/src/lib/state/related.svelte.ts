// Where the chains of the open conversation go on, or came from, with fewer or more people. It is a side remark: when it
// cannot be had, nothing is said.

import { MethodError } from '$lib/jmap/client';
import type { Message, Related } from '$lib/jmap/types';
import { session } from './session.svelte';

const SETTLE_MS = 300;

/** What is known of the message in the other conversation. */
export type There = Pick<Message, 'id' | 'direction' | 'from' | 'receivedAt'>;
export interface Stub extends Related {
  there: There | null;
}

class RelatedConversations {
  stubs = $state.raw<Stub[]>([]);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #wanted = '';

  /** Asks for the stubs of a conversation, soon; several wishes in a moment are one. */
  want(conversationId: string): void {
    if (conversationId !== this.#wanted) this.stubs = [];
    this.#wanted = conversationId;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#load(conversationId), SETTLE_MS);
  }

  async #load(id: string): Promise<void> {
    const { client } = session;
    if (!client) return;
    try {
      const answer = await client.get<{ id: string; related?: Related[] }>('Conversation', [id], { properties: ['id', 'related'] });
      const related = answer.list[0]?.related ?? [];
      const ids = [...new Set(related.flatMap((one) => one.messageId ?? []))];
      const properties = ['id', 'direction', 'from', 'receivedAt'];
      const messages = ids.length ? (await client.get<There>('Message', ids, { properties })).list : [];
      if (id !== this.#wanted) return;
      this.stubs = related.map((one) => Object.assign(one, { there: messages.find((message) => message.id === one.messageId) ?? null }));
    } catch (cause) {
      // A server that does not know the property refuses it.
      if (!(cause instanceof MethodError)) session.noticeEnd(cause);
    }
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#wanted = '';
    this.stubs = [];
  }
}

export const related = new RelatedConversations();
