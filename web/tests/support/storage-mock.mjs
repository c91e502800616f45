// Quota and Conversation/empty of docs/api. For development and tests only.

export class Storage {
  used = 1_400_000;
  hardLimit = 10_000_000_000;
  earned = 0;
  /** Conversations that one call removes. */
  batch = 100;

  constructor(account) {
    this.account = account;
  }

  get(state) {
    const { used, hardLimit, earned } = this;
    const warnLimit = hardLimit && (hardLimit / 100) * 90;
    return { state: String(state), list: [{ id: 'singleton', name: 'storage', resourceType: 'octets', scope: 'account', types: ['Message'], used, hardLimit, warnLimit, earned }], notFound: [] };
  }

  /** The server counted anew. */
  say(now) {
    Object.assign(this, now);
    this.account.record('Quota', 'singleton', 'updated');
    this.account.push();
  }

  empty({ place }) {
    if (!['bin', 'spam'].includes(place)) return { error: 'invalidArguments' };
    const there = [...this.account.conversations.values()].filter((one) => one.place === place);
    const gone = there.slice(0, this.batch);
    if (gone.some((one) => this.account.gate.conversation(one).hidden)) return { error: 'hidden' };
    for (const { id } of gone) {
      for (const { summary } of this.account.of(id)) this.account.messages.delete(summary.id);
      this.account.conversations.delete(id);
      this.account.record('Conversation', id, 'destroyed');
    }
    this.account.push();
    return { removed: gone.length, finished: there.length <= this.batch };
  }
}
