// Which conversations of the list are selected: some, or all that match, also those that were never fetched.

import { SvelteSet } from 'svelte/reactivity';
import type { Target } from '$lib/jmap/deeds';
import { list } from '../list.svelte';

class Selection {
  readonly ids = new SvelteSet<string>();
  /** Everything that the list shows, whatever its length. */
  all = $state(false);
  /** Where a range starts. */
  #anchor: number | null = null;

  get count(): number {
    return this.all ? (list.total ?? 0) : this.ids.size;
  }

  get any(): boolean {
    return this.all || this.ids.size > 0;
  }

  has(id: string): boolean {
    return this.all || this.ids.has(id);
  }

  /** Selects a row or lets it go; with a range, everything from the last row on. */
  toggle(id: string, row: number, range = false): void {
    const wanted = !this.has(id);
    this.#leaveAll();
    const from = range && this.#anchor !== null ? this.#anchor : row;
    for (const one of list.idsBetween(Math.min(from, row), Math.max(from, row))) {
      if (wanted) this.ids.add(one);
      else this.ids.delete(one);
    }
    this.#anchor = row;
  }

  /** Everything that is known of the list. */
  loaded(): void {
    this.all = false;
    for (const id of list.idsBetween(0, Math.max(0, (list.total ?? 1) - 1))) this.ids.add(id);
  }

  everything(): void {
    this.loaded();
    this.all = true;
  }

  /** What a deed would be done to. */
  target(): Target {
    return this.all ? { filter: list.asked } : { ids: [...this.ids] };
  }

  /** What left the list is selected no more. */
  keep(known: (id: string) => boolean): void {
    for (const id of this.ids) if (!known(id)) this.ids.delete(id);
  }

  clear(): void {
    this.ids.clear();
    this.all = false;
    this.#anchor = null;
  }

  /** Letting one go of "all that match" leaves those that are known. */
  #leaveAll(): void {
    this.all = false;
  }
}

export const selection = new Selection();
