// People, conversations and messages in the shapes of docs/api, for development and tests. Everybody is invented.

import { FILES, picture } from './files.mjs';

const id = (letter, number) => letter + number.toString(36).toUpperCase().padStart(26, '0');
const NOW = Date.parse('2026-11-22T10:00:00.000Z');
const at = (minutesAgo) => new Date(NOW - minutesAgo * 60_000).toISOString();
export const ME = { contactId: null, name: 'Alice Martin', handle: 'email:alice@example.org', isMe: true };

const NAMES = ['Ana Moreau', 'Bo Lindqvist', 'Chiara Bianchi', 'Driss El Amrani', 'Élise Dubois', 'Farid Haddad', 'Giulia Conti', 'Hanna Weiß', 'Ивана Петрова', '田中 花子'];
export const contacts = NAMES.map((name, index) => ({
  id: id('p', index + 1), name: index % 3 ? null : name, suggestedName: name, displayName: name,
  note: index === 0 ? 'Met at the choir. Prefers short messages.' : null,
  state: index % 3 ? 'suggested' : 'confirmed',
  handles: [`email:${['ana', 'bo', 'chiara', 'driss', 'elise', 'farid', 'giulia', 'hanna', 'ivana', 'hanako'][index]}@${['gmail.example', 'example.net', 'posta.example', 'kolab.example', 'example.fr', 'mail.example', 'caliopen.example', 'example.de', 'pochta.example', 'example.jp'][index]}`],
  blocked: false, showsPictures: false,
}));
const person = (index) => ({ contactId: contacts[index].id, name: contacts[index].displayName, handle: contacts[index].handles[0], isMe: false });
const shop = { contactId: id('p', 90), name: 'Night Train Tickets', handle: 'email:no-reply@tickets.example', isMe: false };
contacts[0].fields = [
  { kind: 'phone', use: 'mobile', value: '+33 6 12 34 56 78' }, { kind: 'address', use: 'home', value: '12 rue des Lilas, 69003 Lyon, France' },
  { kind: 'organisation', use: null, value: 'Chœur de la Croix-Rousse' }, { kind: 'birthday', use: null, value: '--04-12' }, { kind: 'url', use: null, value: 'https://choir.example.org/' },
];
contacts.push({ id: shop.contactId, name: null, suggestedName: shop.name, displayName: shop.name, note: null, state: 'suggested', handles: [shop.handle], blocked: false, showsPictures: false });

export const privacyOf = (score, approximate = false) => ({
  score, approximate, level: score < 5 ? 1 : score < 20 ? 2 : score < 50 ? 3 : score < 80 ? 4 : 5, formula: 1,
});

export const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
export const blobs = new Map();

const NEWSLETTER = {
  type: 'html', remoteCount: 3, remoteImages: 2, contentIds: ['logo@tickets'],
  html: '<div class="m1-w"><table class="m1-t" width="600" align="center" cellpadding="0" cellspacing="0" bgcolor="#ffffff"><tbody><tr><td class="m1-h"><img data-cid="0" alt="Night Train" width="64" height="64"><h1>Your seats to Vienna</h1></td></tr><tr><td><p>Dear Alice,</p><p>your sleeper on <b>12 December</b> is confirmed. Coach 304, berths 15 and 16. The train leaves at 19:43 from platform 4.</p><img data-remote="0" alt="map of the station" width="560" height="180"><img data-remote="1" alt="the timetable" width="560" height="90"><img data-remote="" alt="" width="1" height="1"><p><a class="m1-b" href="https://tickets.example/booking/8842">See the booking</a></p><p>Or pay at <a href="https://pay.evil.example/x">www.mybank.example</a>.</p><ul><li>Breakfast is served from 6:30</li><li>Bicycles need a place of their own</li></ul></td></tr><tr><td class="m1-f"><small>Night Train Tickets · Ringstraße 1 · <a href="https://tickets.example/unsubscribe">unsubscribe</a></small></td></tr></tbody></table></div>',
  css: '.m1-w{background-color:#eef2f7;padding:24px}.m1-t{border-radius:12px}.m1-t td{padding:12px 24px}.m1-h{background-color:#1b2a49;color:#fff}.m1-b{display:inline-block;padding:10px 18px;border-radius:8px;background-color:#d94f30;color:#fff;text-decoration:none}.m1-f{color:#667}',
  text: 'Dear Alice,\nyour sleeper on 12 December is confirmed.\nSee the booking: https://tickets.example/booking/8842',
};
const RICH = {
  type: 'html', remoteCount: 0, remoteImages: 0, contentIds: [], css: '',
  html: '<p>Hello Alice,</p><p>here is what we agreed on Thursday:</p><ol><li>The concert is on <b>18 December</b> at 20:00.</li><li>Rehearsals stay on Tuesdays.</li><li>Bo brings the scores; the <a href="https://scores.example.net/winter">list is here</a>.</li></ol><blockquote><p>Could we move the break to nine?</p></blockquote><p>Yes, gladly.<br>Hanna</p>',
  text: 'Hello Alice,\nhere is what we agreed on Thursday…',
};
/** As mailing lists write: broken at 72 columns. */
const ANNOUNCEMENT = `Version 13.2 is out. It mends the installer on machines that start from a
network, and brings the new time zones; whoever upgrades every week has
most of it already. The full list of changes stands at
https://lists.example/13.2 and in the package itself.

Before you upgrade:

 * keep a copy of /etc, as always
 * read the notes on the printer service, which has another name now

  Architecture   Size      Mirror
  amd64          3.7 GB    all of them
  riscv64        3.4 GB    two of them

Thank you to everybody who tested the candidates in the rain, on trains and
on the old machines that we no longer own.

-- 
The release team`;
const text = (body, quotedLines = []) => ({ type: 'text', text: body, quotedLines });

let serial = 0;
function message(conversation, segment, minutes, from, body, more = {}) {
  serial += 1;
  const sent = from === ME;
  const said = body?.text ?? '';
  const one = {
    id: id('m', serial), conversationId: conversation.id, segmentId: id('g', segment), blobId: id('b', serial),
    direction: sent ? 'sent' : 'received', protocol: 'email', from: [from], to: sent ? conversation.people : [ME], cc: [], replyTo: [],
    subject: more.subject ?? '', sentAt: at(minutes + 1), receivedAt: at(minutes), size: 1800 + said.length * 3,
    excerpt: said.split('\n').filter((line) => !line.startsWith('>')).join(' ').slice(0, 160),
    keywords: { $seen: true }, privacy: privacyOf(12), importance: 3, importanceReasons: ['knownPerson'],
    protection: 'none', warnings: [], suspicious: false, attachments: [], ...more,
  };
  const headers = [['From', `${from.name} <${from.handle.slice(6)}>`], ['To', 'alice@example.org'], ['Subject', one.subject], ['Date', one.sentAt], ['Message-ID', `<${serial}@example.org>`]];
  return { summary: one, content: { id: one.id, bodies: body ? [body] : [], headers } };
}

function conversation(number, people, more) {
  return {
    id: id('c', number), kind: people.length > 1 ? 'group' : 'direct', place: 'inbox', title: null, people, protocol: 'email',
    identity: 'alice@example.org', hasAttachment: false, importance: 3, suspicious: false, protection: 'none', ...more,
  };
}

/** Sets what a list shows of a conversation from its messages. */
export function summarise(one, messages) {
  const latest = messages.at(-1).summary;
  Object.assign(one, {
    latestAt: latest.receivedAt, latestMessageId: latest.id, subject: latest.subject, excerpt: latest.excerpt, latestDirection: latest.direction,
    messageCount: messages.length, unreadCount: messages.filter(({ summary }) => !summary.keywords.$seen).length,
    hasAttachment: messages.some(({ summary }) => summary.attachments.length > 0), privacy: latest.privacy,
    suspicious: latest.suspicious, protection: latest.protection,
  });
  return one;
}

const unread = { keywords: {} };

function handMade() {
  const all = [];
  const add = (number, people, parts, more = {}) => {
    const one = conversation(number, people, more);
    const messages = parts.map(([segment, minutes, from, body, extra]) => message(one, segment, minutes, from, body, extra));
    all.push({ conversation: summarise(one, messages), messages });
  };
  add(1, [person(0)], [
    [1, 4300, person(0), text('Dear Alice,\n\nare you coming to the rehearsal on Tuesday? The room changed: see https://choir.example.org/rooms?id=4 (second floor).\n\nAna'), { subject: 'Rehearsal on Tuesday', privacy: privacyOf(3) }],
    [1, 4200, ME, text('Yes! I will bring the scores.\n\n> are you coming to the rehearsal on Tuesday? The room\n> changed: see https://choir.example.org/rooms?id=4\n> (second floor).\n>\n> Ana', [[2, 6]]), { subject: 'Re: Rehearsal on Tuesday', privacy: privacyOf(3) }],
    [2, 320, person(0), text('One more thing: could you lend me the tenor part of the Fauré? Mine has lost its last page.\nNo hurry, Sunday is fine.'), { subject: 'The Fauré', privacy: privacyOf(3) }],
    [1, 12, person(0), text('Perfect, thank you. I have put the new times in the shared calendar:\nhttps://calendar.example.org/choir and a copy is attached.\n\nSee you on Tuesday,\nAna'), { subject: 'Re: Rehearsal on Tuesday', privacy: privacyOf(3), ...unread, attachments: [{ partId: 2, blobId: 'bATT.2', type: 'application/pdf', name: 'rehearsals-winter.pdf', size: 184_320, disposition: 'attachment', cid: null }, { partId: 3, blobId: 'bATT.3', type: 'image/png', name: 'room.png', size: 2_400_000, disposition: 'attachment', cid: null }] }],
  ], { importance: 7 });
  add(2, [person(6)], [
    [3, 58, person(6), text('Ciao Alice,\n\nti scrivo dal mio nuovo Caliopen: guarda che indice!\n\nGiulia'), { subject: 'Dal mio Caliopen', privacy: privacyOf(87), protection: 'none', ...unread }],
  ], { importance: 6 });
  add(3, [shop], [
    [4, 95, shop, NEWSLETTER, { subject: 'Your seats to Vienna', privacy: privacyOf(12), ...unread, attachments: [{ partId: 3, blobId: 'bATT.9', type: 'image/png', name: 'logo.png', size: 70, disposition: 'inline', cid: 'logo@tickets' }, { partId: 4, blobId: 'bATT.10', type: 'application/pdf', name: 'tickets.pdf', size: 91_000, disposition: 'attachment', cid: null }] }],
  ], { kind: 'automated', importance: -2 });
  add(4, [person(7), person(1), person(2)], [
    [5, 1500, person(1), text('Shall we say nine for the break?'), { subject: 'Winter concert', privacy: privacyOf(10, true) }],
    [5, 1440, ME, text('Fine for me.'), { subject: 'Re: Winter concert', privacy: privacyOf(10, true) }],
    [5, 140, person(7), RICH, { subject: 'Re: Winter concert', privacy: privacyOf(12, true), to: [ME, person(1)], cc: [person(2)] }],
  ], { importance: 5 });
  add(5, [person(3)], [
    [6, 400, person(3), null, { subject: 'The contract', privacy: privacyOf(55), protection: 'pgp-encrypted' }],
  ], { importance: 4 });
  add(6, [{ contactId: id('p', 91), name: 'security@paypal.example', handle: 'email:x81@cheap-host.example', isMe: false }], [
    [7, 700, { contactId: id('p', 91), name: 'security@paypal.example', handle: 'email:x81@cheap-host.example', isMe: false }, text('Your account is limited. Restore it now: http://paypal.example@203.0.113.9/login\nor https://раура1.example/restore'), { subject: 'Your account is limited!', privacy: privacyOf(2), suspicious: true, warnings: ['nameLooksLikeAddress', 'replyGoesElsewhere'], replyTo: [{ contactId: null, name: 'R', handle: 'email:collect@drop.example', isMe: false }], ...unread }],
  ], { importance: -9 });
  contacts.push({ id: id('p', 91), name: null, suggestedName: 'security@paypal.example', displayName: 'security@paypal.example', note: null, state: 'suggested', handles: ['email:x81@cheap-host.example'], blocked: false, showsPictures: false });
  add(7, [{ contactId: null, name: 'Debian announcements', handle: 'email:debian-announce@lists.example', isMe: false }], [
    [8, 1000, person(5), text(ANNOUNCEMENT), { subject: '[announce] Updated Debian 13: 13.2 released', privacy: privacyOf(0) }],
  ], { kind: 'list', importance: -1 });
  add(8, [person(4)], [
    [9, 1700, ME, text('Chère Élise, voici ma clé. Dis-moi si elle fonctionne.'), { subject: 'Ma clé', privacy: privacyOf(39), protection: 'pgp-signed' }],
    [9, 1600, person(4), text('Elle fonctionne ! Merci.\n\n> Chère Élise, voici ma clé.', [[2, 3]]), { subject: 'Re: Ma clé', privacy: privacyOf(39), protection: 'pgp-signed' }],
  ], { importance: 5 });
  add(9, [person(8)], [[10, 2600, person(8), text('Добрый день!\n\nСпасибо за фотографии.'), { subject: 'Фотографии', privacy: privacyOf(12), attachments: FILES.map(({ bytes, ...file }, index) => ({ partId: index + 2, blobId: `bFILE.${index + 2}`, size: bytes.length, disposition: 'attachment', cid: null, ...file })) }]], {});
  add(10, [person(9)], [[11, 3000, person(9), text('こんにちは。来週の予定を教えてください。'), { subject: '来週の予定', privacy: privacyOf(18) }]], {});
  blobs.set('bATT.9', Buffer.from(PIXEL, 'base64'));
  blobs.set('bATT.3', picture(960, 640));
  FILES.forEach(({ bytes }, index) => blobs.set(`bFILE.${index + 2}`, bytes));
  return all;
}

const SUBJECTS = ['Lunch on Friday?', 'Minutes of the meeting', 'Photos from the lake', 'Invoice 2026-113', 'Re: The garden', 'Train times', 'A book for you', 'Keys', 'Birthday', 'Draft, second version'];
const SCORES = [3, 12, 12, 19, 10, 39, 55, 84, 0, 26];

/** The hand-made conversations first, then as many plain ones as it takes. */
export function world(count = 60) {
  serial = 0;
  contacts.length = NAMES.length + 1;
  const made = handMade();
  const archived = conversation(50, [person(2)], { place: 'archive' });
  made.push({ conversation: summarise(archived, [message(archived, 50, 9000, person(2), text('Grazie ancora!'), { subject: 'Grazie' })]), messages: [] });
  for (let number = made.length; number < count; number++) {
    const from = person(number % NAMES.length);
    const one = conversation(100 + number, [from], { importance: (number % 13) - 5 });
    const extra = { subject: SUBJECTS[number % SUBJECTS.length], privacy: privacyOf(SCORES[number % SCORES.length], number % 7 === 0) };
    const only = message(one, 100 + number, 4000 + number * 37, from, text(`Message number ${number}. Shall we talk about it next week?`), extra);
    made.push({ conversation: summarise(one, [only]), messages: [only] });
  }
  return made;
}

const REPORTS = {
  en: {
    words: ['Postcard', 'In transit', 'Sealed', 'Sealed and known', 'Private'],
    sentences: ['Gmail can read this.', 'Protected on the way, readable by both mail servers.', 'Only you two can read it. Gmail sees that you write.', 'Only you two can read it; the key is known or checked.', 'Private from end to end, on both services.'],
  },
  fr: {
    words: ['Carte postale', 'En chemin', 'Scellé', 'Scellé et reconnu', 'Confidentiel'],
    sentences: ['Gmail peut lire ceci.', 'Protégé en chemin, lisible par les deux serveurs.', 'Vous seuls pouvez le lire. Gmail voit que vous écrivez.', 'Vous seuls pouvez le lire ; la clé est connue ou vérifiée.', 'Confidentiel de bout en bout, sur les deux services.'],
  },
  it: {
    words: ['Cartolina', 'In viaggio', 'Sigillato', 'Sigillato e riconosciuto', 'Riservato'],
    sentences: ['Gmail può leggere questo messaggio.', 'Protetto durante il viaggio, leggibile da entrambi i server.', 'Solo voi due potete leggerlo. Gmail vede che scrivete.', 'Solo voi due potete leggerlo; la chiave è nota o controllata.', 'Riservato da un capo all’altro, su entrambi i servizi.'],
  },
};
const FROM = [0, 5, 20, 50, 80];
const TO = [4, 19, 49, 79, 100];
export const levels = Object.fromEntries(
  Object.entries(REPORTS).map(([language, { words }]) => [language, words.map((word, index) => ({ level: index + 1, word, from: FROM[index], to: TO[index] }))]),
);

export function report(summary, language) {
  const { privacy } = summary;
  const words = REPORTS[language] ?? REPORTS.en;
  const low = privacy.level <= 2;
  return {
    id: summary.id, privacy, levelWord: words.words[privacy.level - 1], sentence: words.sentences[privacy.level - 1], suspicious: summary.suspicious,
    readers: low ? ['Gmail', 'example.org (this server)', 'Gmail'] : [], watchers: low ? ['Gmail', 'example.org (this server)'] : ['Gmail'],
    cap: low ? { limit: privacy.score, reason: privacy.level === 1 ? 'Gmail lives on advertising and can read every word of it: nothing else counts until that changes.' : 'The connection was encrypted, but nobody proved which server answered.' } : null,
    caps: low ? [{ limit: privacy.score, reason: 'The first limit.' }, { limit: 19, reason: 'The message was not end-to-end encrypted.' }] : [],
    points: [
      { component: 'content', label: 'Content', axis: 'technical', points: 8, most: 40, known: true, reason: 'TLS on the hop that we saw, and the server proved its name.', evidence: ['TLSv1.3 with mx.gmail.example, X25519MLKEM768', 'MTA-STS policy enforced, id 20261101'] },
      { component: 'identity', label: 'Identity', axis: 'behaviour', points: 4, most: 20, known: true, reason: 'The domain vouches for the sender (DMARC).', evidence: ['DMARC pass for gmail.example', 'DKIM pass, selector 20230601'] },
      { component: 'exposure', label: 'Exposure', axis: 'context', points: 3, most: 25, known: true, reason: 'Gmail lives on advertising. The message came straight from its server.', evidence: ['Handler class E: Gmail'] },
      { component: 'atRest', label: 'At rest', axis: 'technical', points: 5, most: 10, known: true, reason: 'Here it is sealed to your own key.', evidence: ['Sealed on arrival'] },
      { component: 'context', label: 'Device', axis: 'behaviour', points: 0, most: 5, known: false, reason: 'Nothing is known of the device that wrote it.', evidence: [] },
    ],
    raises: [
      { who: 'contact', whoLabel: 'Ana', axis: 'context', action: 'Ana writes from a provider that does not read mail.', projected: Math.min(100, Math.max(19, privacy.score + 7)) },
      { who: 'you', whoLabel: 'You', axis: 'technical', action: 'Exchange keys with Ana: the next message is then sealed.', projected: Math.max(39, privacy.score) },
      { who: 'provider', whoLabel: 'Gmail', axis: 'technical', action: 'The provider publishes DANE records.', projected: Math.max(privacy.score, 12) },
    ],
    formula: 1, assessedAt: summary.receivedAt,
  };
}
