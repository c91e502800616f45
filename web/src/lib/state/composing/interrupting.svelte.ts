// What interrupts somebody who writes: only what lowers the index of this very message, one thing at a time, and what was
// put aside stays aside for that draft, in this tab. Nothing of what is written is remembered for it.

import { SvelteMap } from 'svelte/reactivity';
import type { Outlook } from '$lib/jmap/outlooks';
import type { LevelNumber } from '$lib/jmap/types';
import type { Expected } from '../outlooks.svelte';
import { dragging } from '../weighing';
import type { Composition } from './composition.svelte';

export type Interruption =
  /** The fewer drag the others down. */
  | { kind: 'drags'; weak: Outlook[]; level: LevelNumber }
  /** The conversation is usually better. */
  | { kind: 'falls'; usual: LevelNumber; level: LevelNumber };
type Kind = Interruption['kind'];

const STORAGE_KEY = 'caliopen.put-aside';
const DRAFTS_MOST = 50;

/** What is to be said of a message, if anything. While something could not be looked up, a low index says nothing yet. */
export function interruption(expected: Expected, usual: LevelNumber | null, aside: (kind: Kind) => boolean): Interruption | null {
  if (!expected.complete) return null;
  const { level } = expected.whole.privacy;
  const weak = dragging(expected);
  if (weak.length && weak.length <= expected.each.length - weak.length && !aside('drags')) return { kind: 'drags', weak, level };
  return usual !== null && level < usual && !aside('falls') ? { kind: 'falls', usual, level } : null;
}

function stored(): [string, Kind[]][] {
  try {
    return JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? '[]') as [string, Kind[]][];
  } catch {
    return [];
  }
}

class PutAside {
  /** By the draft, or by what this browser calls it before it is one. */
  readonly #kinds = new SvelteMap<string, Kind[]>(stored());

  has(one: Composition, kind: Kind): boolean {
    return [one.key, one.id].some((key) => key !== null && this.#kinds.get(key)?.includes(kind));
  }

  add(one: Composition, kind: Kind): void {
    const key = one.id ?? one.key;
    this.#put(key, [...(this.#kinds.get(key) ?? []), kind]);
  }

  /** It is a draft now: what was put aside before stays so. */
  named(one: Composition): void {
    const before = this.#kinds.get(one.key);
    if (!before || !one.id) return;
    this.#kinds.delete(one.key);
    this.#put(one.id, [...new Set([...(this.#kinds.get(one.id) ?? []), ...before])]);
  }

  #put(key: string, kinds: Kind[]): void {
    this.#kinds.set(key, kinds);
    for (const old of this.#kinds.keys()) if (this.#kinds.size > DRAFTS_MOST) this.#kinds.delete(old);
    try {
      sessionStorage.setItem(STORAGE_KEY, JSON.stringify([...this.#kinds]));
    } catch {
      // A browser that stores nothing says it once more after a reload.
    }
  }
}

export const putAside = new PutAside();
