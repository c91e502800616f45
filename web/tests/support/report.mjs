// A message that says how encryption with a domain went (docs/api, Message).

const REPORT = {
  organisation: 'Company-X',
  from: '2026-11-21T00:00:00Z',
  until: '2026-11-21T23:59:59Z',
  policies: [
    { kind: 'mta-sts', domain: 'example.org', met: 5326, failed: 303, failures: [{ kind: 'out-of-date', host: 'mx1.example.org', sessions: 100 }, { kind: 'of-tomorrow', host: null, sessions: 203 }] },
    { kind: 'none', domain: 'old.example.org', met: 1, failed: 0, failures: [] },
  ],
};

/** Comes into the first conversation of the inbox. */
export function addReport(account) {
  const [conversation] = account.ordered({ place: 'inbox' }, 'latestAt');
  const id = account.deliver(conversation, { type: 'text', text: 'This is an aggregate TLS report.', quotedLines: [] }, 'Report Domain: example.org');
  account.messages.get(id).content.encryptionReport = REPORT;
}
