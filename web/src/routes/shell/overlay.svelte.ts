// What stands over the whole application, if anything: one thing at a time.

class Overlay {
  shown = $state<'none' | 'help' | 'palette'>('none');
  /** What was typed for the palette before it stood there. */
  #early = '';

  open(what: 'help' | 'palette'): void {
    this.#early = '';
    this.shown = what;
  }

  close(): void {
    this.shown = 'none';
  }

  /** Keeps a key for the palette that is on its way: nobody waits for it before they type. */
  keep(key: string): void {
    if (key === 'Backspace') this.#early = this.#early.slice(0, -1);
    else if (key === 'Enter') this.#early += '\n';
    else if (key.length === 1) this.#early += key;
  }

  /** What was typed until now, and whether Enter ended it. */
  takeEarly(): { typed: string; entered: boolean } {
    const [typed = '', ...rest] = this.#early.split('\n');
    this.#early = '';
    return { typed, entered: rest.length > 0 };
  }
}

export const overlay = new Overlay();
