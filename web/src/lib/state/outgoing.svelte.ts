// What was just sent and is not yet among the messages that the server gave: shown at once.

export interface Outgoing {
  key: number;
  /** Null for a new conversation. */
  conversationId: string | null;
  text: string;
  fileCount: number;
  at: string;
  /** Known once the server took it. */
  messageId: string | null;
}

class OutgoingMessages {
  all = $state.raw<Outgoing[]>([]);
  #next = 1;

  add(one: Omit<Outgoing, 'key' | 'messageId'>): number {
    const key = this.#next++;
    this.all = [...this.all, { ...one, key, messageId: null }];
    return key;
  }

  taken(key: number, messageId: string, conversationId: string | null): void {
    this.all = this.all.map((one) => (one.key === key ? Object.assign({}, one, { messageId, conversationId }) : one));
  }

  remove(key: number): void {
    this.all = this.all.filter((one) => one.key !== key);
  }
}

export const outgoing = new OutgoingMessages();
