// The one object of a type of which an account has one: fetched when it is wanted, followed from then on.

import { session } from './session.svelte';
import type { Follower } from './sync.svelte';

export class Single<T> implements Follower {
  now = $state.raw<T | null>(null);
  error = $state.raw<unknown>(null);
  state: string | null = null;

  constructor(
    readonly type: string,
    /** What is said besides, each time. */
    private readonly also: () => Record<string, unknown> = () => ({}),
  ) {}

  async load(): Promise<void> {
    const { client } = session;
    if (!client) return;
    this.error = null;
    try {
      const answer = await client.get<T>(this.type, null, this.also());
      if (session.client?.accountId !== client.accountId) return;
      this.now = answer.list[0] ?? null;
      this.state = answer.state;
    } catch (cause) {
      if (!session.noticeEnd(cause)) this.error = cause;
    }
  }

  changed(): Promise<void> {
    return this.load();
  }

  clear(): void {
    this.now = null;
    this.error = null;
    this.state = null;
  }
}
