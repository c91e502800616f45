// What the keyboard steps through: the list of a place, or what a lazy chunk puts where it stands.

import { list } from './list.svelte';

export interface Rows {
  readonly total: number | null;
  cursor: number;
  idAt(row: number): string | undefined;
}

class ShownRows {
  shown = $state.raw<Rows>(list);

  /** Puts other rows there until the result is called. */
  stand(other: Rows): () => void {
    this.shown = other;
    return () => {
      if (this.shown === other) this.shown = list;
    };
  }
}

export const rows = new ShownRows();
