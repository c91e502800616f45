// Ties the nouns to the session: what starts with a sign-in, and what is forgotten with a sign-out.

import { contacts } from './contacts.svelte';
import { conversations } from './conversations.svelte';
import { drafts } from './drafts.svelte';
import { identities } from './identities.svelte';
import { list } from './list.svelte';
import { messages } from './messages.svelte';
import { reports } from './reports.svelte';
import { session } from './session.svelte';
import { sync } from './sync.svelte';
import { updates } from './updates.svelte';

const DRAFTS_AFTER_MS = 400;

export function start(): void {
  session.onChange((client) => {
    sync.stop();
    for (const noun of [list, messages, conversations, contacts, reports, drafts, identities]) noun.clear();
    if (!client) return;
    sync.start(client);
    // The list comes first.
    setTimeout(() => session.client === client && void drafts.load(), DRAFTS_AFTER_MS);
  });
  void session.open();
  updates.start();
}
