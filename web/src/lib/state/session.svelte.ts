// Who is signed in here, if anybody, and the client that everything else speaks through.

import { preferredLocale, setLocale } from '$lib/i18n/index.svelte';
import * as auth from '$lib/jmap/auth';
import { Client } from '$lib/jmap/client';
import { ApiError } from '$lib/jmap/http';
import type { LevelNumber, Locale, SignedIn } from '$lib/jmap/types';
import { preferences } from './preferences.svelte';

export type Phase = 'opening' | 'unreachable' | 'first-start' | 'signed-out' | 'signed-in';

export interface LevelWord {
  level: LevelNumber;
  word: string;
  from: number;
  to: number;
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

  /** Runs on every sign-in with the client, and with null on every sign-out. */
  onChange(listener: (client: Client | null) => void): void {
    this.#listeners.push(listener);
  }

  /** The levels' words as the server says them. */
  levels(locale: Locale): LevelWord[] {
    return this.#levels[locale] ?? [];
  }

  /** Finds out where we stand: one request when a session is alive, two when there is none. */
  async open(): Promise<void> {
    this.phase = 'opening';
    const words = setLocale(preferences.locale ?? preferredLocale());
    try {
      await this.#enter();
      await words;
    } catch (cause) {
      await words;
      if (cause instanceof ApiError && cause.kind === 'signed-out') await this.#entrance();
      else this.phase = 'unreachable';
    }
  }

  async #entrance(): Promise<void> {
    try {
      const state = await auth.authState();
      if (!preferences.locale && !navigator.languages.length) await setLocale(state.language);
      this.phase = state.firstStart ? 'first-start' : 'signed-out';
    } catch {
      this.phase = 'unreachable';
    }
  }

  async #enter(): Promise<void> {
    const client = await Client.open();
    const capability = client.capability as { address?: string; language?: Locale; levels?: Record<Locale, LevelWord[]> };
    this.address = capability.address ?? client.session.username;
    this.#levels = capability.levels ?? {};
    if (capability.language) await this.#speak(capability.language);
    this.client = client;
    this.ended = false;
    this.phase = 'signed-in';
    for (const listener of this.#listeners) listener(client);
  }

  async #speak(language: Locale): Promise<void> {
    preferences.set({ locale: language });
    await setLocale(language);
  }

  /** After `login`, `first-start` and `recover`: the cookie is set, the account can be opened. */
  async begin(answer: SignedIn): Promise<void> {
    await this.#speak(answer.language);
    await this.#enter();
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
    this.client = null;
    this.ended = ended;
    this.freshPassword = '';
    this.phase = 'signed-out';
    for (const listener of this.#listeners) listener(null);
  }
}

export const session = new Session();
