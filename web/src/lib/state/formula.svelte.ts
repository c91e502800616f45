// The formula of the privacy index in this browser, once it is loaded: then what the server said of recipients is scored
// in any combination and language without asking again. Without it, the server is asked each time.

import type { Formula } from '$lib/formula/doors';

/** Where it is; null in a build that was made without it (put in by vite.config.ts). */
declare const FORMULA_URL: string | null;

class Here {
  now = $state.raw<Formula | null>(null);
  #asked = false;

  /** Begins to load it. What cannot be loaded is done without, until the page is opened again. */
  need(): void {
    if (this.#asked || !FORMULA_URL) return;
    this.#asked = true;
    void import('$lib/formula/doors')
      .then(({ open }) => open(FORMULA_URL))
      .then((formula) => (this.now = formula))
      .catch(() => {});
  }
}

export const formula = new Here();
