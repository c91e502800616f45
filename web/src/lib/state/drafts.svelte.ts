// Which drafts there are, on all devices: enough to count them and to find the one of a conversation. What they say
// is fetched when one is looked at.

import { SvelteMap } from 'svelte/reactivity';
import type { GetAnswer } from '$lib/jmap/client';
import type { Draft, DraftBrief } from '$lib/jmap/sending';
import type { Holder } from './held.svelte';
import { askOrRecall } from './kept';
import { session } from './session.svelte';
import { sync, type Follower } from './sync.svelte';

const BRIEF = ['id', 'conversationId', 'revision', 'updatedAt', 'hidden'];

class Drafts implements Follower, Holder {
  readonly type = 'Draft';
  readonly byId = new SvelteMap<string, DraftBrief>();
  state: string | null = null;
  /** False until the server said which there are. */
  known = $state(false);
  /** The last question of what is held back. */
  asked: Promise<void> = Promise.resolve();

  /** Asks which there are. Quiet: it is asked again with the next sign of a change. */
  async load(): Promise<void> {
    try {
      const answer = await askOrRecall('drafts', 'briefs', async () => session.client?.get<DraftBrief>('Draft', null, { properties: BRIEF }));
      if (!answer) return;
      this.state = answer.state;
      this.#take(answer);
      this.known = true;
    } catch (cause) {
      session.noticeEnd(cause);
    }
  }

  #take(answer: GetAnswer<DraftBrief>): void {
    for (const { id, conversationId, revision, updatedAt, hidden = false } of answer.list) this.put({ id, conversationId, revision, updatedAt, hidden });
    for (const id of answer.notFound ?? []) this.byId.delete(id);
  }

  async changed(fresh: string[], gone: string[]): Promise<void> {
    for (const id of gone) this.byId.delete(id);
    if (!fresh.length || !session.client) return;
    this.#take(await session.client.get<DraftBrief>('Draft', fresh, { properties: BRIEF }));
  }

  put(brief: DraftBrief): void {
    const known = this.byId.get(brief.id);
    if (!known || known.revision <= brief.revision) this.byId.set(brief.id, brief);
  }

  /** Which drafts quote what is held back, the server knows. */
  follow(how: 'same' | 'changed'): void {
    if (how === 'changed') this.asked = this.load();
  }

  /** The newest draft that belongs to a conversation. */
  in(conversationId: string): DraftBrief | undefined {
    const ours = [...this.byId.values()].filter((draft) => draft.conversationId === conversationId);
    return ours.toSorted((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1))[0];
  }

  /** One as a whole; null when it is gone. */
  async whole(id: string): Promise<Draft | null> {
    return askOrRecall('drafts', id, async () => (await session.client?.get<Draft>('Draft', [id]))?.list[0] ?? null);
  }

  /** All as a whole, newest first. */
  async all(): Promise<Draft[]> {
    const all = await askOrRecall('drafts', 'all', async () => (await session.client?.get<Draft>('Draft', null))?.list ?? []);
    return all.toSorted((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1));
  }

  clear(): void {
    this.byId.clear();
    this.state = null;
    this.known = false;
  }
}

export const drafts = new Drafts();
sync.follow(drafts);
