// What waits for the network: deeds, messages, words that are not saved yet. How many there are, and when they go.

import { local } from '$lib/local/local';
import type { Written } from './composing/written';

const RETRY_MS_FIRST = 2_000;
const RETRY_MS_MOST = 60_000;

/** Something that waits; resolves with true once nothing of it does any more. */
export type Drain = () => Promise<boolean>;

class Waiting {
  deeds = $state(0);
  messages = $state(0);
  #drains: Drain[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pauseMs = RETRY_MS_FIRST;
  #running: Promise<void> | null = null;

  constructor() {
    window.addEventListener('online', () => void this.drain());
  }

  get count(): number {
    return this.deeds + this.messages;
  }

  /** Those that are loaded first go first. */
  also(drain: Drain): void {
    this.#drains.push(drain);
  }

  /** Tries to send everything that waits, in order; tries again later while something is left. */
  drain(): Promise<void> {
    this.#running ??= this.#all().finally(() => (this.#running = null));
    return this.#running;
  }

  async #all(): Promise<void> {
    clearTimeout(this.#timer);
    let left = false;
    for (const drain of this.#drains) left = !(await drain()) || left;
    if (left) this.soon();
    else this.#pauseMs = RETRY_MS_FIRST;
  }

  /** Tries again after a pause, longer each time. */
  soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.drain(), this.#pauseMs);
    this.#pauseMs = Math.min(this.#pauseMs * 2, RETRY_MS_MOST);
  }

  /** Takes up what an earlier page left. The room of writing is loaded only when it left something there. */
  async load(): Promise<void> {
    const written = await local.all<Written>('writing');
    if (written.length) (await import('./composing/leaving')).outbox.restore(written.map(({ value }) => value));
    void this.drain();
  }
}

export const waiting = new Waiting();
