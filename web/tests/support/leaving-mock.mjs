// Message/unsubscribe and leftAt of docs/api over an account in memory. For development and tests only.

export class Leaving {
  constructor(account) {
    this.account = account;
    /** Why the next requests fail: `refused`, `unreachable`, `overLimit`, `notOffered`; null when they do not. */
    this.refuses = null;
  }

  /** Every received message of these conversations says how its list is left. */
  offer(ways, { kind = 'list', signed = false } = {}) {
    for (const { summary, content } of this.account.messages.values()) {
      if (this.account.conversations.get(summary.conversationId).kind !== kind) continue;
      content.headers.push(['List-Unsubscribe', ways]);
      if (signed && summary.direction === 'received') summary.keywords = { ...summary.keywords, $canunsubscribe: true };
    }
  }

  leftAll(leftAt) {
    for (const { summary } of this.account.messages.values()) if (this.account.conversations.get(summary.conversationId).kind === 'list') summary.leftAt = leftAt;
  }

  unsubscribe({ id }) {
    const one = this.account.messages.get(id);
    const type = one ? (one.summary.keywords.$canunsubscribe ? this.refuses : 'notOffered') : 'notFound';
    if (type) return { id, leftAt: null, notLeft: { type, description: 'the list was not left' } };
    const leftAt = new Date(Math.max(Date.now(), Date.parse(one.summary.receivedAt))).toISOString();
    this.note(id, leftAt);
    this.account.push();
    return { id, leftAt, notLeft: null };
  }

  note(id, leftAt) {
    this.account.messages.get(id).summary.leftAt = leftAt;
    this.account.record('Message', id, 'updated');
  }
}
