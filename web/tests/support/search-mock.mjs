// Search as docs/api has it, over the invented account: enough of it for the tests of the application. The real one is
// in crates/search, and has its own tests.

const fold = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
const words = (text) => [...(text ?? '').matchAll(/[\p{L}\p{N}]+/gu)].map((match) => ({ term: fold(match[0]), start: match.index, end: match.index + match[0].length }));
const UNKNOWN = /(?:^|\s)((?!from|to|subject|is|in|has|before|after|pi|route|label|by)[a-z]+:(?!\/\/)\S+)/iu;

export class Search {
  constructor(account) {
    this.account = account;
    /** How much of the account is searched. */
    this.percent = 100;
  }

  #texts({ summary, content }) {
    const people = (list) => list.map((one) => `${one.name} ${one.handle.slice(6)}`).join(' ');
    const body = content.bodies.map((one) => one.text ?? '').join('\n');
    return { subject: summary.subject, from: people(summary.from), to: people([...summary.to, ...summary.cc]), body, file: summary.attachments.map((one) => one.name ?? '').join(' ') };
  }

  #items(text, typing) {
    const items = text.match(/-?(?:[a-z]+:)?(?:"[^"]*"?|\S+)/giu) ?? [];
    return items.map((item, index) => {
      const [, excluded, operator, value] = /^(-?)(?:([a-z]+):)?(.*)$/iu.exec(item);
      const terms = words(value).map((one) => one.term);
      const prefix = value.endsWith('*') || (typing && index === items.length - 1 && /[\p{L}\p{N}]$/u.test(text));
      return { excluded: excluded === '-', operator: operator?.toLowerCase(), value, terms, prefix };
    });
  }

  #holds(item, one) {
    const { summary } = one;
    const conversation = this.account.conversations.get(summary.conversationId);
    const facts = {
      is: { unread: !summary.keywords.$seen, read: Boolean(summary.keywords.$seen), flagged: Boolean(summary.keywords.$flagged), sent: summary.direction === 'sent', received: summary.direction === 'received' },
      in: { [conversation.place]: true }, has: { attachment: summary.attachments.some((file) => file.disposition === 'attachment') },
    }[item.operator];
    if (item.operator === 'by') return !item.excluded;
    if (facts) return facts[item.value] ?? false;
    const texts = this.#texts(one);
    const fields = texts[item.operator] === undefined ? Object.values(texts) : [texts[item.operator]];
    return fields.some((text) => this.#places(text, item).length > 0);
  }

  #places(text, { terms, prefix }) {
    const there = words(text);
    const stands = (at) => terms.length > 0 && terms.every((term, index) => there[at + index]?.term === term || (prefix && index === terms.length - 1 && there[at + index]?.term.startsWith(term)));
    return there.flatMap((word, at) => (stands(at) ? [[word.start, there[at + terms.length - 1].end]] : []));
  }

  query(type, args) {
    const { text, isTyping = false, onePerConversation = type === 'Conversation' } = args.filter;
    const items = this.#items(text, isTyping);
    const all = [...this.account.messages.values()].filter((one) => !this.account.gate.holds(one.summary) && items.every((item) => this.#holds(item, one) !== item.excluded));
    const newest = all.toSorted((a, b) => (a.summary.receivedAt < b.summary.receivedAt ? 1 : -1));
    const seen = new Set();
    const groupOf = (summary) => (items.some((item) => item.operator === 'by') ? summary.segmentId : summary.conversationId);
    const kept = newest.filter(({ summary }) => !onePerConversation || (!seen.has(groupOf(summary)) && seen.add(groupOf(summary))));
    const ids = kept.map(({ summary }) => (type === 'Conversation' ? summary.conversationId : summary.id));
    const unknown = UNKNOWN.exec(text)?.[1];
    const problems = unknown ? [{ text: unknown, position: text.indexOf(unknown), reason: 'unknownOperator' }] : [];
    return { ...this.account.page(ids, args), search: { percentIndexed: this.percent, isComplete: this.percent === 100, isCut: false, leavesOut: this.account.gate.hides.length > 0, problems } };
  }

  #marked(text, items) {
    const places = items.flatMap((item) => (item.excluded ? [] : this.#places(text, item))).toSorted((a, b) => a[0] - b[0]);
    const parts = [];
    let at = 0;
    for (const [start, end] of places) {
      if (start < at) continue;
      parts.push(text.slice(at, start), text.slice(start, end));
      at = end;
    }
    return parts.length ? [...parts, text.slice(at)] : null;
  }

  snippets({ filter, messageIds }) {
    const items = this.#items(filter.text, filter.isTyping);
    const known = messageIds.filter((id) => this.account.messages.has(id) && !this.account.gate.holds(this.account.messages.get(id).summary));
    const list = known.map((messageId) => {
      const one = this.account.messages.get(messageId);
      const { subject, body } = this.#texts(one);
      const line = body.replace(/\s+/gu, ' ');
      const first = items.flatMap((item) => this.#places(line, item))[0]?.[0] ?? 0;
      const start = Math.max(0, line.lastIndexOf(' ', Math.max(0, first - 40)) + 1);
      const files = one.summary.attachments.flatMap((file) => this.#marked(file.name ?? '', items) ?? []);
      return { messageId, conversationId: one.summary.conversationId, subject: this.#marked(subject, items), preview: this.#marked(line.slice(start, start + 160), items), files: files.length ? [files] : [] };
    });
    return { list, notFound: messageIds.filter((id) => !known.includes(id)) };
  }
}
