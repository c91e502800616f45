// What this browser remembers about how things look. Nothing here says who uses it.

import type { Colours } from '$lib/jmap/coaching';
import type { Locale, Sort } from '$lib/jmap/types';

export type Theme = 'auto' | 'light' | 'dark';
/** How much room a row of the list takes. */
export type Density = 'comfortable' | 'compact';
const STORAGE_KEY = 'caliopen.preferences';

interface Stored {
  theme: Theme;
  density: Density;
  /** Colours that the host gave; null for the application's own. */
  colours: Colours | null;
  shortcuts: boolean;
  sort: Sort;
  locale: Locale | null;
  /** How long a message can be taken back, in milliseconds. */
  undoMs: number;
  /** Whether mail stays readable on this device without a network. */
  offline: boolean;
}

const DEFAULTS: Stored = { theme: 'auto', density: 'comfortable', colours: null, shortcuts: true, sort: 'latestAt', locale: null, undoMs: 10_000, offline: false };

function read(): Stored {
  try {
    return { ...DEFAULTS, ...(JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '{}') as Partial<Stored>) };
  } catch {
    return DEFAULTS;
  }
}

class Preferences {
  #stored = $state<Stored>(read());

  constructor() {
    this.#applyLooks();
  }

  get theme() {
    return this.#stored.theme;
  }
  get density() {
    return this.#stored.density;
  }
  get colours() {
    return this.#stored.colours;
  }
  get shortcuts() {
    return this.#stored.shortcuts;
  }
  get sort() {
    return this.#stored.sort;
  }
  get undoMs() {
    return this.#stored.undoMs;
  }
  get offline() {
    return this.#stored.offline;
  }
  get locale() {
    return this.#stored.locale;
  }

  set(change: Partial<Stored>): void {
    Object.assign(this.#stored, change);
    try {
      localStorage.setItem(STORAGE_KEY, JSON.stringify(this.#stored));
    } catch {
      // A browser that stores nothing still works; it only forgets.
    }
    this.#applyLooks();
  }

  #applyLooks(): void {
    document.documentElement.dataset['theme'] = this.#stored.theme;
    document.documentElement.dataset['density'] = this.#stored.density;
    document.documentElement.dataset['colours'] = this.#stored.colours ?? 'own';
  }
}

export const preferences = new Preferences();
