// Outlook of docs/api over invented services. What each says in outlooks.json is what `caliopen assess` says of the
// evidence that the real server would foresee. For development and tests only.

import { readFileSync } from 'node:fs';

const SAID = JSON.parse(readFileSync(new URL('outlooks.json', import.meta.url)));
const RECIPIENTS_MOST = 50;
/** The service behind a domain; of any other, nothing is known but that it is there. */
const SERVICES = { 'gmail.example': 'advertiser', 'kolab.example': 'proven', 'caliopen.example': 'proven', 'example.org': 'local' };
const TROUBLES = { 'nowhere.example': ['no-such-domain', '5.1.2'], 'away.example': ['lookup-failed', '4.4.3'], 'withheld.example': ['not-private', '4.7.5'] };
/** Where messages went over a proven way once. */
const LOST = { 'lost.example': { by: 'dane', at: '2026-11-20T09:00:00.000Z' }, 'withheld.example': { by: 'mta-sts', at: '2026-11-21T09:00:00.000Z' } };
/** The people of this server. */
const HERE = new Set(['alice@example.org', 'bea@example.org', 'bo@example.org']);

export class Outlooks {
  constructor() {
    /** How many more times a recipient is answered only in part. */
    this.partly = new Map();
  }

  get({ recipients, language = 'en' }) {
    if (recipients.length > RECIPIENTS_MOST) return { error: 'requestTooLarge' };
    const isHandle = (text) => /^email:[^@\s]+@[^@\s]+$/.test(text);
    const list = recipients.filter(isHandle).map((recipient) => this.one(recipient, language));
    return { message: together(list, language), list, notFound: recipients.filter((text) => !isHandle(text)) };
  }

  serviceOf(recipient) {
    return SERVICES[recipient.split('@')[1]] ?? 'unseen';
  }

  one(recipient, language) {
    const literal = recipient.slice('email:'.length);
    const domain = literal.split('@')[1];
    const left = this.partly.get(recipient) ?? 0;
    if (left) this.partly.set(recipient, left - 1);
    const nobody = domain === 'example.org' && !HERE.has(literal);
    const [cause, status] = nobody ? ['no-such-recipient', '5.1.1'] : (TROUBLES[domain] ?? []);
    const service = left || cause ? 'nothing' : this.serviceOf(recipient);
    return { recipient, ...said(service, language, domain), evidence: evidence(service, domain), complete: !left, trouble: cause ? { cause, host: null, status } : null, lost: LOST[domain] ?? null };
  }
}

/** What the words rest on: web/formula checks that it gives them. */
const evidence = (service, domain) => JSON.parse(JSON.stringify(SAID[service].evidence).replaceAll('example.net', domain));
const said = (service, language, domain = '') => JSON.parse(JSON.stringify(SAID[service][language]).replaceAll('example.net', domain));

/** The worst of those whom it would reach, read by all who read any. */
function together(list, language) {
  const reached = list.filter((one) => !one.trouble).toSorted((a, b) => a.privacy.score - b.privacy.score);
  const { recipient: _, complete: __, trouble: ___, lost: ____, evidence: _____, ...message } = reached[0] ?? said('nothing', language);
  return { ...message, readers: [...new Set([...message.readers, ...reached.flatMap((one) => one.readers)])] };
}
