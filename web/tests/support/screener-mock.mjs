// New senders and what is decided about them: docs/api over the account in memory.

import { STANDING } from './deeds-mock.mjs';
import { privacyOf } from './sample.mjs';

const id = (letter, number) => letter + number.toString(36).toUpperCase().padStart(26, '0');
const domainOf = (one) => one.people[0].handle.split('@').at(-1);

export class Screener {
  constructor(account) {
    this.account = account;
    this.isOn = true;
    this.decisions = new Map();
  }

  /** Somebody writes for the first time. */
  stranger(number, { name, address, kind = 'direct', subject = 'Hello', suspicious = false }) {
    const person = { contactId: id('p', 500 + number), name, handle: `email:${address}`, isMe: false };
    const at = new Date(Date.parse('2026-11-22T10:00:00Z') + number * 60_000).toISOString();
    const one = {
      id: id('c', 9_000 + number), kind, place: 'new-senders', title: null, people: [person], protocol: 'email', identity: 'alice@example.org', ...STANDING, listedAt: at, latestAt: at,
      latestMessageId: id('m', 9_000 + number), subject, excerpt: 'We have not met yet.', latestDirection: 'received', messageCount: 1, unreadCount: 1, hasAttachment: false,
      importance: 0, privacy: privacyOf(12), suspicious, protection: 'none',
    };
    this.account.contacts.set(person.contactId, { id: person.contactId, name: null, suggestedName: name, displayName: name, note: null, state: 'suggested', handles: [person.handle], blocked: false, showsPictures: false });
    this.account.conversations.set(one.id, one);
    this.account.record('Conversation', one.id, 'created');
    this.account.push();
    return one.id;
  }

  run(name, args) {
    if (name === 'Screener/decide') return this.decide(args);
    if (name === 'Screener/get') return { list: [{ id: 'singleton', isOn: this.isOn, hasBegun: true }], notFound: [] };
    if (name === 'Screener/set') return this.set(args);
    if (name === 'Decision/set') {
      for (const each of args.destroy) this.decisions.delete(each);
      return { destroyed: args.destroy };
    }
    return { state: String(this.account.sequence), list: [...this.decisions.values()], notFound: [] };
  }

  set({ update }) {
    this.isOn = update.singleton.isOn;
    if (!this.isOn) for (const one of this.waiting()) this.move(one, 'inbox');
    this.account.push();
    return { updated: { singleton: null } };
  }

  waiting() {
    return [...this.account.conversations.values()].filter((one) => one.place === 'new-senders');
  }

  move(one, place) {
    one.place = place;
    this.account.record('Conversation', one.id, 'updated');
  }

  decide({ conversationId, scope, decision }) {
    const one = this.account.conversations.get(conversationId);
    const contact = this.account.contacts.get(one.people[0].contactId);
    const same = { person: (other) => other.people[0].contactId === contact.id, domain: (other) => domainOf(other) === domainOf(one), sender: (other) => other === one }[scope];
    const key = scope === 'domain' ? domainOf(one) : one.id;
    if (scope === 'person') contact.blocked = decision === 'refuse';
    else if (decision === 'ask') this.decisions.delete(key);
    else this.decisions.set(key, { id: key, scope, name: scope === 'domain' ? key : one.people[0].name, decision, decidedAt: one.latestAt });
    const moved = decision === 'ask' ? [] : this.waiting().filter(same);
    for (const each of moved) this.move(each, decision === 'accept' ? 'inbox' : 'bin');
    this.account.push();
    return { moved: moved.map((each) => each.id) };
  }
}
