// What is to be expected of a message, looked up while its recipients are written and kept for a while. The server says
// what is known of each recipient; where the formula is loaded, any combination of them, in any language, is scored here at
// once, and only those of whom nothing is known are asked for. Without it, the server's answer counts for exactly the people
// that were asked for, in one language: nobody else's index ever stands in for it.

import { untrack } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import { ApiError } from '$lib/jmap/http';
import { askOutlook, RECIPIENTS_MOST, type Outlook, type OutlookAnswer } from '$lib/jmap/outlooks';
import type { Explanation, Locale } from '$lib/jmap/types';
import { combined, settled, type Known } from './foreseen';
import { formula } from './formula.svelte';
import { session } from './session.svelte';
import { worstFirst } from './weighing';

/** From the last change of the recipients to the question. */
const SETTLE_MS = 60;
/** How long an answer counts; the server keeps its own as long. */
const FRESH_MS = 5 * 60_000;
/** Pauses before what is missing is asked for again; after them it has to be asked for by hand. */
const AGAIN_MS = [2_000, 4_000, 8_000];
const KEPT_MOST = 200;

export interface Expected {
  /** One message to all of them. */
  whole: Explanation;
  /** Each of them, the worst first. */
  each: Outlook[];
  /** Everything could be looked up. */
  complete: boolean;
  /** What the server takes for no address. */
  notFound: string[];
}

export type Prospect = { state: 'nobody' } | { state: 'looking' } | { state: 'failed'; cause: unknown } | { state: 'known'; expected: Expected };

interface Kept {
  expected: Expected;
  at: number;
}

/** Recipients that are remembered one by one: twice what one message may have. */
const KNOWN_MOST = 2_000;

const keyOf = (handles: readonly string[], language: Locale): string => JSON.stringify([language, ...handles.toSorted()]);
const stale = ({ at }: { at: number }): boolean => Date.now() - at >= FRESH_MS;

class Outlooks {
  readonly #kept = new SvelteMap<string, Kept>();
  /** What is known of each recipient, in no language. */
  readonly #known = new SvelteMap<string, Known>();
  readonly #failed = new SvelteMap<string, unknown>();
  readonly #asked = new SvelteMap<string, Promise<void>>();

  constructor() {
    session.onChange(() => this.clear());
  }

  /** What is known of a message to exactly these people. */
  of(handles: readonly string[], language: Locale): Prospect {
    if (!handles.length) return { state: 'nobody' };
    const key = keyOf(handles, language);
    const expected = this.#scored(handles, language)?.expected ?? this.#kept.get(key)?.expected;
    if (expected) return { state: 'known', expected };
    return this.#failed.has(key) ? { state: 'failed', cause: this.#failed.get(key) } : { state: 'looking' };
  }

  /** True while the server is asked about them. */
  asking(handles: readonly string[], language: Locale): boolean {
    return this.#asked.has(keyOf(handles, language));
  }

  /** Keeps the answer about these people fresh, until the function that it returns is called. */
  follow(handles: readonly string[], language: Locale): () => void {
    if (!handles.length) return () => {};
    const key = keyOf(handles, language);
    let timer: ReturnType<typeof setTimeout> | undefined;
    let tries = 0;
    let over = false;
    const later = (ms: number) => {
      clearTimeout(timer);
      if (!over) timer = setTimeout(() => void look(), ms);
    };
    const look = async () => {
      await this.look(handles, language);
      const kept = this.#answer(handles, language);
      later(kept?.expected.complete ? FRESH_MS : (AGAIN_MS[tries++] ?? FRESH_MS));
    };
    const online = () => this.#failed.has(key) && later(0);
    window.addEventListener('online', online);
    formula.need();
    // An answer is no reason to ask again.
    const kept = untrack(() => this.#answer(handles, language));
    later(kept?.expected.complete && !stale(kept) ? kept.at + FRESH_MS - Date.now() : SETTLE_MS);
    return () => {
      over = true;
      clearTimeout(timer);
      window.removeEventListener('online', online);
    };
  }

  /** Asks about them now, unless that is under way. */
  look(handles: readonly string[], language: Locale): Promise<void> {
    const key = keyOf(handles, language);
    const asked = this.#asked.get(key) ?? this.#ask(key, handles, language).finally(() => this.#asked.delete(key));
    this.#asked.set(key, asked);
    return asked;
  }

  /** What is known of a message to them, and since when: scored here, or as the server said it. */
  #answer(handles: readonly string[], language: Locale): Kept | undefined {
    return this.#scored(handles, language) ?? this.#kept.get(keyOf(handles, language));
  }

  #scored(handles: readonly string[], language: Locale): Kept | undefined {
    const known = handles.map((handle) => this.#known.get(handle));
    if (!formula.now || !known.every((one) => one !== undefined)) return undefined;
    const expected = combined(formula.now, known, language);
    return expected ? { expected, at: Math.min(...known.map(({ at }) => at)) } : undefined;
  }

  /** Whom the server is asked about: those of whom too little is known, where the rest can be scored here. */
  #unknown(handles: readonly string[], language: Locale): readonly string[] {
    const lacking = handles.filter((handle) => {
      const known = this.#known.get(handle);
      return !known || stale(known) || (known.outlook !== null && !settled(known.outlook));
    });
    const others = handles.filter((handle) => !lacking.includes(handle));
    const everybody = !lacking.length || !formula.now || (others.length > 0 && !this.#scored(others, language));
    return everybody ? handles : lacking;
  }

  async #ask(key: string, handles: readonly string[], language: Locale): Promise<void> {
    const { client } = session;
    const wanted = this.#unknown(handles, language);
    try {
      if (!client) throw new ApiError('signed-out');
      const parts: OutlookAnswer[] = [];
      for (let at = 0; at < wanted.length; at += RECIPIENTS_MOST) parts.push(await askOutlook(client, wanted.slice(at, at + RECIPIENTS_MOST), language));
      if (session.client?.accountId !== client.accountId) return;
      this.#take(keyOf(wanted, language), parts, language);
      this.#failed.delete(key);
    } catch (cause) {
      if (session.noticeEnd(cause)) return;
      const kept = this.#kept.get(key);
      if (kept && stale(kept)) this.#kept.delete(key);
      for (const handle of wanted) if (stale(this.#known.get(handle) ?? { at: 0 })) this.#known.delete(handle);
      this.#failed.set(key, cause);
      bound(this.#failed);
    }
  }

  #take(key: string, parts: OutlookAnswer[], language: Locale): void {
    const each = parts.flatMap((part) => part.list);
    const at = Date.now();
    for (const outlook of each) this.#learn(outlook.recipient, { outlook, recipient: outlook.recipient, at });
    for (const recipient of parts.flatMap((part) => part.notFound)) this.#learn(recipient, { outlook: null, recipient, at });
    // Each is also what a message to that one alone would be.
    for (const one of each) this.#keep(keyOf([one.recipient], language), { whole: one, each: [one], complete: settled(one), notFound: [] });
    this.#keep(key, { whole: together(parts), each: worstFirst(each), complete: each.every(settled), notFound: parts.flatMap((part) => part.notFound) });
  }

  #keep(key: string, expected: Expected): void {
    this.#failed.delete(key);
    this.#kept.delete(key);
    this.#kept.set(key, { expected, at: Date.now() });
    bound(this.#kept);
  }

  /** A message to them finds out more than a look at the DNS: what was known before counts no more. */
  forget(handles: readonly string[]): void {
    const named = handles.map((handle) => JSON.stringify(handle));
    for (const key of this.#kept.keys()) if (named.some((name) => key.includes(name))) this.#kept.delete(key);
    for (const handle of handles) this.#known.delete(handle);
  }

  #learn(recipient: string, known: Known): void {
    this.#known.delete(recipient);
    this.#known.set(recipient, known);
    bound(this.#known, KNOWN_MOST);
  }

  clear(): void {
    this.#kept.clear();
    this.#known.clear();
    this.#failed.clear();
  }
}

/** The oldest go first: a Map keeps the order of insertion. */
function bound(map: Map<string, unknown>, most = KEPT_MOST): void {
  for (const old of map.keys()) if (map.size > most) map.delete(old);
}

/**
 * One message to all of them. What had to be asked for in parts is the worst part with everybody's readers, and never
 * said to be exact: all of them together may be worse.
 */
function together(parts: OutlookAnswer[]): Explanation {
  const [worst, ...others] = parts.map((part) => part.message).toSorted((a, b) => a.privacy.score - b.privacy.score);
  if (!worst) throw new ApiError('server');
  if (!others.length) return worst;
  const names = (of: 'readers' | 'watchers') => [...new Set([worst, ...others].flatMap((one) => one[of]))];
  return { ...worst, privacy: { ...worst.privacy, approximate: true }, readers: names('readers'), watchers: names('watchers') };
}

export const outlooks = new Outlooks();
