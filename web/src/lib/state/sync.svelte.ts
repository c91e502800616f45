// Push says that something changed; `/changes` says what; the nouns take it in.

import { MethodError, resultOf, type ChangesAnswer, type Client, type GetAnswer } from '$lib/jmap/client';
import { listen } from '$lib/jmap/events';
import type { Conversation } from '$lib/jmap/types';
import { contacts } from './contacts.svelte';
import { conversations } from './conversations.svelte';
import { list } from './list.svelte';
import { messages } from './messages.svelte';
import { screener } from './screener.svelte';
import { session } from './session.svelte';
import { waiting } from './waiting.svelte';

const CHANGES_MOST = 200;

/** A noun that takes in its own changes. Those of lazy chunks say so when they are loaded. */
export interface Follower {
  type: string;
  state: string | null;
  changed(fresh: string[], gone: string[]): Promise<void>;
}

class Sync {
  /** False while push is being connected again. */
  live = $state(true);
  /** What the browser knows of the network; a server can be away all the same. */
  online = $state(navigator.onLine);
  #stop: (() => void) | null = null;
  #known: Record<string, string> = {};
  #running = false;
  #again = false;
  #lost = false;
  /** Until the first look at what came between the first answers and the stream. */
  #beginning = false;
  #followers: Follower[] = [];

  constructor() {
    for (const name of ['online', 'offline']) window.addEventListener(name, () => (this.online = navigator.onLine));
  }

  follow(noun: Follower): void {
    this.#followers.push(noun);
  }

  /** `behind`: what is shown may be older than the server's, so it is asked as soon as it answers. */
  start(client: Client, behind = false): void {
    this.stop();
    this.#lost = behind;
    this.#beginning = !behind;
    this.#stop = listen(client.session.eventSourceUrl, client.accountId, {
      changed: (states) => this.#wake(states),
      connected: (live) => {
        this.live = live;
        if (session.stale || !live) void session.confirm();
        // What was pushed while nobody listened is found by asking.
        if (live && (this.#lost || this.#beginning)) this.#wake({});
        this.#lost = !live;
      },
    });
  }

  stop(): void {
    this.#stop?.();
    this.#stop = null;
    this.#known = {};
    this.#lost = false;
    this.live = true;
  }

  #wake(states: Record<string, string>): void {
    Object.assign(this.#known, states);
    this.#again = true;
    if (!this.#running) void this.#run();
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#again) {
      this.#again = false;
      try {
        // What was done here meanwhile goes first: else the server's older answer would undo it on the screen.
        await waiting.drain();
        if (!this.#beginning) list.catchUp();
        this.#beginning = false;
        await this.#conversations();
        await this.#messages();
        await this.#contacts();
        for (const noun of this.#followers) await this.#follow(noun);
      } catch (cause) {
        if (session.noticeEnd(cause)) break;
        if (cause instanceof MethodError && cause.type === 'cannotCalculateChanges') this.#startAgain();
      }
    }
    this.#running = false;
  }

  #startAgain(): void {
    conversations.state = null;
    messages.state = null;
    for (const noun of this.#followers) noun.state = null;
    list.reload();
  }

  #stale(type: string, state: string | null): boolean {
    return state !== null && this.#known[type] !== state;
  }

  async #conversations(): Promise<void> {
    const { client } = session;
    if (!client) return;
    while (this.#stale('Conversation', conversations.state)) {
      const answers = await client.call([
        ['Conversation/changes', { sinceState: conversations.state, maxChanges: CHANGES_MOST }, 'c'],
        ['Conversation/get', { '#ids': resultOf('c', 'Conversation/changes', '/created') }, 'new'],
        ['Conversation/get', { '#ids': resultOf('c', 'Conversation/changes', '/updated') }, 'upd'],
        screener.question,
      ]);
      const changes = answers.read<ChangesAnswer>('c');
      conversations.take(answers.read<GetAnswer<Conversation>>('new'));
      conversations.take(answers.read<GetAnswer<Conversation>>('upd'));
      for (const id of changes.destroyed) conversations.byId.delete(id);
      conversations.state = changes.newState;
      screener.take(answers);
      list.place(changes.created, true);
      list.place([...changes.updated, ...changes.destroyed], false);
      if (!changes.hasMoreChanges) break;
    }
  }

  async #messages(): Promise<void> {
    const { client } = session;
    if (!client) return;
    while (messages.conversationId && this.#stale('Message', messages.state)) {
      const args = { sinceState: messages.state, maxChanges: CHANGES_MOST };
      const changes = (await client.call([['Message/changes', args, 'c']])).read<ChangesAnswer>('c');
      const updated = changes.updated.filter((id) => messages.byId.has(id));
      await messages.changed([...changes.created, ...updated], changes.destroyed);
      messages.state = changes.newState;
      if (!changes.hasMoreChanges) break;
    }
  }

  async #follow(noun: Follower): Promise<void> {
    const { client } = session;
    if (!client) return;
    while (this.#stale(noun.type, noun.state)) {
      const args = { sinceState: noun.state, maxChanges: CHANGES_MOST };
      const changes = (await client.call([[`${noun.type}/changes`, args, 'c']])).read<ChangesAnswer>('c');
      await noun.changed([...changes.created, ...changes.updated], changes.destroyed);
      noun.state = changes.newState;
      if (!changes.hasMoreChanges) break;
    }
  }

  async #contacts(): Promise<void> {
    const { client } = session;
    if (!client) return;
    while (this.#stale('Contact', contacts.state)) {
      const args = { sinceState: contacts.state, maxChanges: CHANGES_MOST };
      const changes = (await client.call([['Contact/changes', args, 'c']])).read<ChangesAnswer>('c');
      await contacts.changed(changes.created, changes.updated, changes.destroyed);
      contacts.state = changes.newState;
      if (!changes.hasMoreChanges) break;
    }
  }
}

export const sync = new Sync();
