// Ties the nouns to the session: what starts with a sign-in, and what is forgotten with a sign-out.

import { contacts } from './contacts.svelte';
import { conversations } from './conversations.svelte';
import { list } from './list.svelte';
import { messages } from './messages.svelte';
import { reports } from './reports.svelte';
import { session } from './session.svelte';
import { sync } from './sync.svelte';

export function start(): void {
  session.onChange((client) => {
    sync.stop();
    for (const noun of [list, messages, conversations, contacts, reports]) noun.clear();
    if (client) sync.start(client);
  });
  void session.open();
}
