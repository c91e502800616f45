// The outgoing queue: messages that wait for the network. Each is written down here before the server is asked, and is
// struck out when it answered; one that left without an answer is found among what was sent, never sent again.

import { resultOf, type GetAnswer } from '$lib/jmap/client';
import type { Sent, Submission } from '$lib/jmap/sending';
import type { Message } from '$lib/jmap/types';
import { local } from '$lib/local/local';
import { passing } from '../kept';
import { outgoing } from '../outgoing.svelte';
import { composeHref, href, router } from '../router.svelte';
import { session } from '../session.svelte';
import { waiting } from '../waiting.svelte';
import { composing } from './composing.svelte';
import type { Composition } from './composition.svelte';
import { forgetHere, fromHere, keepHere, type Written } from './written';

/** Newest submissions that are looked through for one whose answer was lost. */
const LOOKED_THROUGH = 20;

export interface Leaving {
  one: Composition;
  /** The bubble that shows it. */
  bubble: number;
  sendAt: Date | null;
  /** The server was asked to send it, and no answer came. */
  asked: boolean;
  at: string;
  /** True once it is in the browser's database, where another tab may take it up. */
  stored: boolean;
  restored: (one: Composition) => void;
}

/** Sends one; what it throws says whether it still waits. Set by `sending`, which knows how. */
type Departing = (leaving: Leaving) => Promise<Sent>;

class Outbox {
  all = $state.raw<Leaving[]>([]);
  #depart: Departing | null = null;
  #account = session.client?.accountId ?? null;

  constructor() {
    waiting.also(() => this.#drain());
    session.onChange((client) => this.#moved(client?.accountId ?? null));
  }

  /** A session that ended by itself takes no message along: it leaves when the same person is back. */
  #moved(account: string | null): void {
    if (account === null ? !session.ended : account !== this.#account) this.#clear();
    if (account === null) return;
    this.#account = account;
    void waiting.drain();
  }

  departs(by: Departing): void {
    this.#depart = by;
  }

  /** Keeps a message until it can leave. */
  wait(leaving: Leaving): void {
    if (!this.all.includes(leaving)) this.all = [...this.all, leaving];
    waiting.messages = this.all.length;
    outgoing.waits(leaving.bubble, leaving.asked ? null : () => this.takeBack(leaving));
    waiting.soon();
  }

  /** Writes down how it stands, so that a closed browser takes nothing along. */
  async note(leaving: Leaving): Promise<void> {
    const { one, sendAt, asked, at } = leaving;
    leaving.stored = await keepHere(one, { sendAt: sendAt?.toISOString() ?? null, asked, at });
  }

  /** It left, or will not: nothing waits any more. */
  strike(leaving: Leaving): void {
    this.all = this.all.filter((other) => other !== leaving);
    waiting.messages = this.all.length;
    void forgetHere(leaving.one);
  }

  /** Gives a message that did not leave back to its writer. */
  takeBack(leaving: Leaving): void {
    const { one, bubble, restored } = leaving;
    this.strike(leaving);
    outgoing.remove(bubble);
    one.leaving = false;
    composing.revive(one);
    one.saving.touch();
    restored(one);
  }

  async #drain(): Promise<boolean> {
    for (const leaving of this.all) {
      if (!session.client || !this.#depart) return false;
      if (!(await exclusively(leaving.one.key, () => this.#retry(leaving)))) return false;
    }
    return this.all.length === 0;
  }

  /** False when the network is still away. */
  async #retry(leaving: Leaving): Promise<boolean> {
    // Another tab sent it, or took it back.
    if (leaving.stored && !(await local.own<Written>('writing', leaving.one.key))?.departure) {
      this.all = this.all.filter((other) => other !== leaving);
      waiting.messages = this.all.length;
      outgoing.remove(leaving.bubble);
      return true;
    }
    try {
      await this.#depart?.(leaving);
      return true;
    } catch (cause) {
      return !passing(cause);
    }
  }

  /** Takes up what an earlier page left: words to go on with, and messages that wait. */
  restore(left: readonly Written[]): void {
    const known = new Set(this.all.map(({ one }) => one.key));
    for (const written of left) {
      if (known.has(written.key) || composing.knows(written.key)) continue;
      const one = fromHere(written);
      if (!written.departure) composing.takeUp(one);
      else this.#resume(one, written.departure);
    }
  }

  #resume(one: Composition, { sendAt, asked, at }: NonNullable<Written['departure']>): void {
    // The words of one that the server was not asked for yet may be newer than its draft.
    if (!asked) one.saving.touch();
    one.leaving = true;
    const bubble = outgoing.add({ conversationId: one.conversationId, text: one.text, fileCount: one.files.length, at });
    const restored = () => router.go(one.conversationId ? href('inbox', one.conversationId) : composeHref(one.id ?? one.key));
    this.wait({ one, bubble, sendAt: sendAt ? new Date(sendAt) : null, asked, at, stored: true, restored });
  }

  #clear(): void {
    for (const { bubble } of this.all) outgoing.remove(bubble);
    this.all = [];
    waiting.messages = 0;
  }
}

/** Runs while no other tab does the same; a browser without locks has to trust its luck with tabs. */
async function exclusively(key: string, work: () => Promise<boolean>): Promise<boolean> {
  const locks = navigator.locks as LockManager | undefined;
  return locks ? locks.request(`caliopen leaving ${key}`, work) : work();
}

/**
 * The submission of a draft whose answer was lost, among the newest: the same people and subject. Null when it did not
 * leave.
 */
export async function findSent(one: Composition): Promise<Sent | null> {
  const answers = await session.client?.call([
    ['Submission/query', { limit: LOOKED_THROUGH }, 'q'],
    ['Submission/get', { '#ids': resultOf('q', 'Submission/query', '/ids') }, 's'],
  ]);
  const people = (all: readonly { handle: string }[]) => all.map(({ handle }) => handle).toSorted().join(' ');
  const ours = answers?.read<GetAnswer<Submission>>('s').list.filter((each) => people(each.recipients) === people(one.recipients)) ?? [];
  if (!ours.length) return null;
  const properties = ['id', 'subject', 'excerpt'];
  const said = await session.client?.get<Pick<Message, 'id' | 'subject' | 'excerpt'>>('Message', ours.map(({ messageId }) => messageId), { properties });
  const begins = one.text.trim().split(/\s+/).slice(0, 4).join(' ');
  const found = said?.list.find(({ subject, excerpt }) => subject === one.subject && excerpt.split(/\s+/).join(' ').startsWith(begins));
  return ours.find(({ messageId }) => messageId === found?.id) ?? null;
}

export const outbox = new Outbox();
