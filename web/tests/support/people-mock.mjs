// Contacts of docs/api over an account in memory: made, edited, deleted, put together and apart, brought as cards.
// For development and tests only. A card is read by its FN, EMAIL and TEL lines alone: reading cards is the server's.

import { blobs } from './sample.mjs';

/** Whose addresses were looked at before: Hanna and those after her were not. */
const LOOKED = ['ana@gmail.example', 'bo@example.net', 'chiara@posta.example', 'driss@kolab.example', 'elise@example.fr', 'farid@mail.example', 'giulia@caliopen.example'].map((address) => `email:${address}`);
const id = (number) => `p9${number.toString(36).toUpperCase().padStart(25, '0')}`;
/** What the server says of a way (crates/privacy/src/contact.rs). */
const STANDINGS = {
  en: { best: 'The most private way that would arrive.', usable: 'It would arrive, less privately.', 'not-seen': 'It is not checked yet.' },
  fr: { best: 'La voie la plus confidentielle qui aboutirait.', usable: 'Cette voie aboutirait, de façon moins confidentielle.', 'not-seen': 'Cette voie n’a pas encore été vérifiée.' },
  it: { best: 'La via più riservata che arriverebbe.', usable: 'Arriverebbe, in modo meno riservato.', 'not-seen': 'Non è ancora stata verificata.' },
};
const canonical = (handle) => handle.toLowerCase();

export class People {
  constructor(account) {
    this.account = account;
    this.deleted = new Map();
    this.linked = new Map();
    this.serial = 0;
    /** Addresses that somebody looked at: those of the first people of the sample. */
    this.looked = new Set(LOOKED);
  }

  get all() {
    return this.account.contacts;
  }

  /** A contact as `/get` shows it. */
  whole(key, properties) {
    const one = this.all.get(key);
    if (!one) return null;
    const links = one.links ?? [];
    const parts = [one, ...links.map(({ id: part }) => this.linked.get(part))];
    const way = (part, link) => part.handles.map((handle) => ({ handle, blocked: !!part.blocked, confirmed: part.state === 'confirmed', linkedId: link?.id ?? null, linkedAt: link?.at ?? null }));
    const ways = parts.flatMap((part, index) => way(part, links[index - 1]));
    for (const entry of ways) if (one.confirmed?.includes(entry.handle)) entry.confirmed = true;
    const asked = !properties || properties.includes('conversations');
    const conversations = !asked ? [] : [...this.account.conversations.values()].filter(({ kind, people }) => kind === 'direct' && people[0] && this.owner(people[0].contactId) === key).map((found) => found.id);
    const { links: _, confirmed: __, ...said } = one;
    const handles = ways.map((entry) => entry.handle);
    return { ...said, privacy: this.best(handles)?.privacy ?? null, handles, fields: parts.flatMap((part) => part.fields ?? []), ways, conversations };
  }

  /** What a message over the best address that was looked at would be. */
  best(handles, language = 'en') {
    const seen = handles.filter((handle) => this.looked.has(handle)).map((handle) => this.account.outlooks.one(handle, language)).filter((one) => !one.trouble);
    return seen.toSorted((a, b) => b.privacy.score - a.privacy.score)[0] ?? null;
  }

  /** Somebody looks: whoever shows the contact is told. */
  look(handles) {
    for (const handle of handles.filter((one) => !this.looked.has(one))) {
      this.looked.add(handle);
      const owner = this.at(handle);
      if (owner) this.account.record('Contact', owner.id, 'updated');
    }
  }

  /** PrivacyReport of a contact. */
  report(key, language) {
    const one = this.whole(key);
    if (!one) return null;
    const best = this.best(one.handles, language);
    const { recipient, complete: _, trouble: __, evidence: ___, lost: ____, ...explained } = best ?? this.account.outlooks.one('email:x@nowhere.example', language);
    const standing = (handle) => (handle === recipient && best ? 'best' : this.looked.has(handle) ? 'usable' : 'not-seen');
    const ways = one.handles.map((handle) => ({ handle, standing: standing(handle), reason: STANDINGS[language][standing(handle)], privacy: this.best([handle])?.privacy ?? null, lookedAt: null }));
    const day = (ago) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
    const history = best ? [{ day: day(40), score: 12, approximate: true }, { day: day(2), score: best.privacy.score, approximate: true }] : [];
    return { id: key, ...explained, ...(best ? { assessedAt: new Date().toISOString() } : { privacy: null, levelWord: null, assessedAt: null }), ways: ways.toSorted((a, b) => (b.privacy?.score ?? -1) - (a.privacy?.score ?? -1)), history };
  }

  owner(key) {
    return [...this.all.values()].find((one) => one.links?.some((link) => link.id === key))?.id ?? key;
  }

  get(args) {
    const wanted = args.ids ?? [...this.all.keys()];
    const part = (one) => (args.properties ? Object.fromEntries(Object.entries(one).filter(([key]) => key === 'id' || args.properties.includes(key))) : one);
    return { state: String(this.account.sequence), list: wanted.filter((key) => this.all.has(key)).map((key) => part(this.whole(key, args.properties))), notFound: wanted.filter((key) => !this.all.has(key)) };
  }

  set({ create = {}, update = {}, destroy = [] }) {
    const answer = { created: {}, updated: {}, destroyed: [], notCreated: {}, notUpdated: {}, notDestroyed: {} };
    for (const [name, words] of Object.entries(create)) {
      const refused = this.refuses(words, null);
      if (refused) answer.notCreated[name] = refused;
      else answer.created[name] = { id: words.restores ? this.restore(words.restores) : this.make(words) };
    }
    for (const [key, patch] of Object.entries(update)) {
      const refused = this.refuses(patch, key);
      if (refused) answer.notUpdated[key] = refused;
      else answer.updated[key] = this.change(key, patch);
    }
    for (const key of destroy) {
      this.deleted.set(key, this.all.get(key));
      this.all.delete(key);
      this.account.record('Contact', key, 'destroyed');
      answer.destroyed.push(key);
    }
    this.account.push();
    return answer;
  }

  refuses(words, own) {
    const taken = (words.handles ?? []).map((handle) => this.at(handle)).find((one) => one && one.id !== own);
    if (taken) return { type: 'handleTaken', properties: ['handles'], description: `${taken.id}: this address belongs to another contact` };
    if ((words.handles ?? []).some((handle) => !/^email:[^@\s]+@[^@\s]+$/.test(handle))) return { type: 'invalidProperties', properties: ['handles'], description: 'no address' };
    const birthday = (words.fields ?? []).find((field) => field.kind === 'birthday' && !/^(\d{4}|-)-\d\d-\d\d$/.test(field.value));
    if (birthday) return { type: 'invalidProperties', properties: ['fields'], description: 'no day' };
    const empty = !own && !words.restores && !words.name && !words.handles?.length && !words.fields?.length;
    return empty ? { type: 'invalidProperties', properties: ['name'], description: 'nobody' } : null;
  }

  at(handle) {
    return [...this.all.values()].find((one) => this.whole(one.id).handles.some((other) => canonical(other) === canonical(handle)));
  }

  make(words) {
    const key = id((this.serial += 1));
    const name = words.name ?? null;
    this.all.set(key, { id: key, suggestedName: null, note: null, handles: [], fields: [], blocked: false, showsPictures: false, ...words, name, state: 'confirmed', displayName: name ?? words.handles?.[0]?.slice(6) ?? '' });
    this.account.record('Contact', key, 'created');
    return key;
  }

  restore(key) {
    this.all.set(key, this.deleted.get(key));
    this.account.record('Contact', key, 'created');
    return key;
  }

  change(key, { ways, ...patch }) {
    const one = this.all.get(key);
    const isOfPictures = Object.keys(patch).every((key) => key === 'showsPictures');
    Object.assign(one, patch, isOfPictures ? {} : { state: 'confirmed' });
    if (patch.handles) one.handles = patch.handles.filter((handle) => !(one.links ?? []).some((link) => this.linked.get(link.id).handles.includes(handle)));
    const said = (ways ?? []).filter((way) => way.confirmed).map((way) => way.handle);
    one.confirmed = [...new Set([...(one.confirmed ?? []), ...said])];
    one.displayName = one.name ?? one.suggestedName ?? one.handles[0]?.slice(6) ?? '';
    this.account.record('Contact', key, 'updated');
    return null;
  }

  merge({ id: key, otherId }) {
    const one = this.all.get(key);
    one.links = [...(one.links ?? []), { id: otherId, at: new Date().toISOString() }];
    this.linked.set(otherId, this.all.get(otherId));
    this.all.delete(otherId);
    this.account.record('Contact', otherId, 'destroyed');
    return this.told(key);
  }

  split({ id: key, otherId }) {
    const one = this.all.get(key);
    one.links = one.links.filter((link) => link.id !== otherId);
    this.all.set(otherId, this.linked.get(otherId));
    this.linked.delete(otherId);
    this.account.record('Contact', otherId, 'created');
    return this.told(key);
  }

  told(key) {
    this.account.record('Contact', key, 'updated');
    this.account.push();
    return { oldState: '1', newState: String(this.account.sequence) };
  }

  import({ blobId }) {
    const text = blobs.get(blobId)?.toString() ?? '';
    const report = { made: 0, updated: 0, unchanged: 0, skipped: 0, skippedCards: [], leftOut: 0, isCut: false };
    text.split(/BEGIN:VCARD/i).slice(1).forEach((card, index) => {
      const line = (name) => new RegExp(`^${name}[^:\\n]*:(.*)$`, 'mi').exec(card)?.[1]?.trim() ?? null;
      const [name, mail, phone] = [line('FN'), line('EMAIL'), line('TEL')];
      if (!name && !mail) {
        report.skipped += 1;
        report.skippedCards.push({ number: index + 1, name: null, why: 'empty' });
      } else if (mail && this.at(`email:${mail}`)) report.unchanged += 1;
      else {
        this.make({ name, handles: mail ? [`email:${mail}`] : [], fields: phone ? [{ kind: 'phone', use: 'mobile', value: phone }] : [] });
        report.made += 1;
      }
    });
    this.account.push();
    return { ...report, oldState: '1', newState: String(this.account.sequence) };
  }

  /** All as cards, for the download. */
  text() {
    return [...this.all.values()].map((one) => `BEGIN:VCARD\r\nVERSION:4.0\r\nFN:${one.displayName}\r\nEND:VCARD\r\n`).join('');
  }

  run(verb, args) {
    return { get: (asked) => this.get(asked), set: (asked) => this.set(asked), merge: (asked) => this.merge(asked), split: (asked) => this.split(asked), import: (asked) => this.import(asked) }[verb](args);
  }
}
