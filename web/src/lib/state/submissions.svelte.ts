// What became of sent messages, recipient by recipient: fetched when it is looked at, kept fresh by push.

import { SvelteMap } from 'svelte/reactivity';
import type { GetAnswer } from '$lib/jmap/client';
import type { Submission } from '$lib/jmap/sending';
import { session } from './session.svelte';
import { sync, type Follower } from './sync.svelte';

/** A message's submission has the id of the message, with another letter (docs/api). */
export const submissionOf = (messageId: string): string => `q${messageId.slice(1)}`;

class Submissions implements Follower {
  readonly type = 'Submission';
  readonly byId = new SvelteMap<string, Submission>();
  /** Asked for, and not there: it left long ago, or never did. */
  readonly missing = new SvelteMap<string, true>();
  state: string | null = null;

  async load(messageId: string): Promise<void> {
    const answer = await session.client?.get<Submission>('Submission', [submissionOf(messageId)]);
    if (answer) this.#take(answer);
  }

  #take(answer: GetAnswer<Submission>): void {
    this.state ??= answer.state;
    for (const one of answer.list) {
      this.byId.set(one.id, one);
      this.missing.delete(one.id);
    }
    for (const id of answer.notFound ?? []) {
      this.byId.delete(id);
      this.missing.set(id, true);
    }
  }

  async changed(fresh: string[], gone: string[]): Promise<void> {
    for (const id of gone) this.byId.delete(id);
    const known = fresh.filter((id) => this.byId.has(id) || this.missing.has(id));
    if (known.length && session.client) this.#take(await session.client.get<Submission>('Submission', known));
  }

  clear(): void {
    this.byId.clear();
    this.missing.clear();
    this.state = null;
  }
}

export const submissions = new Submissions();
sync.follow(submissions);
session.onChange((client) => client || submissions.clear());
