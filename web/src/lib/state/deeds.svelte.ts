// What the person did while there was no network: kept in order, and done when it is back. A deed sets properties to
// what they should be, so doing one twice is doing it once; what the server says in the end is what counts.

import { t } from '$lib/i18n/index.svelte';
import { waitWith, type Arguments, type GetAnswer, type SetAnswer } from '$lib/jmap/client';
import type { Conversation } from '$lib/jmap/types';
import { local } from '$lib/local/local';
import { conversations } from './conversations.svelte';
import { passing } from './kept';
import { list } from './list.svelte';
import { notices } from './notices.svelte';
import { session } from './session.svelte';
import { waiting } from './waiting.svelte';

const TYPES: ReadonlySet<string> = new Set(['Conversation', 'Message', 'Contact']);
const DEEDS_MOST = 1_000;
/** Objects that one request changes. */
const TOGETHER_MOST = 100;

interface Deed {
  type: string;
  update: Record<string, Arguments>;
}
interface WaitingDeed {
  id: string;
  deed: Deed;
  /** True once it is in the browser's database, where another tab may take it up. */
  stored: boolean;
}

class Deeds {
  #all: WaitingDeed[] = [];
  #serial = 0;

  constructor() {
    waitWith({
      behind: (type, what) => this.#all.length > 0 && this.#takes(type, what),
      add: (type, what) => this.#takes(type, what) && this.#add({ type, update: what['update'] as Deed['update'] }),
    });
    waiting.also(() => this.#drain());
    session.onChange((client) => client || this.#forget());
  }

  #takes(type: string, what: Arguments): boolean {
    const only = Object.keys(what);
    return TYPES.has(type) && only.length === 1 && only[0] === 'update' && this.#all.length < DEEDS_MOST;
  }

  #add(deed: Deed): boolean {
    const id = `${Date.now().toString(36).padStart(10, '0')} ${String((this.#serial += 1)).padStart(6, '0')}`;
    const one: WaitingDeed = { id, deed, stored: false };
    this.#all.push(one);
    waiting.deeds = this.#all.length;
    void local.hold('deeds', id, deed).then((stored) => (one.stored = stored));
    waiting.soon();
    return true;
  }

  /** Takes up what an earlier page left; the ids are in the order of time. */
  async load(): Promise<void> {
    const known = new Set(this.#all.map(({ id }) => id));
    const left = (await local.all<Deed>('deeds')).filter(({ id }) => !known.has(id));
    this.#all = [...left.map(({ id, value }) => ({ id, deed: value, stored: true })), ...this.#all].toSorted((a, b) => (a.id < b.id ? -1 : 1));
    waiting.deeds = this.#all.length;
  }

  async #drain(): Promise<boolean> {
    const { client } = session;
    if (!client) return this.#all.length === 0;
    while (this.#all.length) {
      const run = await this.#next();
      if (!run.length) continue;
      try {
        const [{ deed }] = run as [WaitingDeed];
        const update = Object.assign({}, ...run.map((one) => one.deed.update)) as Deed['update'];
        const answer = (await client.call([[`${deed.type}/set`, { update }, 's']])).read<SetAnswer>('s');
        this.#drop(run);
        const refused = Object.keys(answer.notUpdated ?? {});
        if (refused.length) await this.#refused(deed.type, refused);
      } catch (cause) {
        if (passing(cause) || session.noticeEnd(cause)) return false;
        this.#drop(run);
        notices.error(t('deeds_refused', { count: run.length }));
      }
    }
    return this.#all.length === 0;
  }

  /** The next deeds of one type that touch different things; those that another tab did meanwhile are left out. */
  async #next(): Promise<WaitingDeed[]> {
    const run: WaitingDeed[] = [];
    const touched = new Set<string>();
    for (const one of this.#all) {
      const ids = Object.keys(one.deed.update);
      if (one.deed.type !== this.#all[0]?.deed.type || touched.size + ids.length > TOGETHER_MOST || ids.some((id) => touched.has(id))) break;
      for (const id of ids) touched.add(id);
      run.push(one);
    }
    const first = run.length ? run : this.#all.slice(0, 1);
    const there = await Promise.all(first.map(async (one) => !one.stored || (await local.own('deeds', one.id)) !== null));
    this.#drop(first.filter((_, index) => !there[index]));
    return first.filter((_, index) => there[index]);
  }

  #drop(done: readonly WaitingDeed[]): void {
    this.#all = this.#all.filter((one) => !done.includes(one));
    waiting.deeds = this.#all.length;
    for (const { id } of done) void local.forget('deeds', id);
  }

  /** What could not be done is shown as the server has it. */
  async #refused(type: string, ids: string[]): Promise<void> {
    notices.error(t('deeds_refused', { count: ids.length }));
    if (type !== 'Conversation') return;
    const answer: GetAnswer<Conversation> | undefined = await session.client?.get<Conversation>('Conversation', ids);
    if (!answer) return;
    conversations.take(answer);
    list.place(ids, false);
  }

  /** The session is over: what waits stays in the database, sealed, until the same person is back. */
  #forget(): void {
    this.#all = [];
    waiting.deeds = 0;
  }
}

export const deeds = new Deeds();
