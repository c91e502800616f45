// The wish to answer, from a menu or a key, until the box at the foot of the conversation takes it up.

export type Way = 'reply' | 'reply-all' | 'forward';

class Answering {
  wish = $state.raw<{ way: Way; messageId: string | null } | null>(null);

  /** Without a message it is the newest one. */
  ask(way: Way, messageId: string | null = null): void {
    this.wish = { way, messageId };
  }

  take(): { way: Way; messageId: string | null } | null {
    const { wish } = this;
    this.wish = null;
    return wish;
  }
}

export const answering = new Answering();
