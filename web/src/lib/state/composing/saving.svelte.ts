// Keeps what is written: within two seconds of the last key, again when the network is back, and beside the other
// version when somebody changed the draft elsewhere. The text in memory is never given up for what the server has.

import { t } from '$lib/i18n/index.svelte';
import { Refused } from '$lib/jmap/client';
import { explain } from '../explain';
import { held } from '../held.svelte';
import { identities } from '../identities.svelte';
import { passing } from '../kept';
import { session } from '../session.svelte';
import type { Composition } from './composition.svelte';
import { write } from './drafting';
import { forgetHere, keepHere } from './written';

const PAUSE_MS = 900;
const TYPING_MS_MOST = 5_000;
/** From the last key to the words being kept in this browser, while there is no network. */
const HERE_MS = 400;
const RETRY_MS_FIRST = 2_000;
const RETRY_MS_MOST = 60_000;

/** `offline`: kept here alone, and tried again. `refused`: the server did not take it; `why` says what to do. */
export type SaveState = 'untouched' | 'waiting' | 'saving' | 'saved' | 'offline' | 'refused';

export class Saving {
  state = $state<SaveState>('untouched');
  why = $state('');
  #dirty = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #hereTimer: ReturnType<typeof setTimeout> | undefined;
  #typingSince = 0;
  #retryMs = RETRY_MS_FIRST;
  #running: Promise<boolean> | null = null;
  #online = () => void this.flush();
  /** Why the last try failed; null after one that did not. */
  cause: unknown = null;
  /** True when this browser keeps the words meanwhile. */
  keptHere = $state(false);

  constructor(private readonly what: Composition) {}

  /** It quotes what is held back from this device: it is saved once that is unlocked. */
  get isHeld(): boolean {
    return this.state === 'refused' && this.cause instanceof Refused && this.cause.type === 'hidden';
  }

  get dirty(): boolean {
    return this.#dirty;
  }

  touch(): void {
    if (!this.#dirty) this.#typingSince = Date.now();
    this.#dirty = true;
    if (this.state !== 'offline') this.state = 'waiting';
    const pause = Date.now() - this.#typingSince > TYPING_MS_MOST ? 0 : PAUSE_MS;
    if (this.state === 'waiting') this.#later(pause);
    else this.#here();
  }

  /** Keeps the words here while the server cannot have them. */
  #here(): void {
    clearTimeout(this.#hereTimer);
    this.#hereTimer = setTimeout(() => void this.keep(), HERE_MS);
  }

  /** Writes the words down in this browser, unless they are on their way out already. */
  async keep(): Promise<void> {
    if (!this.#dirty || this.what.leaving) return;
    this.keptHere = await keepHere(this.what);
    if (!this.#dirty) this.#forget();
  }

  #forget(): void {
    clearTimeout(this.#hereTimer);
    if (!this.keptHere || this.what.leaving) return;
    this.keptHere = false;
    void forgetHere(this.what);
  }

  /** Counts as kept: the server just said so. */
  kept(): void {
    this.stop();
    this.#dirty = false;
    this.state = 'saved';
    this.#forget();
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
    this.#forget();
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
      this.cause = null;
      if (this.#dirty) return false;
      this.state = 'saved';
      this.#forget();
      return true;
    } catch (cause) {
      this.#dirty = true;
      this.cause = cause;
      if (!session.noticeEnd(cause)) this.#failed(cause);
      return false;
    }
  }

  #failed(cause: unknown): void {
    this.state = passing(cause) ? 'offline' : 'refused';
    this.why = this.isHeld ? t('gate_draft_unsaved') : cause instanceof Refused ? (cause.error.description ?? explain(cause)) : explain(cause);
    void this.keep();
    // Here it was taken to be shown.
    if (this.isHeld) held.doubted();
    if (!passing(cause)) return;
    window.addEventListener('online', this.#online);
    this.#later(this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, RETRY_MS_MOST);
  }
}
