// Where the focus goes when the keyboard moves through the list.

import { tick } from 'svelte';

/** Focuses the row of the cursor once it is drawn. */
export function focusRow(): void {
  void tick().then(() => {
    const row = document.querySelector<HTMLElement>('section.list [data-cursor="true"]');
    if (row?.checkVisibility()) row.focus({ preventScroll: true });
  });
}
