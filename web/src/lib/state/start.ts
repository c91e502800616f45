// Ties the nouns to the session: what starts with a sign-in, and what is forgotten with a sign-out.

import type { Client } from '$lib/jmap/client';
import { deviceKey } from '$lib/jmap/auth';
import { signWith } from '$lib/jmap/http';
import { enrolled } from '$lib/local/enrolled';
import { local } from '$lib/local/local';
import { contacts } from './contacts.svelte';
import { conversations } from './conversations.svelte';
import { deeds } from './deeds.svelte';
import { drafts } from './drafts.svelte';
import { identities } from './identities.svelte';
import { gate } from './gate.svelte';
import { held } from './held.svelte';
import { firstPage, recallList } from './keptlist';
import { labels } from './labels.svelte';
import { list } from './list.svelte';
import { messages } from './messages.svelte';
import { mine } from './mine.svelte';
import { preferences } from './preferences.svelte';
import { reports } from './reports.svelte';
import { router } from './router.svelte';
import { selection } from './deeds/selection.svelte';
import { screener } from './screener.svelte';
import { session } from './session.svelte';
import { sync } from './sync.svelte';
import { hearFailures } from './unheard';
import { updates } from './updates.svelte';
import { waiting } from './waiting.svelte';

/** The list comes first. */
const LATER_MS = 400;

export function start(): void {
  hearFailures();
  signWith(enrolled);
  for (const holder of [{ follow: () => conversations.veil() }, list, messages, drafts]) held.also(holder);
  session.onChange((client) => {
    sync.stop();
    for (const noun of [list, messages, conversations, contacts, reports, drafts, identities, labels, selection, screener, mine, gate]) noun.clear();
    if (!client) return;
    const { first, stale } = session;
    if (first) list.restore(first, !stale);
    sync.start(client, stale && first !== null);
    setTimeout(() => session.client?.accountId === client.accountId && later(client), LATER_MS);
  });
  const filter = () => ({ place: router.place, unreadOnly: false, sort: preferences.sort });
  void session.open({ kept: () => recallList(filter()), answered: (inbox) => firstPage(filter(), inbox) });
  updates.start();
}

function later(client: Client): void {
  void gate.load();
  void drafts.load();
  void labels.load();
  void screener.load();
  void mine.load();
  if (local.unlocked) takeUp();
  else void unlock(client);
}

/** What an earlier page could not send. */
function takeUp(): void {
  void deeds.load().then(() => waiting.load());
}

/** The key of what is kept here: without it nothing is written down, and everything else goes on. */
async function unlock(client: Client): Promise<void> {
  try {
    const device = await local.device();
    if (!device) return;
    const key = await deviceKey(device);
    if (session.client?.accountId !== client.accountId) return;
    await local.unlock(key);
    await local.setKeeping(preferences.offline);
    takeUp();
  } catch (cause) {
    session.noticeEnd(cause);
  }
}
