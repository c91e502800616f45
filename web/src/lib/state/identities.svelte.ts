// Who the user can write as: fetched when something is first written.

import type { Identity } from '$lib/jmap/sending';
import { session } from './session.svelte';

class Identities {
  all = $state.raw<Identity[]>([]);
  #asked: Promise<void> | null = null;

  need(): Promise<void> {
    this.#asked ??= this.#fetch().catch((cause: unknown) => {
      this.#asked = null;
      throw cause;
    });
    return this.#asked;
  }

  async #fetch(): Promise<void> {
    const answer = await session.client?.get<Identity>('Identity', null);
    this.all = answer?.list ?? [];
  }

  /** The one of an address, or the first. */
  of(address: string | undefined): Identity | undefined {
    return this.all.find((one) => one.address === address) ?? this.all[0];
  }

  clear(): void {
    this.all = [];
    this.#asked = null;
  }
}

export const identities = new Identities();
