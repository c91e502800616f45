// A question and what it found: asked while one types, a page at a time; an answer that comes too late is dropped.

import { resultOf, type Call, type GetAnswer, type QueryAnswer } from '$lib/jmap/client';
import type { Conversation, Message } from '$lib/jmap/types';
import { conversations } from './conversations.svelte';
import { found } from './found';
import { held } from './held.svelte';
import { session } from './session.svelte';

const PAGE_FOUND = 30;
const DEBOUNCE_MS = 140;
/** How often a search that does not see everything yet is asked again. */
const AGAIN_MS = 3_000;
const PROPERTIES = ['conversationId', 'from', 'to', 'direction', 'subject', 'receivedAt', 'excerpt', 'privacy', 'keywords', 'attachments', 'suspicious'];

/** Not marked and marked parts by turns, beginning with one that is not (docs/api, SearchSnippet). */
export type Marked = string[];

export interface Snippet {
  messageId: string;
  conversationId: string;
  subject: Marked | null;
  preview: Marked | null;
  files: Marked[];
}

export interface Problem {
  text: string;
  position: number;
  reason: 'unknownOperator' | 'unknownValue' | 'notADate' | 'notAnIndex' | 'openQuotation' | 'tooLong';
}

export interface About {
  percentIndexed: number;
  isComplete: boolean;
  isCut: boolean;
  /** Private messages, if there are any, were not among them. */
  leavesOut?: boolean;
  problems: Problem[];
}

export type FoundMessage = Pick<Message, 'id' | 'conversationId' | 'from' | 'to' | 'direction' | 'subject' | 'receivedAt' | 'excerpt' | 'privacy' | 'keywords' | 'attachments' | 'suspicious'>;

export interface Hit {
  message: FoundMessage;
  snippet: Snippet | undefined;
}

class Search {
  hits = $state.raw<Hit[]>([]);
  about = $state.raw<About | null>(null);
  error = $state.raw<unknown>(null);
  /** Asked, and not answered yet. */
  busy = $state(false);
  complete = $state(false);
  #cursor = $state(0);
  #query = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #abort: AbortController | null = null;

  /** Rows on screen: those that are known, and one that is on its way. */
  get total(): number | null {
    if (!this.hits.length && !this.complete) return null;
    return this.hits.length + (this.complete ? 0 : 1);
  }

  get cursor(): number {
    return this.#cursor;
  }

  /** Of several rows that one conversation has, opening it leads to the message of the one that one stands on. */
  set cursor(row: number) {
    this.#cursor = row;
    const message = this.hits[row]?.message;
    if (message) found.set(message.conversationId, message.id);
  }

  idAt(row: number): string | undefined {
    return this.hits[row]?.message.conversationId;
  }

  /** Asks, a moment after the last key. */
  ask(query: string): void {
    this.#query = query;
    this.#stop();
    if (!query.trim()) return this.clear();
    this.busy = true;
    this.#timer = setTimeout(() => void this.#load(0), this.hits.length || this.complete ? DEBOUNCE_MS : 0);
  }

  retry(): void {
    this.#stop();
    void this.#load(this.hits.length && !this.error ? 0 : this.hits.length);
  }

  /** The next page, once its place comes into sight. */
  more(to: number): void {
    if (to >= this.hits.length && !this.complete && !this.busy && !this.error) void this.#load(this.hits.length);
  }

  /** What is held back by now is not shown as found; what no longer is may be. */
  follow(how: 'same' | 'changed'): void {
    if (!this.#query.trim()) return;
    this.hits = this.hits.filter(({ message }) => !held.holds(message.privacy));
    // What was asked before the gate was known may leave out what is shown by now.
    const isLess = this.about?.leavesOut && held.levels?.length === 0;
    if (how === 'changed' || isLess) this.retry();
  }

  clear(): void {
    this.#query = '';
    this.#stop();
    this.hits = [];
    this.about = null;
    this.error = null;
    this.busy = false;
    this.complete = false;
    this.cursor = 0;
    found.clear();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#abort?.abort();
    this.#abort = null;
  }

  async #load(position: number): Promise<void> {
    const { client } = session;
    if (!client) return;
    const abort = new AbortController();
    this.#abort = abort;
    this.busy = true;
    try {
      const answers = await client.call(this.#calls(position), abort.signal);
      const { ids, search } = answers.read<QueryAnswer & { search: About }>('q');
      const { list } = answers.read<{ list: Snippet[] }>('s');
      conversations.take(answers.read<GetAnswer<Conversation>>('c'));
      const fresh = read(answers.read<GetAnswer<FoundMessage>>('g').list, ids, list).filter(({ message }) => !held.holds(message.privacy));
      if (position === 0) this.cursor = 0;
      this.hits = position === 0 ? fresh : [...this.hits, ...fresh];
      if (position === 0) found.clear();
      // Of several, the newest.
      for (const { message } of fresh) if (!found.has(message.conversationId)) found.set(message.conversationId, message.id);
      this.about = search;
      this.complete = ids.length < PAGE_FOUND;
      this.error = null;
      this.busy = false;
      if (!search.isComplete && search.percentIndexed < 100) this.#timer = setTimeout(() => void this.#load(0), AGAIN_MS);
    } catch (cause) {
      if (abort.signal.aborted || session.noticeEnd(cause)) return;
      this.error = cause;
      this.busy = false;
    }
  }

  #calls(position: number): Call[] {
    const filter = { text: this.#query, isTyping: true, utcOffsetMinutes: -new Date().getTimezoneOffset() };
    const ids = resultOf('q', 'Message/query', '/ids');
    return [
      ['Message/query', { filter: { ...filter, onePerConversation: true }, position, limit: PAGE_FOUND }, 'q'],
      ['Message/get', { '#ids': ids, properties: ['id', ...PROPERTIES] }, 'g'],
      ['Conversation/get', { '#ids': resultOf('g', 'Message/get', '/list/*/conversationId') }, 'c'],
      ['SearchSnippet/get', { filter, '#messageIds': ids }, 's'],
    ];
  }
}

/** In the order of the query. */
function read(messages: FoundMessage[], ids: string[], snippets: Snippet[]): Hit[] {
  return ids.flatMap((id) => {
    const message = messages.find((one) => one.id === id);
    return message ? [{ message, snippet: snippets.find((one) => one.messageId === id) }] : [];
  });
}

export const search = new Search();
held.also(search);
