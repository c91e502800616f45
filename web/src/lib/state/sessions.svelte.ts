// Where the user is signed in, and the power to end it.

import type { SignedInSession } from '$lib/jmap/types';
import { session } from './session.svelte';

class Sessions {
  all = $state.raw<SignedInSession[] | null>(null);
  error = $state.raw<unknown>(null);

  async load(): Promise<void> {
    this.error = null;
    try {
      const answer = await session.client?.get<SignedInSession>('Session', null);
      const newestFirst = (a: SignedInSession, b: SignedInSession) => (a.lastUsedAt < b.lastUsedAt ? 1 : -1);
      this.all = (answer?.list ?? []).toSorted((a, b) => Number(b.current) - Number(a.current) || newestFirst(a, b));
    } catch (cause) {
      if (!session.noticeEnd(cause)) this.error = cause;
    }
  }

  async end(id: string): Promise<void> {
    await session.client?.destroy('Session', [id]);
    this.all = this.all?.filter((one) => one.id !== id) ?? null;
  }
}

export const sessions = new Sessions();
