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
  /** `waiting`: for the network. `unsure`: the network broke while it left. */
  state: 'leaving' | 'waiting' | 'unsure';
  /** Takes back what has not left. */
  takeBack: (() => void) | null;
}

class OutgoingMessages {
  all = $state.raw<Outgoing[]>([]);
  #next = 1;

  add(one: Pick<Outgoing, 'conversationId' | 'text' | 'fileCount' | 'at'>): number {
    const key = this.#next++;
    this.all = [...this.all, { ...one, key, messageId: null, state: 'leaving', takeBack: null }];
    return key;
  }

  taken(key: number, messageId: string, conversationId: string | null): void {
    this.#change(key, { messageId, conversationId });
  }

  #change(key: number, change: Partial<Outgoing>): void {
    this.all = this.all.map((one) => (one.key === key ? Object.assign({}, one, change) : one));
  }

  /** It waits for the network. Without a way back, it may have left already. */
  waits(key: number, takeBack: (() => void) | null): void {
    this.#change(key, { state: takeBack ? 'waiting' : 'unsure', takeBack });
  }

  leaves(key: number): void {
    this.#change(key, { state: 'leaving', takeBack: null });
  }

  /** What the server took did not leave after all. */
  takenBack(messageId: string): void {
    this.all = this.all.filter((one) => one.messageId !== messageId);
  }

  remove(key: number): void {
    this.all = this.all.filter((one) => one.key !== key);
  }
}

export const outgoing = new OutgoingMessages();
