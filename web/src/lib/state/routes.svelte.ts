// The routes that the user has, asked for when their page is opened, and anew when it is opened again.

import { askRoutes, type RouteAnswer } from '$lib/jmap/routes';
import type { Locale } from '$lib/jmap/types';
import { BRIEF, contacts } from './contacts.svelte';
import { session } from './session.svelte';

class Routes {
  now = $state.raw<RouteAnswer | null>(null);
  error = $state.raw<unknown>(null);

  constructor() {
    session.onChange(() => {
      this.now = null;
      this.error = null;
    });
  }

  async load(language: Locale): Promise<void> {
    const { client } = session;
    if (!client) return;
    this.error = null;
    try {
      const { routes, people } = await askRoutes(client, language, BRIEF);
      if (session.client?.accountId !== client.accountId) return;
      contacts.take(people);
      this.now = routes;
    } catch (cause) {
      if (!session.noticeEnd(cause)) this.error = cause;
    }
  }
}

export const routes = new Routes();
