// One list of conversations: a sparse order of ids, filled page by page as it is looked at. A page that
// follows a known row is asked for by its anchor (RFC 8620 §5.5), so that the server never counts to it.

import type { GetAnswer, QueryAnswer } from '$lib/jmap/client';
import type { Conversation } from '$lib/jmap/types';
import { conversations } from './conversations.svelte';
import { belongs, conditionsOf, lingers, PAGE_ROWS, queryOf, sortOf, type Filter } from './filter';
import { held } from './held.svelte';
import { passing } from './kept';
import { keepList, recallList, type KeptList } from './keptlist';
import { askPage, pagesOf } from './listpage';
import { goesBefore, insertAt } from './order';
import { session } from './session.svelte';

class List {
  filter = $state.raw<Filter>({ place: 'inbox', unreadOnly: false, sort: 'latestAt' });
  total = $state<number | null>(null);
  /** False for a list too long to be counted: then `total` is what is known, and one page more. */
  counted = $state(true);
  error = $state.raw<unknown>(null);
  /** The row that the keyboard stands on. */
  cursor = $state(0);
  #order: (string | undefined)[] = [];
  #version = $state(0);
  #loading = new Set<number>();
  #generation = 0;
  /** What is shown was kept here, and the server's first page is still to come. */
  #provisional = false;
  /** Rows that were last asked to be on screen. */
  #window = { from: 0, to: PAGE_ROWS };

  idAt(row: number): string | undefined {
    void this.#version;
    return this.#order[row];
  }

  /** Which of these rows are known. */
  idsBetween(from: number, to: number): string[] {
    return this.#order.slice(from, to + 1).filter((id) => id !== undefined);
  }

  rowOf(id: string): number {
    void this.#version;
    return this.#order.indexOf(id);
  }

  /** Starts a list again when what it shows changed. */
  show(filter: Filter): void {
    const same = JSON.stringify(filter) === JSON.stringify(this.filter) && this.total !== null;
    if (same) return;
    this.filter = filter;
    this.cursor = 0;
    this.reload();
    void this.#recall();
  }

  /** Shows what was kept of this list, until the server's own comes. */
  async #recall(): Promise<void> {
    const generation = this.#generation;
    const kept = await recallList(this.filter);
    if (kept && generation === this.#generation && this.total === null) {
      this.#put(kept);
      this.#provisional = true;
    }
  }

  /** Begins with what was kept, or was just answered: `/changes` brings it up to date. */
  restore(kept: KeptList, fresh: boolean): void {
    this.#generation += 1;
    this.filter = kept.filter;
    this.cursor = 0;
    conversations.state = kept.state;
    this.#put(kept);
    if (fresh) this.#keep();
  }

  #put({ rows, total, counted }: KeptList): void {
    this.#order = rows.map(({ id }) => id);
    for (const conversation of rows) conversations.put(conversation);
    Object.assign(this, { total, counted, error: null });
    this.#version += 1;
  }

  #keep(): void {
    keepList(() => ({ filter: this.filter, order: this.#order, total: this.#provisional ? null : this.total, counted: this.counted }));
  }

  /** Asks for what could not be had without a network. */
  catchUp(): void {
    if (this.#provisional) void this.#load(0);
    else if (this.error) this.retry();
  }

  /** Forgets the order and asks again for what is on screen. */
  reload(): void {
    this.#generation += 1;
    this.#loading.clear();
    this.#order = [];
    this.#version += 1;
    this.total = null;
    this.error = null;
    this.#provisional = false;
    this.ensure(0, PAGE_ROWS);
  }

  /** How many of these rows are held back. */
  heldBetween(from: number, to: number): number {
    void this.#version;
    return this.idsBetween(from, to).filter((id) => conversations.byId.get(id)?.hidden).length;
  }

  /** Asks again for what is no longer held back. The first page and what is in sight stand meanwhile, the rest waits to be looked at. */
  follow(): void {
    this.#keep();
    if (!this.#order.some((id) => id !== undefined && held.missing(conversations.byId.get(id)))) return;
    this.#generation += 1;
    this.#loading.clear();
    const pages = pagesOf(this.#window);
    this.#order.forEach((_, row) => pages.has(Math.floor(row / PAGE_ROWS)) || (this.#order[row] = undefined));
    for (const page of pages) void this.#load(page);
  }

  clear(): void {
    this.#generation += 1;
    this.#loading.clear();
    [this.#order, this.total] = [[], null];
    this.#version += 1;
  }

  /** Makes sure that these rows are known, or on their way. */
  ensure(from: number, to: number): void {
    this.#window = { from, to };
    const last = this.total === null ? 0 : Math.max(0, Math.ceil(this.total / PAGE_ROWS) - 1);
    for (let page = Math.floor(from / PAGE_ROWS); page <= Math.min(last, Math.floor(to / PAGE_ROWS)); page++) {
      if (!this.#loading.has(page) && this.#hasHole(page)) void this.#load(page);
    }
  }

  retry(): void {
    this.error = null;
    this.ensure(this.#window.from, this.#window.to);
  }

  #hasHole(page: number): boolean {
    const end = Math.min((page + 1) * PAGE_ROWS, this.total ?? PAGE_ROWS);
    for (let row = page * PAGE_ROWS; row < end; row++) if (!this.#order[row]) return true;
    return false;
  }

  async #load(page: number): Promise<void> {
    const client = session.client;
    if (!client) return;
    const generation = this.#generation;
    this.#loading.add(page);
    try {
      const start = page * PAGE_ROWS;
      const answers = await askPage(client, this.filter, start, this.#order[start - 1], this.total === null || this.#provisional);
      if (generation !== this.#generation) return;
      this.#fill(start, answers);
      this.error = null;
    } catch (cause) {
      if (generation === this.#generation && !session.noticeEnd(cause) && !(this.#provisional && passing(cause))) this.error = cause;
    } finally {
      if (generation === this.#generation) this.#loading.delete(page);
    }
  }

  #fill(start: number, answers: { query: QueryAnswer; get: GetAnswer<Conversation> }): void {
    conversations.take(answers.get);
    const { ids, total } = answers.query;
    if (this.#provisional) {
      this.#order = [];
      this.total = null;
      this.#provisional = false;
    }
    if (this.total === null) this.counted = total !== undefined;
    if (total !== undefined) this.total = total;
    ids.forEach((id, index) => (this.#order[start + index] = id));
    const end = start + ids.length;
    if (ids.length < PAGE_ROWS) this.total = end;
    else if (!this.counted) this.total = Math.max(this.total ?? 0, end + PAGE_ROWS);
    this.total ??= end;
    this.#order.length = Math.min(this.#order.length, this.total);
    this.#version += 1;
    this.#keep();
  }

  /** Whether a conversation came into the list or only moved up in it, the server knows. */
  async #recount(): Promise<void> {
    const generation = this.#generation;
    const query = { ...queryOf(this.filter), position: 0, limit: 1, calculateTotal: true };
    try {
      const answers = await session.client?.call([['Conversation/query', query, 'q']]);
      const total = answers?.read<QueryAnswer>('q').total;
      if (total === undefined || !this.counted || generation !== this.#generation) return;
      this.total = total;
      this.#order.length = Math.min(this.#order.length, total);
      this.#version += 1;
    } catch (cause) {
      session.noticeEnd(cause);
    }
  }

  /** The filter of this list, as the server is asked for it. */
  get asked(): Record<string, unknown> {
    return conditionsOf(this.filter);
  }

  /**
   * Puts each changed conversation where it belongs now; asks again only when that cannot be known. `counted`
   * tells that one which is not in sight was not in the list either: it is new, or was just taken out.
   */
  place(ids: string[], counted: boolean): void {
    if (this.total === null) return;
    const known = (id: string | undefined) => (id ? conversations.byId.get(id) : undefined);
    for (const id of ids) {
      const conversation = known(id);
      const before = this.#order.indexOf(id);
      const stays = conversation !== undefined && belongs(this.filter, conversation);
      if (before >= 0 && lingers(this.filter, conversation)) continue;
      if (before >= 0) this.#order.splice(before, 1);
      if (stays) {
        const at = insertAt(this.#order, (other) => goesBefore(conversation, known(other), sortOf(this.filter), this.filter.place));
        if (at === null && before < 0) return this.reload();
        this.#order.splice(at ?? before, 0, id);
        if (before < 0 && counted) this.total += 1;
        if (before < 0 && !counted) void this.#recount();
        if (before < 0 && (at ?? 0) <= this.cursor && this.cursor > 0) this.cursor += 1;
      } else if (before >= 0) {
        this.total = Math.max(0, this.total - 1);
        if (before < this.cursor) this.cursor -= 1;
      }
    }
    this.cursor = Math.max(0, Math.min(this.cursor, this.total - 1));
    this.#version += 1;
    this.#keep();
    this.ensure(this.#window.from, this.#window.to);
  }
}

export const list = new List();
