// Who is signed in here, if anybody, and the client that everything else speaks through.

import { preferredLocale, setLocale } from '$lib/i18n/index.svelte';
import * as auth from '$lib/jmap/auth';
import { Client, type Answers } from '$lib/jmap/client';
import { ApiError } from '$lib/jmap/http';
import type { LevelNumber, Locale, SessionResource, SignedIn } from '$lib/jmap/types';
import { enrolled } from '$lib/local/enrolled';
import { local } from '$lib/local/local';
import { passing } from './kept';
import type { KeptList } from './keptlist';
import { preferences } from './preferences.svelte';

export type Phase = 'opening' | 'unreachable' | 'first-start' | 'signed-out' | 'signed-in';

export interface LevelWord {
  level: LevelNumber;
  word: string;
  from: number;
  to: number;
}

/** What the first screen needs: as it was kept here, or as the server's first answer says it. */
export interface First {
  kept(): Promise<KeptList | null>;
  answered(inbox: Answers): KeptList | null;
}

class Session {
  phase = $state<Phase>('opening');
  client = $state.raw<Client | null>(null);
  /** True when the session ended by itself: the sign-in screen says so. */
  ended = $state(false);
  address = $state('');
  /** The password of the account that was made a moment ago, until its recovery code is made. */
  freshPassword = '';
  #levels = $state.raw<Partial<Record<Locale, LevelWord[]>>>({});
  #listeners: ((client: Client | null) => void)[] = [];
  /** True while what is shown was kept here, and the server has not said yet that the session is alive. */
  stale = $state(false);
  /** The list that the application opens with, while it opens. */
  first: KeptList | null = null;
  #confirming = false;
  #settle!: () => void;
  /** Once it is known which screen comes first. */
  readonly settled = new Promise<void>((resolve) => (this.#settle = resolve));

  /** Runs on every sign-in with the client, and with null on every sign-out. */
  onChange(listener: (client: Client | null) => void): void {
    this.#listeners.push(listener);
  }

  /** The levels' words as the server says them. */
  levels(locale: Locale): LevelWord[] {
    return this.#levels[locale] ?? [];
  }

  /**
   * Finds out where we stand: one request when a session is alive, two when there is none. What was kept here is shown
   * before the server says anything; `first` is what the first screen needs.
   */
  async open(first?: First): Promise<void> {
    this.phase = 'opening';
    const words = setLocale(preferences.locale ?? preferredLocale());
    const asked = Client.start().catch((cause: unknown) => ({ cause }));
    const kept = await this.#kept();
    if (kept) this.first = (await first?.kept()) ?? null;
    await words;
    if (kept) await this.#show(kept, 'kept');
    this.first = null;
    const answer = await asked;
    await this.#conclude(kept, answer, first);
    this.#settle();
  }

  async #conclude(kept: Client | null, answer: Awaited<ReturnType<typeof Client.start>> | { cause: unknown }, first?: First): Promise<void> {
    if ('client' in answer) {
      this.first = first?.answered(answer.inbox) ?? null;
      await this.#show(answer.client, 'fresh');
      this.first = null;
    } else if (kept) this.#failed(answer.cause);
    else if (answer.cause instanceof ApiError && answer.cause.kind === 'signed-out') await this.#entrance();
    else this.phase = 'unreachable';
  }

  /** The session that is kept here, if any: the application opens with it, whatever the network does. */
  async #kept(): Promise<Client | null> {
    // Opening the database takes as long as an answer of the server: only who asked for it waits for it.
    if (!preferences.offline) return null;
    await local.resume();
    const resource = await local.recall<SessionResource>('session', 'now');
    return resource && Client.of(resource);
  }

  /** Asks the server whether the session is still alive: after a start without a network, and when push breaks. */
  async confirm(): Promise<void> {
    if (this.#confirming || this.phase !== 'signed-in') return;
    this.#confirming = true;
    try {
      await this.#show(await Client.open(), 'fresh');
    } catch (cause) {
      this.#failed(cause);
    } finally {
      this.#confirming = false;
    }
  }

  #failed(cause: unknown): void {
    if (!passing(cause)) this.noticeEnd(cause);
  }

  async #entrance(): Promise<void> {
    enrolled.leave();
    try {
      const state = await auth.authState();
      if (!preferences.locale && !navigator.languages.length) await setLocale(state.language);
      this.phase = state.firstStart ? 'first-start' : 'signed-out';
    } catch {
      this.phase = 'unreachable';
    }
  }

  async #show(client: Client, how: 'kept' | 'fresh'): Promise<void> {
    const capability = client.capability as { address?: string; language?: Locale; levels?: Record<Locale, LevelWord[]> };
    this.address = capability.address ?? client.session.username;
    this.#levels = capability.levels ?? {};
    if (capability.language) await this.#speak(capability.language);
    await local.enter(client.accountId);
    const same = this.phase === 'signed-in' && this.client?.accountId === client.accountId;
    this.client = client;
    this.ended = false;
    this.stale = how === 'kept';
    this.phase = 'signed-in';
    if (how === 'fresh') local.keep('session', 'now', client.session);
    if (!same) for (const listener of this.#listeners) listener(client);
    this.#settle();
  }

  async #speak(language: Locale): Promise<void> {
    preferences.set({ locale: language });
    await setLocale(language);
  }

  /** After every way in: the cookie is set, the account can be opened. */
  async begin(answer: SignedIn): Promise<void> {
    await enrolled.belongTo(answer.address, answer.accountId);
    await this.#speak(answer.language);
    await this.#show(await Client.open(), 'fresh');
  }

  async setLanguage(language: Locale): Promise<void> {
    await this.#speak(language);
    if (this.client) await auth.saveLanguage(language);
  }

  async signOut(): Promise<void> {
    await auth.logout().catch((cause: unknown) => {
      if (!(cause instanceof ApiError && cause.kind === 'signed-out')) throw cause;
    });
    this.#leave(false);
  }

  /** Looks at a failure from anywhere; true when it meant that the session is over. */
  noticeEnd(cause: unknown): boolean {
    const over = cause instanceof ApiError && cause.kind === 'signed-out' && this.phase === 'signed-in';
    if (over) this.#leave(true);
    return over;
  }

  #leave(ended: boolean): void {
    void local.erase();
    enrolled.leave();
    this.client = null;
    this.stale = false;
    this.ended = ended;
    this.freshPassword = '';
    this.phase = 'signed-out';
    for (const listener of this.#listeners) listener(null);
  }
}

export const session = new Session();
