// Keeps what is written: within two seconds of the last key, again when the network is back, and beside the other
// version when somebody changed the draft elsewhere. The text in memory is never given up for what the server has.

import { Refused } from '$lib/jmap/client';
import { ApiError } from '$lib/jmap/http';
import { drafts } from '../drafts.svelte';
import { explain } from '../explain';
import { identities } from '../identities.svelte';
import { session } from '../session.svelte';
import type { Composition } from './composition.svelte';

const PAUSE_MS = 900;
const TYPING_MS_MOST = 5_000;
const RETRY_MS_FIRST = 2_000;
const RETRY_MS_MOST = 60_000;

/** `offline`: kept here alone, and tried again. `refused`: the server did not take it; `why` says what to do. */
export type SaveState = 'untouched' | 'waiting' | 'saving' | 'saved' | 'offline' | 'refused';

export class Saving {
  state = $state<SaveState>('untouched');
  why = $state('');
  #dirty = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #typingSince = 0;
  #retryMs = RETRY_MS_FIRST;
  #running: Promise<boolean> | null = null;
  #online = () => void this.flush();

  constructor(private readonly what: Composition) {}

  get dirty(): boolean {
    return this.#dirty;
  }

  touch(): void {
    if (!this.#dirty) this.#typingSince = Date.now();
    this.#dirty = true;
    if (this.state !== 'offline') this.state = 'waiting';
    const pause = Date.now() - this.#typingSince > TYPING_MS_MOST ? 0 : PAUSE_MS;
    if (this.state === 'waiting') this.#later(pause);
  }

  /** Counts as kept: the server just said so. */
  kept(): void {
    this.stop();
    this.#dirty = false;
    this.state = 'saved';
  }

  /** Saves at once; true when the server has everything. `page`: the request goes on when the page is left. */
  async flush(outlives?: 'page'): Promise<boolean> {
    clearTimeout(this.#timer);
    while (this.#running) if (!(await this.#running)) break;
    if (!this.#dirty) return this.what.id !== null;
    this.#running = this.#save(outlives);
    try {
      return await this.#running;
    } finally {
      this.#running = null;
    }
  }

  /** Gives up saving: it was sent, or thrown away. */
  stop(): void {
    clearTimeout(this.#timer);
    window.removeEventListener('online', this.#online);
    this.#dirty = false;
    this.state = 'untouched';
  }

  #later(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), ms);
  }

  async #save(outlives?: 'page'): Promise<boolean> {
    this.#dirty = false;
    this.state = 'saving';
    try {
      await identities.need();
      await write(this.what, outlives);
      window.removeEventListener('online', this.#online);
      this.#retryMs = RETRY_MS_FIRST;
      if (!this.#dirty) this.state = 'saved';
      return !this.#dirty;
    } catch (cause) {
      this.#dirty = true;
      if (!session.noticeEnd(cause)) this.#failed(cause);
      return false;
    }
  }

  #failed(cause: unknown): void {
    const passing = cause instanceof ApiError && ['network', 'server', 'rate'].includes(cause.kind);
    this.state = passing ? 'offline' : 'refused';
    this.why = cause instanceof Refused ? (cause.error.description ?? explain(cause)) : explain(cause);
    if (!passing) return;
    window.addEventListener('online', this.#online);
    this.#later(this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, RETRY_MS_MOST);
  }
}

async function write(what: Composition, outlives?: 'page'): Promise<void> {
  const identityId = identities.of(what.identity)?.id;
  if (!identityId || !session.client) throw new ApiError('server');
  const words = what.words(identityId);
  if (what.id === null) return create(what, words, outlives);
  try {
    const { id } = what;
    const answer = await session.client.set('Draft', { update: { [id]: { ...words, revision: what.revision } } }, outlives);
    settle(what, id, answer.updated?.[id] ?? null, what.revision + 1);
  } catch (cause) {
    if (!(cause instanceof Refused)) throw cause;
    if (cause.type === 'conflict') what.conflictOf = what.id;
    else if (cause.type !== 'notFound') throw cause;
    // Changed or thrown away elsewhere: what stands here is kept as a draft of its own.
    await create(what, words, outlives);
  }
}

async function create(what: Composition, words: ReturnType<Composition['words']>, outlives?: 'page'): Promise<void> {
  const { conversationId, answers, conflictOf } = what;
  const answer = await session.client?.set('Draft', { create: { one: { ...words, conversationId, answers, conflictOf } } }, outlives);
  const made = answer?.created?.['one'];
  if (typeof made?.['id'] !== 'string') throw new ApiError('server');
  settle(what, made['id'], made, 1);
}

/** What the server says of the draft that it wrote. */
function settle(what: Composition, id: string, said: Record<string, unknown> | null, revision: number): void {
  what.id = id;
  what.revision = Number(said?.['revision'] ?? revision);
  const updatedAt = String(said?.['updatedAt'] ?? new Date().toISOString());
  drafts.put({ id, conversationId: what.conversationId, revision: what.revision, updatedAt });
}
