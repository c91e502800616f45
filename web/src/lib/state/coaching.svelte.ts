// Quests: fetched when their page is opened, and followed from then on.

import type { Coaching, QuestName } from '$lib/jmap/coaching';
import { session } from './session.svelte';
import { sync, type Follower } from './sync.svelte';

type Said = Partial<Pick<Coaching, 'isMuted' | 'aside'>> & { invited?: string };

class Coach implements Follower {
  readonly type = 'Coaching';
  now = $state.raw<Coaching | null>(null);
  error = $state.raw<unknown>(null);
  state: string | null = null;

  async load(): Promise<void> {
    const { client } = session;
    if (!client) return;
    this.error = null;
    try {
      const answer = await client.get<Coaching>('Coaching', null);
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

  async say(said: Said): Promise<void> {
    await session.client?.update('Coaching', { singleton: said });
    await this.load();
  }

  /** Wants to hear of a quest no more, or again. */
  putAside(quest: QuestName, aside: boolean): Promise<void> {
    const before = this.now?.aside ?? [];
    return this.say({ aside: aside ? [...before, quest] : before.filter((name) => name !== quest) });
  }

  clear(): void {
    this.now = null;
    this.error = null;
    this.state = null;
  }
}

export const coach = new Coach();
sync.follow(coach);
session.onChange((client) => {
  if (!client) coach.clear();
});
