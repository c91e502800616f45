// AppPassword of docs/api, in memory. For development and tests only.

const LETTERS = ['bcdf ghjk mnpq rstv wxyz bcdf', 'kmnp qrst vwxz bcdf ghjk mnpq'];

export class Programs {
  constructor() {
    this.all = [
      { id: 'k1', name: 'Phone', createdAt: '2026-10-02T09:00:00.000Z', lastUsedAt: '2026-11-21T19:00:00.000Z' },
      { id: 'k2', name: 'Scanner in the hall', createdAt: '2026-11-20T09:00:00.000Z', lastUsedAt: null },
    ];
    this.made = 0;
    /** What the capability says of the server; null where programs cannot send. */
    this.server = { host: 'mail.example.org', port: 465, starttlsPort: null };
    this.most = 50;
  }

  get({ ids }) {
    const list = this.all.filter((one) => !ids || ids.includes(one.id));
    return { state: '1', list, notFound: [] };
  }

  set({ create = {}, destroy = [] }) {
    const [created, notCreated] = [{}, {}];
    for (const [key, { name }] of Object.entries(create)) {
      if (this.all.length >= this.most) {
        notCreated[key] = { type: 'overQuota', description: 'an account has at most 50 of them' };
        continue;
      }
      const one = { id: `kNEW${this.made}`, name: name.trim(), createdAt: '2026-11-22T10:00:00.000Z', lastUsedAt: null };
      this.all.push(one);
      created[key] = { ...one, secret: LETTERS[this.made++ % LETTERS.length] };
    }
    this.all = this.all.filter((one) => !destroy.includes(one.id));
    return { created, notCreated, destroyed: destroy };
  }
}
