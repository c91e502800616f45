// What interrupts somebody who writes: only what the specification of the index names, one thing at a time, and what was put
// aside stays aside for that draft, in this tab. Nothing of what is written is remembered for it.

import { SvelteMap } from 'svelte/reactivity';
import type { Outlook } from '$lib/jmap/outlooks';
import type { LevelNumber, Message } from '$lib/jmap/types';
import type { Expected } from '../outlooks.svelte';
import { dragging } from '../weighing';
import type { Composition } from './composition.svelte';
import { secretIn, type Secret } from './secrets';

export type Interruption =
  /** What is answered failed its checks: somebody else may have written it. */
  | { kind: 'forged'; message: Message }
  /** It says a secret, and others will be able to read it. */
  | { kind: 'secret'; secret: Secret; level: LevelNumber }
  /** This person knows the user by another address. */
  | { kind: 'identity'; known: string; written: string }
  /** The way to these was proven until then. `waits`: a message would be kept back. */
  | { kind: 'lost'; lost: Outlook[]; until: string; level: LevelNumber; waits: boolean }
  /** The fewer drag the others down. */
  | { kind: 'drags'; weak: Outlook[]; level: LevelNumber }
  /** The conversation is usually better. */
  | { kind: 'falls'; usual: LevelNumber; level: LevelNumber };
type Kind = Interruption['kind'];

/** What somebody who writes has before them. */
export interface Facing {
  one: Composition;
  /** What the index will be; null while it is not known. */
  expected: Expected | null;
  /** What it usually is in this conversation. */
  usual: LevelNumber | null;
  answered: Message | undefined;
  /** The address of the user's own that this conversation is with. */
  known: string | undefined;
}

const STORAGE_KEY = 'caliopen.put-aside';
const DRAFTS_MOST = 50;
/** From here on no third party reads it. */
const SEALED_FROM = 20;

/** What is to be said of a message, if anything: one thing, the one that matters most. */
export function interruption(facing: Facing, aside: (kind: Kind) => boolean): Interruption | null {
  const ofItself = [forged(facing), secret(facing), identity(facing)];
  return [...ofItself, ...lowered(facing)].find((one) => one !== null && !aside(one.kind)) ?? null;
}

const forged = ({ answered }: Facing): Interruption | null => (answered?.suspicious ? { kind: 'forged', message: answered } : null);

function secret({ one, expected }: Facing): Interruption | null {
  if (!expected || expected.whole.privacy.score >= SEALED_FROM) return null;
  const found = secretIn(`${one.subject}\n${one.text}`);
  return found && { kind: 'secret', secret: found, level: expected.whole.privacy.level };
}

function identity({ one, known }: Facing): Interruption | null {
  const written = one.identity;
  return known && written && known !== written && one.recipients.length === 1 ? { kind: 'identity', known, written } : null;
}

/** While something could not be looked up, a low index says nothing yet. */
function lowered({ expected, usual }: Facing): (Interruption | null)[] {
  if (!expected?.complete) return [];
  const { level } = expected.whole.privacy;
  const lost = expected.each.filter((one) => one.lost);
  const until = lost.map((one) => one.lost?.at ?? '').toSorted().at(-1);
  const weak = dragging(expected);
  const drags = weak.length > 0 && weak.length <= expected.each.length - weak.length;
  return [until ? { kind: 'lost', lost, until, level, waits: lost.some((one) => one.trouble) } : null, drags ? { kind: 'drags', weak, level } : null, usual !== null && level < usual ? { kind: 'falls', usual, level } : null];
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
