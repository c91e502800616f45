// The services that carry mail, and how each lives: the server's own table, the same for everybody.

import type { Services } from '$lib/jmap/services';
import type { Locale } from '$lib/jmap/types';
import { session } from './session.svelte';

class Table {
  all = $state.raw<Services | null>(null);
  error = $state.raw<unknown>(null);
  #language: Locale | null = null;

  async load(language: Locale): Promise<void> {
    if (this.all && this.#language === language) return;
    this.error = null;
    try {
      const answers = await session.client?.call([['Handler/get', { language }, 'h']]);
      this.all = answers?.read<Services>('h') ?? null;
      this.#language = language;
    } catch (cause) {
      if (!session.noticeEnd(cause)) this.error = cause;
    }
  }
}

export const services = new Table();
