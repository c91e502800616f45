// Printing: everything that is to stand on paper is opened and fetched first, and drawn in black on white.

import { flushSync, tick } from 'svelte';
import { messages } from './messages.svelte';

/** How long pictures and frames may take to be drawn, in milliseconds. */
const SETTLE_MS = 250;

class Printing {
  /** True while the page is on its way to paper. */
  active = $state(false);
  /** The one message that is printed; null for all of them. */
  only = $state<string | null>(null);

  constructor() {
    // The browser's own "print" comes here too.
    window.addEventListener('beforeprint', () => flushSync(() => (this.active = true)));
    window.addEventListener('afterprint', () => this.#over());
  }

  /** Prints the open conversation. Messages that are folded stay folded, as they are on the screen. */
  async conversation(): Promise<void> {
    await this.#print(messages.order.filter((id) => messages.expanded.has(id)), null);
  }

  async message(id: string): Promise<void> {
    messages.expanded.add(id);
    await this.#print([id], id);
  }

  async #print(ids: string[], only: string | null): Promise<void> {
    await Promise.all(ids.map((id) => messages.need(id)));
    this.only = only;
    this.active = true;
    await tick();
    await new Promise((done) => setTimeout(done, SETTLE_MS));
    window.print();
  }

  #over(): void {
    this.active = false;
    this.only = null;
  }
}

export const printing = new Printing();
