// The methods of docs/api over an invented account, in memory. For development and tests only.

import { compare, Deeds, passes, STANDING } from './deeds-mock.mjs';
import { Desk } from './desk-mock.mjs';
import { Leaving } from './leaving-mock.mjs';
import { Storage } from './storage-mock.mjs';
import { Coaching } from './coaching-mock.mjs';
import { Outlooks } from './outlook-mock.mjs';
import { Gate } from './gate-mock.mjs';
import { People } from './people-mock.mjs';
import { handlers } from './handlers-mock.mjs';
import { Mine } from './mine-mock.mjs';
import { Devices } from './devices-mock.mjs';
import { Passkeys } from './passkeys-mock.mjs';
import { Programs } from './programs-mock.mjs';
import { Routes } from './routes-mock.mjs';
import { Search } from './search-mock.mjs';
import { Screener } from './screener-mock.mjs';
import { Sending } from './sending-mock.mjs';
import { contacts, levels, ME, privacyOf, report, summarise, world } from './sample.mjs';
import { Transfers } from './transfer-mock.mjs';

export const ACCOUNT = 'a00000000000000000000000001';
export const CAPABILITY = 'urn:caliopen:params:jmap:correspondence';

export class Account {
  constructor({ conversations = 60 } = {}) {
    this.language = 'en';
    this.conversations = new Map();
    this.messages = new Map();
    this.contacts = new Map();
    this.sessions = [
      { id: 's1', client: 'Chromium · Linux', createdAt: '2026-11-20T09:00:00.000Z', lastUsedAt: '2026-11-22T10:00:00.000Z', current: true, deviceId: 'e1' },
      { id: 's2', client: 'backup script', createdAt: '2026-10-02T09:00:00.000Z', lastUsedAt: '2026-11-21T19:12:00.000Z', current: false, deviceId: null },
    ];
    this.log = [];
    this.sequence = 1;
    this.listeners = new Set();
    this.calls = [];
    /** Stubs by conversation; null plays a server that does not know them. */
    this.related = new Map();
    this.desk = new Desk(this);
    this.sending = new Sending(this);
    this.deeds = new Deeds(this);
    this.screener = new Screener(this);
    this.leaving = new Leaving(this);
    this.outlooks = new Outlooks();
    this.coaching = new Coaching(this);
    this.storage = new Storage(this);
    this.people = new People(this);
    this.programs = new Programs();
    this.routes = new Routes(this);
    this.devices = new Devices();
    this.gate = new Gate(this);
    this.passkeys = new Passkeys(this, ACCOUNT);
    this.mine = new Mine();
    this.search = new Search(this);
    this.transfers = new Transfers(this);
    for (const { conversation, messages } of world(conversations)) {
      this.conversations.set(conversation.id, Object.assign(conversation, { ...STANDING, listedAt: conversation.latestAt, ...conversation }));
      for (const one of messages) this.messages.set(one.summary.id, one);
    }
    for (const contact of contacts) this.contacts.set(contact.id, structuredClone(contact));
  }

  /** Ids in the order of a list. Sorted once, then kept until something changes. */
  ordered(filter, property) {
    const key = JSON.stringify([filter, property, this.sequence]);
    if (this.kept?.key !== key) {
      const wanted = [...this.conversations.values()].filter((one) => passes(one, filter)).toSorted(compare(filter, property));
      this.kept = { key, ids: wanted.map((one) => one.id) };
    }
    return this.kept.ids;
  }

  record(type, id, kind) {
    this.sequence += 1;
    this.log.push({ sequence: this.sequence, type, id, kind });
  }

  push() {
    const state = String(this.sequence);
    for (const listener of this.listeners) listener({ '@type': 'StateChange', changed: { [ACCOUNT]: { Conversation: state, Message: state, Contact: state, Draft: state, Submission: state, Identity: state, Template: state, Label: state, Transfer: state, UserPrivacy: state, Passkey: state, SecondFactor: state, Quota: state, ...(this.log.some(({ type }) => type === 'Gate') ? { Gate: state } : {}) } } });
  }

  /** A new message arrives in a conversation. */
  deliver(conversationId, body, subject = 'News', at = undefined) {
    const conversation = this.conversations.get(conversationId);
    const id = `mNEW${this.sequence}`;
    const from = conversation.people[0];
    const summary = {
      id, conversationId, segmentId: 'gNEW', blobId: `b${id}`, direction: 'received', protocol: 'email', from: [from], to: [ME], cc: [], replyTo: [], subject,
      sentAt: null, receivedAt: at ?? new Date(Date.parse('2026-11-22T10:00:00Z') + this.sequence * 1000).toISOString(), size: 900, excerpt: (body.text ?? '').slice(0, 100), keywords: {},
      privacy: privacyOf(12), importance: 3, importanceReasons: [], protection: 'none', warnings: [], suspicious: false, attachments: [],
    };
    this.messages.set(id, { summary, content: { id, bodies: [body], headers: [] } });
    summarise(conversation, this.of(conversationId));
    if (!conversation.muted && conversation.place !== 'spam') Object.assign(conversation, { listedAt: conversation.latestAt, place: 'inbox', snoozedUntil: null, returned: false });
    this.record('Message', id, 'created');
    this.record('Conversation', conversationId, 'updated');
    this.push();
    return id;
  }

  of(conversationId) {
    return [...this.messages.values()].filter(({ summary }) => summary.conversationId === conversationId).toSorted((a, b) => (a.summary.receivedAt < b.summary.receivedAt ? -1 : 1));
  }

  /** One method call → its answer. */
  run(name, args, created) {
    this.calls.push([name, args]);
    const [type, verb] = name.split('/');
    if (verb === 'changes') return this.changes(type, args);
    if (type === 'AppPassword') return this.programs[verb](args);
    if (type === 'Device') return this.devices[verb](args);
    if (type === 'Coaching') return this.coaching[verb](args, this.sequence);
    if (type === 'Quota') return this.storage.get(this.sequence);
    if (verb === 'empty') return this.storage.empty(args);
    if (type === 'Gate') return this.gate[verb](args);
    if (type === 'SecondFactor') return this.passkeys.get(type, args);
    if (type === 'Passkey') return verb === 'get' ? this.passkeys.get(type, args) : this.passkeys.set(args);
    if (type === 'UserPrivacy' && verb === 'get') return this.mine.get(args, this.sequence);
    if (type === 'Handler') return handlers(args);
    if (type === 'Route') return this.routes.get(args);
    if (['Identity', 'Template'].includes(type)) return this.desk.run(type, verb, args);
    if (type === 'Screener' || type === 'Decision') return this.screener.run(name, args);
    if (type === 'Outlook') {
      this.people.look(args.recipients);
      return this.outlooks.get(args);
    }
    if (type === 'Label' || verb.endsWith('All')) return this.deeds.run(name, args);
    if (['Draft', 'Submission'].includes(type)) return this.sending[verb](type, args, created);
    if (verb === 'unsubscribe') return this.leaving.unsubscribe(args);
    if (type === 'Transfer') return this.transfers[verb](args);
    if (type === 'Contact' && verb !== 'query') return this.people.run(verb, args);
    if (verb === 'query' && type === 'Contact') return this.page([...this.contacts.keys()], args);
    if (verb === 'query' && args.filter?.text !== undefined) return this.search.query(type, args);
    if (type === 'SearchSnippet') return this.search.snippets(args);
    if (verb === 'query') return type === 'Message' ? this.queryMessages(args) : this.queryConversations(args);
    if (verb === 'set') return this.set(type, args);
    return this.get(type, args);
  }

  page(ids, { anchor, anchorOffset = 0, position = 0, limit = 50, calculateTotal }) {
    let start = position;
    if (anchor !== undefined) {
      const found = ids.indexOf(anchor);
      if (found < 0) return { error: 'anchorNotFound' };
      start = Math.max(0, found + anchorOffset);
    }
    return { ids: ids.slice(start, start + limit), position: start, canCalculateChanges: false, queryState: '1', ...(calculateTotal ? { total: ids.length } : {}) };
  }

  queryConversations(args) {
    return this.page(this.ordered(args.filter, args.sort?.[0]?.property), args);
  }

  queryMessages(args) {
    const ids = this.of(args.filter.conversationId).map(({ summary }) => summary.id);
    return this.page(args.sort?.[0]?.isAscending === false ? ids.toReversed() : ids, args);
  }

  get(type, { ids, properties, language }) {
    if (type === 'Conversation' && properties?.includes('related')) return this.relatedOf(ids);
    const find = {
      Conversation: (id) => this.conversations.has(id) && this.gate.conversation(this.named(this.conversations.get(id))),
      Session: (id) => this.sessions.find((one) => one.id === id),
      PrivacyReport: (id) => this.devices.report(id, language) ?? this.people.report(id, language ?? this.language) ?? (this.messages.has(id) && report(this.messages.get(id).summary, language)),
      Message: (id) => {
        const one = this.messages.get(id);
        if (!one) return null;
        const whole = this.gate.message({ ...one.summary, ...one.content });
        return properties ? Object.fromEntries(Object.entries(whole).filter(([key]) => key === 'id' || properties.includes(key))) : this.gate.message(one.summary);
      },
    }[type];
    const wanted = ids ?? (type === 'Session' ? this.sessions.map((one) => one.id) : []);
    return { state: String(this.sequence), list: wanted.map(find).filter(Boolean), notFound: wanted.filter((id) => !find(id)) };
  }

  relatedOf(ids) {
    if (!this.related) return { error: 'invalidArguments' };
    return { state: String(this.sequence), list: ids.map((id) => ({ id, related: this.related.get(id) ?? [] })), notFound: [] };
  }

  /** Bo's answer to the group in his own conversation, and a stub at both ends. */
  answerAlone(group, direct, person, at) {
    const answer = this.deliver(direct, { type: 'text', text: 'Between us: nine is too early.', quotedLines: [] }, 'Re: Winter concert', at);
    const asked = this.of(group)[0].summary.id;
    this.related.set(group, [{ conversationId: direct, messageId: answer, relation: 'narrower', at, people: [person] }]);
    this.related.set(direct, [{ conversationId: group, messageId: asked, relation: 'wider', at, people: this.conversations.get(group).people }]);
    this.record('Conversation', group, 'updated');
    this.push();
    return answer;
  }

  /** With the names that the user gave. */
  named(conversation) {
    const name = (person) => this.contacts.get(person.contactId)?.name ?? person.name;
    return conversation && { ...conversation, people: conversation.people.map((person) => ({ ...person, name: name(person) })) };
  }

  changes(type, { sinceState }) {
    const found = this.log.filter((entry) => entry.type === type && entry.sequence > Number(sinceState));
    const of = (kind) => [...new Set(found.filter((entry) => entry.kind === kind).map((entry) => entry.id))];
    const created = of('created');
    return { oldState: sinceState, newState: String(this.sequence), hasMoreChanges: false, created, updated: of('updated').filter((id) => !created.includes(id)), destroyed: of('destroyed') };
  }

  set(type, { update = {}, destroy = [] }) {
    const refused = Object.keys(update).filter((id) => id === this.refuses);
    for (const [id, patch] of Object.entries(update)) if (!refused.includes(id)) this.apply(type, id, patch);
    for (const id of destroy) if (type === 'Session') this.sessions = this.sessions.filter((one) => one.id !== id);
    this.push();
    return { updated: Object.fromEntries(Object.keys(update).map((id) => [id, null])), destroyed: destroy, notUpdated: Object.fromEntries(refused.map((id) => [id, { type: 'notFound' }])), notDestroyed: {} };
  }

  apply(type, id, patch) {
    if (type === 'Conversation') {
      const one = this.conversations.get(id);
      if (patch.title !== undefined) one.title = patch.title?.trim() || null;
      this.deeds.apply(one, patch);
    }
    if (type === 'Message') {
      const { summary } = this.messages.get(id);
      if (patch.leftAt !== undefined) this.leaving.note(id, patch.leftAt);
      for (const [key, value] of Object.entries(patch).filter(([name]) => name !== 'leftAt')) {
        const keyword = key.replace('keywords/', '');
        summary.keywords = { ...summary.keywords };
        if (value) summary.keywords[keyword] = true;
        else delete summary.keywords[keyword];
      }
      const conversation = this.conversations.get(summary.conversationId);
      conversation.unreadCount = this.of(conversation.id).filter((one) => !one.summary.keywords.$seen).length;
      this.record('Conversation', conversation.id, 'updated');
    }
    this.record(type, id, 'updated');
  }

  /** A whole request (RFC 8620 §3.3), back-references resolved (§3.7). */
  request({ methodCalls }) {
    const methodResponses = [];
    const created = new Map();
    for (const [name, args, callId] of methodCalls) {
      const resolved = {};
      for (const [key, value] of Object.entries(args)) {
        if (!key.startsWith('#')) resolved[key] = value;
        else resolved[key.slice(1)] = follow(methodResponses.find(([, , id]) => id === value.resultOf)?.[1], value.path.slice(1).split('/'));
      }
      const failed = Object.values(resolved).includes(undefined);
      const answer = failed ? { error: 'invalidResultReference' } : this.run(name, resolved, created);
      methodResponses.push(answer.error ? ['error', { type: answer.error }, callId] : [name, { accountId: ACCOUNT, ...answer }, callId]);
    }
    return { methodResponses, sessionState: '1' };
  }

  session() {
    const value = { address: 'alice@example.org', language: this.language, formula: 1, levels, importUrl: '/jmap/import/{accountId}/{transferId}?offset={offset}', exportUrl: '/jmap/export/{accountId}?as={as}', submission: this.programs.server };
    return {
      capabilities: { 'urn:ietf:params:jmap:core': { maxCallsInRequest: 32 }, [CAPABILITY]: value },
      accounts: { [ACCOUNT]: { name: 'alice@example.org', isPersonal: true, isReadOnly: false, accountCapabilities: { [CAPABILITY]: {} } } },
      primaryAccounts: { [CAPABILITY]: ACCOUNT }, username: 'alice@example.org', apiUrl: '/jmap/api',
      downloadUrl: '/jmap/download/{accountId}/{blobId}/{name}?type={type}', uploadUrl: '/jmap/upload/{accountId}',
      eventSourceUrl: '/jmap/events?types={types}&closeafter={closeafter}&ping={ping}', state: '1',
    };
  }
}

/** What a path of RFC 8620 §3.7 leads to: `*` goes through a list. */
function follow(value, [name, ...rest]) {
  if (name === undefined || value === undefined) return value;
  return name === '*' ? [...new Set(value.flatMap((one) => follow(one, rest)))] : follow(value[name], rest);
}
