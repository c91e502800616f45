// Imports and exports: which there are, and the files that this page sends, one after the other.

import { SvelteMap } from 'svelte/reactivity';
import { Refused } from '$lib/jmap/client';
import { ApiError } from '$lib/jmap/http';
import { sendFile, type Transfer } from '$lib/jmap/transfers';
import type { Place } from '$lib/jmap/types';
import { session } from './session.svelte';
import { sync, type Follower } from './sync.svelte';

/** How long to wait before an import goes on that lost its connection, in milliseconds. */
const AGAIN_AFTER_MS = 3_000;
const AGAIN_MOST = 5;

class Transfers implements Follower {
  readonly type = 'Transfer';
  state: string | null = null;
  readonly byId = new SvelteMap<string, Transfer>();
  /** Files of this page that wait for their turn or are being sent. */
  readonly waiting = new SvelteMap<string, File>();
  /** Bytes of the file being sent that left this machine. */
  readonly left = new SvelteMap<string, number>();
  loaded = $state(false);
  /** Why the last file did not go on. */
  error = $state.raw<unknown>(null);
  /** Files whose connection was lost go on by themselves; those that the person stopped do not. */
  #files = new Map<string, File>();
  #sending: { id: string; stop: AbortController } | null = null;

  /** The newest first. */
  get all(): Transfer[] {
    return [...this.byId.values()].toSorted((a, b) => (a.id < b.id ? 1 : -1));
  }

  async load(): Promise<void> {
    this.error = null;
    const answer = await session.client?.get<Transfer>('Transfer', null);
    if (!answer) return;
    this.state = answer.state;
    this.byId.clear();
    for (const one of answer.list) this.byId.set(one.id, one);
    this.loaded = true;
  }

  async changed(fresh: string[], gone: string[]): Promise<void> {
    for (const id of gone) this.byId.delete(id);
    if (!fresh.length || !session.client) return;
    for (const one of (await session.client.get<Transfer>('Transfer', fresh)).list) this.byId.set(one.id, one);
  }

  /** Begins an import of a file, or goes on with the one of it that was interrupted. */
  async add(file: File, place: Place): Promise<void> {
    this.error = null;
    const asked = { name: file.name, size: file.size, place };
    const created = (await session.client?.set('Transfer', { create: { f: asked } }))?.created?.['f'];
    if (!created) return;
    const one = created as unknown as Transfer;
    this.byId.set(one.id, one);
    this.#queue(one.id, file);
  }

  /** Goes on with an import of this page, or with the file chosen again. False: it is another file. */
  resume(one: Transfer, file = this.#files.get(one.id)): boolean {
    if (!file || file.name !== one.name || file.size !== one.size) return false;
    this.error = null;
    this.#queue(one.id, file);
    return true;
  }

  /** Whether this page has the file of an import. */
  has(id: string): boolean {
    return this.#files.has(id);
  }

  pause(id: string): void {
    this.waiting.delete(id);
    if (this.#sending?.id === id) this.#sending.stop.abort();
  }

  async cancel(id: string): Promise<void> {
    await session.client?.update('Transfer', { [id]: { state: 'cancelled' } }).catch((cause: unknown) => {
      // It was over already: that is what was wanted.
      if (!(cause instanceof Refused)) throw cause;
    });
    this.pause(id);
    await this.changed([id], []);
  }

  async forget(id: string): Promise<void> {
    await session.client?.destroy('Transfer', [id]);
    this.byId.delete(id);
    this.#files.delete(id);
  }

  clear(): void {
    this.#sending?.stop.abort();
    for (const map of [this.byId, this.waiting, this.left, this.#files]) map.clear();
    this.state = null;
    this.loaded = false;
  }

  #queue(id: string, file: File): void {
    this.#files.set(id, file);
    this.waiting.set(id, file);
    if (!this.#sending) void this.#send();
  }

  async #send(): Promise<void> {
    for (let next = this.waiting.entries().next().value; next; next = this.waiting.entries().next().value) {
      const [id, file] = next;
      const stop = new AbortController();
      this.#sending = { id, stop };
      await this.#sendOne(id, file, stop.signal);
      this.waiting.delete(id);
      this.left.delete(id);
    }
    this.#sending = null;
  }

  /** Sends a file to its end; a connection that is lost is tried again, from where the server stands. */
  async #sendOne(id: string, file: File, signal: AbortSignal): Promise<void> {
    for (let lost = 0; !signal.aborted; lost += 1) {
      const { client } = session;
      const one = this.byId.get(id);
      if (!client || !one) return;
      try {
        this.byId.set(id, { ...one, state: 'running' });
        this.byId.set(id, await sendFile(client, one, file, (bytes) => this.left.set(id, bytes), signal));
        this.#files.delete(id);
        return;
      } catch (cause) {
        if (session.noticeEnd(cause)) return;
        // Where there is no room, trying again finds none.
        const isOver = signal.aborted || lost >= AGAIN_MOST || (cause instanceof ApiError && cause.kind === 'mailbox-full');
        if (!isOver) await new Promise((done) => setTimeout(done, AGAIN_AFTER_MS));
        await this.changed([id], []).catch(() => undefined);
        const state = this.byId.get(id)?.state;
        if (isOver && !signal.aborted) this.error = cause;
        if (isOver || state === 'done' || state === 'cancelled') return;
      }
    }
  }
}

export const transfers = new Transfers();
sync.follow(transfers);
session.onChange((client) => client || transfers.clear());
