// The messages of the open conversation: newest page first, contents only for what is shown.

import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import { t } from '$lib/i18n/index.svelte';
import { resultOf, type GetAnswer, type QueryAnswer } from '$lib/jmap/client';
import type { Message, MessageContent } from '$lib/jmap/types';
import { local } from '$lib/local/local';
import { conversations } from './conversations.svelte';
import { explain } from './explain';
import { held, veilMessage } from './held.svelte';
import { passing } from './kept';
import { keepThread, recallThread, type KeptThread } from './keptthread';
import { notices } from './notices.svelte';
import { session } from './session.svelte';

const PAGE_MESSAGES = 30;
/** How far back a message is looked for that a search found. */
const PAGES_TO_REACH = 20;
/** Messages that are asked for again at once. */
const MISSING_MOST = 500;
/** Everything but what opens the blob. */
const PROPERTIES = [
  'conversationId', 'segmentId', 'blobId', 'direction', 'protocol', 'from', 'to', 'cc', 'bcc', 'replyTo', 'subject',
  'sentAt', 'receivedAt', 'size', 'excerpt', 'keywords', 'privacy', 'importance', 'importanceReasons',
  'protection', 'warnings', 'suspicious', 'sending', 'leftAt', 'hidden', 'attachments',
];

type Content = MessageContent & Pick<Message, 'hidden'>;

class Messages {
  conversationId = $state<string | null>(null);
  /** Oldest first. */
  order = $state.raw<string[]>([]);
  readonly byId = new SvelteMap<string, Message>();
  readonly contents = new SvelteMap<string, MessageContent>();
  readonly failed = new SvelteMap<string, unknown>();
  /** What the person, or the first page, unfolded. */
  readonly expanded = new SvelteSet<string>();
  more = $state(false);
  loading = $state(false);
  error = $state.raw<unknown>(null);
  state: string | null = null;
  #fetching = new Set<string>();

  /** Opens a conversation, as far back as one of its messages when it is named. */
  async open(conversationId: string, messageId?: string): Promise<void> {
    if (this.conversationId === conversationId && !this.error) return this.#reach(conversationId, messageId);
    this.clear();
    this.conversationId = conversationId;
    const kept = await recallThread(conversationId);
    if (this.conversationId !== conversationId) return;
    if (kept) this.#put(kept);
    const fresh = this.#page(undefined).then(() => this.#unfold(conversationId));
    if (!kept || messageId) await fresh;
    await this.#reach(conversationId, messageId);
  }

  /** Shows what was kept of the conversation, while the server is asked. */
  #put({ messages: kept, more }: KeptThread): void {
    for (const message of kept) this.byId.set(message.id, message);
    this.order = kept.map(({ id }) => id);
    this.more = more;
    this.#unfold(this.conversationId);
  }

  #unfold(conversationId: string | null): void {
    if (this.conversationId !== conversationId) return;
    const unread = this.order.filter((id) => !this.byId.get(id)?.keywords['$seen']);
    for (const id of [...unread, ...this.order.slice(-1)]) this.expanded.add(id);
  }

  /** Keeps the newest messages of the open conversation in this browser. */
  #keep(): void {
    const { conversationId, order } = this;
    if (conversationId && order.length) keepThread(conversationId, order.flatMap((id) => this.byId.get(id) ?? []), this.more);
  }

  async #reach(conversationId: string, messageId: string | undefined): Promise<void> {
    if (!messageId) return;
    for (let pages = 1; pages < PAGES_TO_REACH && this.more && !this.order.includes(messageId); pages++) {
      if (this.conversationId !== conversationId || this.error) return;
      await this.earlier();
    }
    if (this.conversationId === conversationId && this.order.includes(messageId)) this.expanded.add(messageId);
  }

  earlier = (): Promise<void> => this.#page(this.order[0]);
  /** Asks once more for the page that failed. */
  again = this.earlier;

  async #page(before: string | undefined): Promise<void> {
    const { client } = session;
    const wanted = this.conversationId;
    if (!client || !wanted || this.loading) return;
    this.loading = true;
    this.error = null;
    try {
      const query = {
        filter: { conversationId: wanted },
        sort: [{ property: 'receivedAt', isAscending: false }],
        limit: PAGE_MESSAGES,
        ...(before ? { anchor: before, anchorOffset: 1 } : { position: 0 }),
      };
      const [answers] = await Promise.all([
        client.call([
          ['Message/query', query, 'q'],
          ['Message/get', { '#ids': resultOf('q', 'Message/query', '/ids'), properties: ['id', ...PROPERTIES] }, 'g'],
        ]),
        conversations.need(wanted),
      ]);
      if (wanted !== this.conversationId) return;
      const { ids } = answers.read<QueryAnswer>('q');
      this.take(answers.read<GetAnswer<Message>>('g'));
      // The first page stands in place of what was kept.
      this.order = [...ids.toReversed(), ...(before ? this.order : [])];
      this.more = ids.length === PAGE_MESSAGES;
      this.#keep();
    } catch (cause) {
      this.again = () => this.#page(before);
      const shown = !before && this.order.length > 0 && passing(cause);
      if (!session.noticeEnd(cause) && wanted === this.conversationId && !shown) this.error = cause;
    } finally {
      if (wanted === this.conversationId) this.loading = false;
    }
  }

  take(answer: GetAnswer<Message>): void {
    this.state ??= answer.state;
    for (const message of answer.list) this.byId.set(message.id, held.shown(message, veilMessage));
  }

  /** New or changed messages of the open conversation, as push brings them. */
  merge(found: Message[], gone: string[]): void {
    const ours = found.filter((message) => message.conversationId === this.conversationId);
    for (const message of ours) this.byId.set(message.id, held.shown(message, veilMessage));
    const arrived = ours.map((message) => message.id).filter((id) => !this.order.includes(id));
    for (const id of arrived) this.expanded.add(id);
    this.order = [...this.order, ...arrived].filter((id) => !gone.includes(id)).toSorted((a, b) => this.#before(a, b));
    this.#keep();
  }

  #before(a: string, b: string): number {
    const key = (id: string) => `${this.byId.get(id)?.receivedAt ?? ''} ${id}`;
    return key(a) < key(b) ? -1 : 1;
  }

  async changed(ids: string[], gone: string[]): Promise<void> {
    if (!this.conversationId || !session.client) return;
    const answer = ids.length
      ? await session.client.get<Message>('Message', ids, { properties: ['id', ...PROPERTIES] })
      : { list: [] };
    this.merge(answer.list, gone);
  }

  async need(id: string): Promise<void> {
    if (this.contents.has(id) || this.#fetching.has(id) || this.#holds(id) || !session.client) return;
    this.#fetching.add(id);
    this.failed.delete(id);
    try {
      const content = (await local.recall<Content>('content', id)) ?? (await this.#content(id));
      if (content?.hidden) this.#veil(id);
      else if (!content) this.failed.set(id, null);
      else if (!this.#holds(id)) this.contents.set(id, content);
    } catch (cause) {
      if (!session.noticeEnd(cause)) this.failed.set(id, cause);
    } finally {
      this.#fetching.delete(id);
    }
  }

  async #content(id: string): Promise<Content | undefined> {
    const properties = ['id', 'bodies', 'headers', 'language', 'encryptionReport', 'hidden'];
    const content = (await session.client?.get<Content>('Message', [id], { properties }))?.list[0];
    if (content && !content.hidden) this.#keepContent(id, content);
    return content;
  }

  /** What was opened before it was known whether it may be kept is kept once it is. */
  #keepContent(id: string, content: Content): void {
    const message = this.byId.get(id);
    if (message && held.keeps(message.privacy)) local.keep('content', id, content);
  }

  #veil(id: string): void {
    const message = this.byId.get(id);
    if (message && !message.hidden) this.byId.set(id, veilMessage(message));
    this.contents.delete(id);
  }

  #holds(id: string): boolean {
    return this.byId.get(id)?.hidden === true;
  }

  /** Lets go of what is held back, and asks for what no longer is. */
  follow(): void {
    for (const { id, privacy } of this.byId.values()) if (held.holds(privacy)) this.#veil(id);
    for (const [id, content] of this.contents) this.#keepContent(id, content);
    this.#keep();
    const missing = this.order.filter((id) => held.missing(this.byId.get(id)));
    if (missing.length) this.changed(missing.slice(-MISSING_MOST), []).catch((cause: unknown) => session.noticeEnd(cause));
  }

  /** Marks as read what was seen. Quiet: a failure leaves the message unread, and it is tried again next time. */
  async seen(ids: string[]): Promise<void> {
    const fresh = ids.filter((id) => !this.byId.get(id)?.keywords['$seen']);
    if (!fresh.length || !session.client || !this.conversationId) return;
    for (const id of fresh) this.#keyword(id, '$seen', true);
    const known = conversations.byId.get(this.conversationId);
    if (known) conversations.patch(known.id, { unreadCount: Math.max(0, known.unreadCount - fresh.length) });
    try {
      await session.client.update('Message', Object.fromEntries(fresh.map((id) => [id, { 'keywords/$seen': true }])));
    } catch (cause) {
      for (const id of fresh) this.#keyword(id, '$seen', false);
      session.noticeEnd(cause);
    }
  }

  async flag(id: string): Promise<void> {
    const flagged = !this.byId.get(id)?.keywords['$flagged'];
    this.#keyword(id, '$flagged', flagged);
    try {
      await session.client?.update('Message', { [id]: { 'keywords/$flagged': flagged || null } });
    } catch (cause) {
      this.#keyword(id, '$flagged', !flagged);
      if (!session.noticeEnd(cause)) notices.error(explain(cause), { label: t('retry'), run: () => void this.flag(id) });
    }
  }

  /** The list of a message was left, or was not: shown before the server says it. */
  left(id: string, leftAt: string | null): void {
    const message = this.byId.get(id);
    if (message) this.byId.set(id, { ...message, leftAt });
    this.#keep();
  }

  #keyword(id: string, keyword: string, set: boolean): void {
    const message = this.byId.get(id);
    if (!message) return;
    const { [keyword]: _, ...others } = message.keywords;
    this.byId.set(id, { ...message, keywords: set ? { ...others, [keyword]: true } : others });
    this.#keep();
  }

  clear(): void {
    Object.assign(this, { conversationId: null, order: [], more: false, loading: false, error: null });
    for (const all of [this.byId, this.contents, this.failed, this.expanded]) all.clear();
  }
}

export const messages = new Messages();
