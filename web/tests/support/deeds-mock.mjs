// Labels, deeds for many and their undo, snoozes that come back: docs/api over the account in memory.

const BATCH = 500;
const id = (letter, number) => letter + number.toString(36).toUpperCase().padStart(26, '0');
const copy = (value) => JSON.parse(JSON.stringify(value));

/** What a new conversation of the sample is, beside what it says. */
export const STANDING = { pinned: false, muted: false, snoozedUntil: null, returned: false, labels: {} };

export const isUnread = (one) => one.unreadCount > 0 && !one.muted;

/** Whether a conversation passes a filter of Conversation/query. */
export function passes(one, filter) {
  const there = filter?.label ? one.labels[filter.label] && one.place !== 'bin' && one.place !== 'spam' : one.place === (filter?.place ?? 'inbox');
  return there && (!filter?.unread || isUnread(one));
}

/** The order of a list, as docs/api has it. */
export function compare(filter, property) {
  const inInbox = !filter?.label && (filter?.place ?? 'inbox') === 'inbox';
  const at = (one) => (filter?.place === 'snoozed' ? Date.parse(one.snoozedUntil) : -Date.parse(one.listedAt));
  const ranks = (one) => [
    property === 'unread' ? Number(!isUnread(one)) : 0,
    inInbox ? Number(!one.pinned) : 0,
    property === 'importance' ? -one.importance : 0,
    at(one),
  ];
  return (a, b) => {
    const [mine, its] = [ranks(a), ranks(b)];
    const differs = mine.findIndex((rank, place) => rank !== its[place]);
    return differs < 0 ? (a.id < b.id ? -1 : 1) : mine[differs] - its[differs];
  };
}

export class Deeds {
  constructor(account) {
    this.account = account;
    this.labels = new Map();
    this.operations = new Map();
  }

  addLabel(name, colour = 'grey') {
    const label = { id: id('l', this.labels.size + 1), name, colour };
    this.labels.set(label.id, label);
    this.account.record('Label', label.id, 'created');
    return label.id;
  }

  /** Changes one conversation as a patch says. */
  apply(one, patch) {
    for (const [key, value] of Object.entries(patch)) {
      if (key.startsWith('labels/')) {
        one.labels = { ...one.labels };
        if (value) one.labels[key.slice('labels/'.length)] = true;
        else delete one.labels[key.slice('labels/'.length)];
      }
      if (key === 'pinned' || key === 'muted') one[key] = value;
      if (key === 'place' && value !== one.place) Object.assign(one, { place: value, snoozedUntil: null, returned: false });
      if (key === 'unread') one.unreadCount = value ? Math.max(1, one.unreadCount) : 0;
    }
    if (patch.snoozedUntil) Object.assign(one, { place: 'snoozed', snoozedUntil: patch.snoozedUntil, returned: false });
  }

  /** Time has come: everything that is snoozed is back. */
  bringBack(at = '2026-11-22T11:00:00.000Z') {
    for (const one of this.account.conversations.values()) {
      if (one.place !== 'snoozed') continue;
      Object.assign(one, { place: 'inbox', snoozedUntil: null, returned: true, listedAt: at });
      this.account.record('Conversation', one.id, 'updated');
    }
    this.account.push();
  }

  run(name, args) {
    if (name === 'Conversation/setAll') return this.setAll(args);
    if (name === 'Conversation/undoAll') return this.undoAll(args);
    if (name === 'Label/get') return this.get(args);
    return this.set(args);
  }

  setAll({ filter, ids, patch, operationId }) {
    const operation = operationId ? this.operations.get(operationId) : { id: id('u', this.operations.size + 1), patch, before: new Map(), left: null };
    if (!operation) return { error: 'invalidArguments' };
    this.operations.set(operation.id, operation);
    operation.left ??= ids ?? this.account.ordered(filter, 'latestAt').slice();
    for (const one of operation.left.splice(0, BATCH).map((each) => this.account.conversations.get(each))) {
      const before = one && copy(one);
      if (one) this.apply(one, operation.patch);
      if (!one || JSON.stringify(before) === JSON.stringify(one)) continue;
      operation.before.set(one.id, before);
      this.account.record('Conversation', one.id, 'updated');
    }
    this.account.push();
    return { operationId: operation.id, changed: operation.before.size, finished: operation.left.length === 0 };
  }

  undoAll({ operationId }) {
    const operation = this.operations.get(operationId);
    if (!operation) return { error: 'invalidArguments' };
    for (const [each, before] of operation.before) {
      Object.assign(this.account.conversations.get(each), before);
      this.account.record('Conversation', each, 'updated');
    }
    this.operations.delete(operationId);
    this.account.push();
    return { operationId, changed: 0, finished: true };
  }

  get({ ids }) {
    const wanted = ids ?? [...this.labels.keys()];
    const all = [...this.account.conversations.values()];
    const counted = (label) => {
      const has = all.filter((one) => passes(one, { label: label.id }));
      return { ...label, conversationCount: has.length, unreadCount: has.filter(isUnread).length };
    };
    const list = wanted.flatMap((each) => (this.labels.has(each) ? [counted(this.labels.get(each))] : []));
    return { state: String(this.account.sequence), list, notFound: wanted.filter((each) => !this.labels.has(each)) };
  }

  set({ create = {}, update = {}, destroy = [] }) {
    const [created, notCreated] = [{}, {}];
    for (const [key, { name, colour }] of Object.entries(create)) {
      const taken = [...this.labels.values()].some((label) => label.name.toLowerCase() === name.trim().toLowerCase());
      if (taken) notCreated[key] = { type: 'alreadyExists' };
      else created[key] = { id: this.addLabel(name.trim(), colour) };
    }
    for (const [each, patch] of Object.entries(update)) {
      Object.assign(this.labels.get(each), patch);
      this.account.record('Label', each, 'updated');
    }
    for (const each of destroy) {
      this.labels.delete(each);
      this.account.record('Label', each, 'destroyed');
      for (const one of this.account.conversations.values()) this.apply(one, { [`labels/${each}`]: null });
    }
    this.account.push();
    return { created, notCreated, updated: Object.fromEntries(Object.keys(update).map((each) => [each, null])), destroyed: destroy };
  }
}
