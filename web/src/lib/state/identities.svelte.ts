// Who the user can write as, and how each address is signed: fetched when something is first written, then kept.

import type { Identity, IdentityWords } from '$lib/jmap/sending';
import { askOrRecall } from './kept';
import { session } from './session.svelte';
import { sync, type Follower } from './sync.svelte';

class Identities implements Follower {
  readonly type = 'Identity';
  all = $state.raw<Identity[]>([]);
  state: string | null = null;
  #asked: Promise<void> | null = null;

  need(): Promise<void> {
    this.#asked ??= this.#fetch().catch((cause: unknown) => {
      this.#asked = null;
      throw cause;
    });
    return this.#asked;
  }

  async #fetch(): Promise<void> {
    const answer = await askOrRecall('identities', 'all', async () => session.client?.get<Identity>('Identity', null));
    this.all = answer?.list ?? [];
    this.state = answer?.state ?? null;
  }

  /** They are few: a change fetches them all. */
  async changed(): Promise<void> {
    await this.#fetch();
  }

  /** Those that one can write from: one that rests cannot. */
  get awake(): Identity[] {
    return this.all.filter(({ rests }) => !rests);
  }

  /** The one of an address that one can write from, or the first. */
  of(address: string | undefined): Identity | undefined {
    return this.awake.find((one) => one.address === address) ?? this.all[0];
  }

  /** Keeps how an address is signed. */
  async save(id: string, words: Partial<IdentityWords>): Promise<void> {
    await session.client?.update('Identity', { [id]: words });
    this.all = this.all.map((one) => (one.id === id ? { ...one, ...words } : one));
  }

  /** Takes an address that steps for privacy brought. */
  async choose(address: string): Promise<void> {
    await session.client?.set('Identity', { create: { chosen: { address } } });
    await this.#fetch();
  }

  /** Lets an address rest, or wakes it. */
  async rest(id: string, rests: boolean): Promise<void> {
    await session.client?.update('Identity', { [id]: { rests } });
    this.all = this.all.map((one) => (one.id === id ? { ...one, rests } : one));
  }

  clear(): void {
    this.all = [];
    this.state = null;
    this.#asked = null;
  }
}

export const identities = new Identities();
sync.follow(identities);
