// Draft, Submission and uploads of docs/api over an account in memory. For development and tests only.

import { blobs, ME, privacyOf, summarise } from './sample.mjs';

const id = (letter, number) => letter + number.toString(36).toUpperCase().padStart(26, '0');
const HIDDEN = { type: 'hidden', description: 'this draft quotes what is held back on this device: show that it is you first' };
const NOW = () => new Date().toISOString();

export class Sending {
  constructor(account) {
    this.account = account;
    this.drafts = new Map();
    this.submissions = new Map();
    this.waiting = new Map();
    this.serial = 0;
    /** What becomes of a message once it left, by handle; delivered inside this server when nothing is said. */
    this.fates = new Map();
  }

  get(type, { ids, properties }) {
    const all = { Draft: this.drafts, Submission: this.submissions }[type];
    const wanted = ids ?? [...all.keys()];
    const part = (one) => (properties ? Object.fromEntries(Object.entries(one).filter(([key]) => properties.includes(key))) : one);
    return { state: String(this.account.sequence), list: wanted.filter((one) => all.has(one)).map((one) => part(type === 'Draft' ? this.account.gate.draft(all.get(one)) : all.get(one))), notFound: wanted.filter((one) => !all.has(one)) };
  }

  /** The newest first. */
  query(type, { limit = 50 }) {
    const all = { Draft: this.drafts, Submission: this.submissions }[type];
    return { ids: [...all.keys()].toReversed().slice(0, limit), position: 0, canCalculateChanges: false, queryState: '1' };
  }

  set(type, args, created) {
    const answer = { created: {}, updated: {}, destroyed: [], notCreated: {}, notUpdated: {}, notDestroyed: {} };
    const note = (done, refused, key, result) => (result.type ? (answer[refused][key] = result) : (answer[done][key] = result.said));
    const room = type === 'Draft' ? { create: (one) => this.createDraft(one), update: (key, one) => this.updateDraft(key, one), destroy: (key) => this.destroyDraft(key) } : { create: (one) => this.submit(one, created), destroy: (key) => this.takeBack(key) };
    for (const [key, one] of Object.entries(args.create ?? {})) {
      const result = room.create(one);
      note('created', 'notCreated', key, result);
      if (!result.type) created.set(key, result.said.id);
    }
    for (const [key, one] of Object.entries(args.update ?? {})) note('updated', 'notUpdated', key, room.update(key, one));
    for (const key of args.destroy ?? []) {
      const result = room.destroy(key);
      if (result.type) answer.notDestroyed[key] = result;
      else answer.destroyed.push(key);
    }
    this.account.push();
    return answer;
  }

  createDraft(words) {
    if (!this.account.desk.identities.has(words.identityId)) return { type: 'forbiddenFrom', description: 'this is not an identity of the account' };
    if (this.account.gate.quotes(words)) return HIDDEN;
    const draft = { conversationId: null, answers: null, forwards: null, to: [], cc: [], bcc: [], subject: '', text: '', html: null, attachments: [], keepMetadata: false, requiresTls: false, conflictOf: null, ...words, id: id('d', (this.serial += 1)), revision: 1, updatedAt: NOW() };
    this.drafts.set(draft.id, draft);
    this.account.record('Draft', draft.id, 'created');
    return { said: { id: draft.id, revision: 1, updatedAt: draft.updatedAt } };
  }

  updateDraft(key, { revision, ...words }) {
    const draft = this.drafts.get(key);
    if (!draft) return { type: 'notFound' };
    if (this.account.gate.quotes(draft)) return HIDDEN;
    if (revision !== undefined && revision !== draft.revision) return { type: 'conflict', properties: ['revision'], description: 'the draft was changed elsewhere' };
    if ('answers' in words || 'conversationId' in words) return { type: 'invalidProperties', properties: ['answers'], description: 'set when it is created' };
    Object.assign(draft, words, { revision: draft.revision + 1, updatedAt: NOW() });
    this.account.record('Draft', key, 'updated');
    return { said: { revision: draft.revision, updatedAt: draft.updatedAt } };
  }

  destroyDraft(key) {
    if (!this.drafts.delete(key)) return { type: 'notFound' };
    this.account.record('Draft', key, 'destroyed');
    return {};
  }

  /** Somebody changes a draft on another device. */
  changeElsewhere(key, words) {
    this.updateDraft(key, words);
    this.account.push();
  }

  submit({ draftId, delayMs, sendAt }, created) {
    const draft = this.drafts.get(draftId.startsWith('#') ? created.get(draftId.slice(1)) : draftId);
    if (!draft) return { type: 'notFound', properties: ['draftId'], description: 'there is no such draft' };
    if (this.account.gate.quotes(draft)) return HIDDEN;
    const people = [...draft.to, ...draft.cc, ...draft.bcc];
    if (!people.length) return { type: 'noRecipients', properties: ['to'], description: 'nobody is written to' };
    if (people.some(({ handle }) => !/^email:[^@\s]+@[^@\s]+\.[^@\s]+$/.test(handle))) return { type: 'invalidRecipients', properties: ['to'], description: 'an address is not one' };
    const conversation = this.conversationOf(people);
    const summary = this.messageOf(draft, conversation);
    const submission = { id: `q${summary.id.slice(1)}`, messageId: summary.id, conversationId: conversation.id, sendAt: sendAt ?? new Date(Date.now() + (delayMs ?? 0)).toISOString(), undoStatus: 'pending', requiresTls: draft.requiresTls, recipients: people.map((one) => Object.assign({}, one, { state: 'waiting', at: null, host: null, security: null, proof: null, tls: null, certificate: null, cause: null, status: null, said: null, attempts: 0, nextTryAt: null })) };
    this.submissions.set(submission.id, submission);
    this.destroyDraft(draft.id);
    this.waiting.set(submission.id, { draft, timer: setTimeout(() => this.leave(submission), Date.parse(submission.sendAt) - Date.now()) });
    this.account.record('Submission', submission.id, 'created');
    const { messageId, conversationId } = submission;
    return { said: { id: submission.id, messageId, conversationId, sendAt: submission.sendAt } };
  }

  conversationOf(people) {
    const key = (all) => all.map((one) => one.handle).toSorted().join(' ');
    const { conversations, contacts } = this.account;
    const found = [...conversations.values()].find((one) => one.kind !== 'list' && key(one.people) === key(people));
    if (found) return found;
    const person = ({ name, handle }) => {
      const contact = [...contacts.values()].find((one) => one.handles.includes(handle));
      return { contactId: contact?.id ?? null, name: contact?.displayName ?? name ?? handle.slice(6), handle, isMe: false };
    };
    const fresh = { id: id('c', 9000 + this.serial), kind: people.length > 1 ? 'group' : 'direct', place: 'inbox', title: null, people: people.map(person), protocol: 'email', identity: 'alice@example.org', importance: 3 };
    conversations.set(fresh.id, fresh);
    this.account.record('Conversation', fresh.id, 'created');
    return fresh;
  }

  messageOf(draft, conversation) {
    const { account } = this;
    const people = (all) => all.map((one) => conversation.people.find((person) => person.handle === one.handle) ?? { contactId: null, name: one.name ?? one.handle.slice(6), handle: one.handle, isMe: false });
    const answered = account.messages.get(draft.answers)?.summary;
    const key = id('m', 5000 + (this.serial += 1));
    const summary = {
      id: key, conversationId: conversation.id, segmentId: answered?.segmentId ?? id('g', 5000 + this.serial), blobId: `b${key}`, direction: 'sent', protocol: 'email', from: [ME], to: people(draft.to), cc: people(draft.cc), bcc: people(draft.bcc), replyTo: [],
      subject: draft.subject, sentAt: NOW(), receivedAt: NOW(), size: 900 + draft.text.length, excerpt: draft.text.slice(0, 160), keywords: { $seen: true }, privacy: privacyOf(12), importance: 3, importanceReasons: [], protection: 'none', warnings: [], suspicious: false, sending: 'waiting',
      attachments: draft.attachments.map((file, index) => ({ partId: index + 2, disposition: 'attachment', ...file })),
    };
    account.messages.set(key, { summary, content: { id: key, bodies: [{ type: 'text', text: draft.text, quotedLines: [] }], headers: [] } });
    summarise(conversation, account.of(conversation.id));
    account.record('Message', key, 'created');
    account.record('Conversation', conversation.id, 'updated');
    return summary;
  }

  takeBack(key) {
    const waiting = this.waiting.get(key);
    if (!this.submissions.has(key)) return { type: 'notFound' };
    if (!waiting) return { type: 'cannotUnsend', description: 'it has left: it cannot be taken back' };
    clearTimeout(waiting.timer);
    this.waiting.delete(key);
    const { messageId, conversationId } = this.submissions.get(key);
    this.submissions.delete(key);
    this.account.messages.delete(messageId);
    this.drafts.set(waiting.draft.id, { ...waiting.draft, revision: waiting.draft.revision + 1 });
    const left = this.account.of(conversationId);
    if (left.length) summarise(this.account.conversations.get(conversationId), left);
    else this.account.conversations.delete(conversationId);
    for (const [type, one, kind] of [['Submission', key, 'destroyed'], ['Message', messageId, 'destroyed'], ['Draft', waiting.draft.id, 'created'], ['Conversation', conversationId, left.length ? 'updated' : 'destroyed']]) this.account.record(type, one, kind);
    return {};
  }

  /** The time is over: it leaves, and what becomes of it is known. */
  leave(submission) {
    this.waiting.delete(submission.id);
    submission.undoStatus = 'final';
    for (const one of submission.recipients) Object.assign(one, { state: 'delivered', at: NOW(), attempts: 1, security: 'same-server' }, this.fates.get(one.handle));
    const { summary } = this.account.messages.get(submission.messageId);
    summary.sending = ['failed', 'deferred', 'waiting'].find((state) => submission.recipients.some((one) => one.state === state)) ?? 'delivered';
    this.account.record('Submission', submission.id, 'updated');
    this.account.record('Message', summary.id, 'updated');
    this.account.push();
  }

  /** Everything that waits leaves now. */
  leaveNow() {
    for (const [key, { timer }] of this.waiting) {
      clearTimeout(timer);
      this.leave(this.submissions.get(key));
    }
  }

  upload(bytes, type) {
    const blobId = id('b', 7000 + (this.serial += 1));
    blobs.set(blobId, bytes);
    return { blobId, type, size: bytes.length };
  }

  stop() {
    for (const { timer } of this.waiting.values()) clearTimeout(timer);
  }
}
