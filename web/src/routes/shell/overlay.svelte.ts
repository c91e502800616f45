// What stands over the whole application, if anything: one thing at a time.

class Overlay {
  shown = $state<'none' | 'help' | 'palette'>('none');

  open(what: 'help' | 'palette'): void {
    this.shown = what;
  }

  close(): void {
    this.shown = 'none';
  }
}

export const overlay = new Overlay();
