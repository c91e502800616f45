// Transfers of docs/api over an account in memory: files come in message by message, as slowly as a test wants. For
// development and tests only.

const NOW = () => new Date().toISOString();
const id = (number) => `t${number.toString(36).toUpperCase().padStart(26, '0')}`;

export class Transfers {
  constructor(account) {
    this.account = account;
    this.all = new Map();
    /** Milliseconds between two pieces of a file. */
    this.pause = 0;
    /** Breaks the connection once this many bytes of a file came. */
    this.breakAt = Infinity;
    this.serial = 0;
  }

  get({ ids }) {
    const wanted = ids ?? [...this.all.keys()];
    return { state: String(this.account.sequence), list: wanted.filter((one) => this.all.has(one)).map((one) => this.all.get(one)), notFound: wanted.filter((one) => !this.all.has(one)) };
  }

  set({ create = {}, update = {}, destroy = [] }) {
    const answer = { created: {}, updated: {}, destroyed: [], notCreated: {}, notUpdated: {}, notDestroyed: {} };
    for (const [key, asked] of Object.entries(create)) answer.created[key] = this.begin(asked);
    for (const [key, patch] of Object.entries(update)) {
      this.change(key, patch);
      answer.updated[key] = null;
    }
    for (const key of destroy) {
      this.all.delete(key);
      this.account.record('Transfer', key, 'destroyed');
      answer.destroyed.push(key);
    }
    this.account.push();
    return answer;
  }

  begin({ name, size, place = 'inbox' }) {
    const found = [...this.all.values()].find((one) => one.state === 'paused' && one.name === name && one.size === size);
    return found ?? this.add({ name, size, place, state: 'paused' });
  }

  add(what) {
    const one = { id: id((this.serial += 1)), kind: 'import', state: 'done', name: '', place: 'inbox', createdAt: NOW(), changedAt: NOW(), size: null, bytes: 0, resumeAt: 0, stored: 0, known: 0, cards: 0, passed: 0, faults: [], ...what };
    this.all.set(one.id, one);
    this.account.record('Transfer', one.id, 'created');
    return one;
  }

  change(key, patch) {
    this.all.set(key, { ...this.all.get(key), ...patch, changedAt: NOW() });
    this.account.record('Transfer', key, 'updated');
    this.account.push();
  }

  /** The rest of a file: a message for each line that begins with `From `, none for one that says `broken`. */
  async receive(request, key, offset) {
    if (offset !== this.all.get(key).resumeAt) return null;
    this.change(key, { state: 'running' });
    try {
      for await (const chunk of request) {
        await new Promise((done) => setTimeout(done, this.pause));
        if (this.all.get(key).state === 'cancelled') return null;
        this.take(key, chunk);
        if (this.all.get(key).bytes >= this.breakAt) {
          this.breakAt = Infinity;
          this.change(key, { state: 'paused' });
          request.destroy();
          return null;
        }
      }
    } catch {
      // The page went away, or paused.
    }
    const one = this.all.get(key);
    if (one?.state === 'running') this.change(key, { state: one.bytes >= one.size ? 'done' : 'paused' });
    return this.all.get(key);
  }

  take(key, chunk) {
    const one = this.all.get(key);
    const lines = chunk.toString().split('\n');
    const broken = lines.filter((line) => line === 'broken').length;
    const stored = lines.filter((line) => line.startsWith('From ')).length - broken;
    const bytes = one.bytes + chunk.length;
    const faults = [...one.faults, ...Array.from({ length: broken }, () => ({ path: '', number: one.stored + stored, offset: one.bytes, reason: 'no-header' }))];
    this.change(key, { bytes, resumeAt: bytes, stored: one.stored + stored, passed: one.passed + broken, faults });
  }
}
