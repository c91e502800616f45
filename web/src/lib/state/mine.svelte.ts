// The user's own index: always in sight, and explained on a page of its own.

import { locale } from '$lib/i18n/index.svelte';
import type { UserPrivacy } from '$lib/jmap/mine';
import { session } from './session.svelte';
import { sync, type Follower } from './sync.svelte';

class Mine implements Follower {
  readonly type = 'UserPrivacy';
  now = $state.raw<UserPrivacy | null>(null);
  error = $state.raw<unknown>(null);
  state: string | null = null;

  async load(): Promise<void> {
    const { client } = session;
    if (!client) return;
    this.error = null;
    try {
      const answer = await client.get<UserPrivacy>('UserPrivacy', null, { language: locale() });
      if (session.client?.accountId !== client.accountId) return;
      this.now = answer.list[0] ?? null;
      this.state = answer.state;
    } catch (cause) {
      if (!session.noticeEnd(cause)) this.error = cause;
    }
  }

  async changed(): Promise<void> {
    await this.load();
  }

  clear(): void {
    this.now = null;
    this.error = null;
    this.state = null;
  }
}

export const mine = new Mine();
sync.follow(mine);
