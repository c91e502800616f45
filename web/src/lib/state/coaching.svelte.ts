// Quests: fetched when their page is opened, and followed from then on.

import type { Coaching, QuestName } from '$lib/jmap/coaching';
import { session } from './session.svelte';
import { Single } from './single.svelte';
import { sync } from './sync.svelte';

type Said = Partial<Pick<Coaching, 'isMuted' | 'aside'>> & { invited?: string };

class Coach extends Single<Coaching> {
  async say(said: Said): Promise<void> {
    await session.client?.update(this.type, { singleton: said });
    await this.load();
  }

  /** Wants to hear of a quest no more, or again. */
  putAside(quest: QuestName, aside: boolean): Promise<void> {
    const before = this.now?.aside ?? [];
    return this.say({ aside: aside ? [...before, quest] : before.filter((name) => name !== quest) });
  }
}

export const coach = new Coach('Coaching');
sync.follow(coach);
session.onChange((client) => {
  if (!client) coach.clear();
});
