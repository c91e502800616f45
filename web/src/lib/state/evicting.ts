// What this browser kept, and may keep no longer: it would show it without the unlock that is asked for by now.

import type { LevelNumber } from '$lib/jmap/types';
import { local } from '$lib/local/local';
import { held, veilConversation, veilMessage } from './held.svelte';
import type { KeptList } from './keptlist';
import type { KeptThread } from './keptthread';

/** Does nothing where no level was added to those that nothing is kept of. */
export async function evict(locked: readonly LevelNumber[]): Promise<void> {
  const before = (await local.recall<LevelNumber[]>('gate', 'locked')) ?? [];
  if (locked.some((level) => !before.includes(level))) await evictAll();
  if (JSON.stringify(locked) !== JSON.stringify(before)) local.keep('gate', 'locked', locked);
}

async function evictAll(): Promise<void> {
  const shown = new Set<string>();
  await local.review<KeptThread>('thread', (thread) => {
    const messages = thread.messages.map((one) => held.kept(one, veilMessage));
    for (const { id, hidden } of messages) if (!hidden) shown.add(id);
    return messages.every((one, at) => one === thread.messages[at]) ? thread : { ...thread, messages };
  });
  await local.review<KeptList>('list', (list) => {
    const rows = list.rows.map((one) => held.kept(one, veilConversation));
    return rows.every((one, at) => one === list.rows[at]) ? list : { ...list, rows };
  });
  // A body that belongs to no message that is kept in clear is as good as held back.
  await local.retain('content', shown);
  await local.retain('drafts', new Set());
}
