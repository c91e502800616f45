// What is held back from this device: asked by whatever has words in memory, or keeps them. `gate` knows it from the
// server; this page is a leaf, so that every noun can ask it.

import type { Conversation, LevelNumber, Message, Privacy } from '$lib/jmap/types';

/** Has words in memory. */
export interface Holder {
  /** Lets go of what is held back, and asks again for what no longer is. `changed`: the server answers otherwise than before. */
  follow(how: 'same' | 'changed'): void;
}
type Words = { privacy: Privacy; hidden?: boolean };

/** The levels that can be held back at all. */
export const LEVELS: readonly LevelNumber[] = [3, 4, 5];

class Held {
  /** The levels that are held back now. Null until the server said so: what it says is taken as it comes. */
  levels = $state.raw<readonly LevelNumber[] | null>(null);
  /** Those that are, but for an unlock: nothing of them is kept in this browser. */
  #locked: readonly LevelNumber[] = LEVELS;
  #holders: Holder[] = [];
  /** Told when a record says something else than what is known here. */
  doubted: () => void = () => {};

  /** Those of lazy chunks say so when they are loaded. */
  also(holder: Holder): void {
    this.#holders.push(holder);
  }

  take(levels: readonly LevelNumber[], locked: readonly LevelNumber[], how: 'same' | 'changed'): void {
    this.levels = levels;
    this.#locked = locked;
    for (const holder of this.#holders) holder.follow(how);
  }

  clear(): void {
    this.levels = null;
    this.#locked = LEVELS;
  }

  /** Whether what has this index is not shown here. */
  holds = (privacy: Privacy): boolean => this.levels?.includes(privacy.level) ?? false;

  /** True while more is shown than without an unlock. */
  get isOpen(): boolean {
    return this.levels !== null && this.levels.length < this.#locked.length;
  }

  /** Whether it may be kept in this browser: it is shown here without an unlock. */
  keeps = (privacy: Privacy): boolean => !this.#locked.includes(privacy.level);

  /** As it may be kept. */
  kept<T extends Words>(one: T, veil: (one: T) => T): T {
    return one.hidden || this.keeps(one.privacy) ? one : veil(one);
  }

  /** Not held back any more: its words can be asked for. */
  missing = (one: Words | undefined): boolean => one?.hidden === true && this.levels !== null && !this.holds(one.privacy);

  /** As it may be shown, of what just came. */
  shown<T extends Words>(one: T, veil: (one: T) => T): T {
    if (this.levels && one.hidden !== undefined && one.hidden !== this.holds(one.privacy)) this.doubted();
    return !one.hidden && this.holds(one.privacy) ? veil(one) : one;
  }
}

export const held = new Held();

/** Without what its newest message says. */
export const veilConversation = (one: Conversation): Conversation => ({ ...one, subject: '', excerpt: '', hidden: true });

/** Without what it says, and without its files. */
export const veilMessage = (one: Message): Message => ({ ...one, subject: '', excerpt: '', attachments: [], hidden: true });
