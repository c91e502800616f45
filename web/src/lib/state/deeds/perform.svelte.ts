// Does a deed to one, some or all: shown at once, sent in batches, taken back exactly.

import { t } from '$lib/i18n/index.svelte';
import { setAll, undoAll, type Progress, type Target } from '$lib/jmap/deeds';
import { ApiError } from '$lib/jmap/http';
import type { Conversation } from '$lib/jmap/types';
import { conversations } from '../conversations.svelte';
import { explain } from '../explain';
import { list } from '../list.svelte';
import { notices } from '../notices.svelte';
import { session } from '../session.svelte';
import { formerly, type Deed } from './deeds';
import { selection } from './selection.svelte';

const IDS_MOST = 500;

class Work {
  /** How far a deed for all came; null when none is under way. */
  running = $state.raw<{ done: number; of: number } | null>(null);
  #stopped = false;

  stop(): void {
    this.#stopped = true;
  }

  /** Does it, says so, and offers to take it back. What is selected is let go. */
  async perform(deed: Deed, target: Target = selection.target()): Promise<void> {
    const of = 'ids' in target ? target.ids.length : selection.count;
    if (!session.client || of === 0 || this.running) return;
    selection.clear();
    if ('ids' in target) await this.#some(deed, target.ids);
    else await this.#all(deed, target, of);
  }

  async #some(deed: Deed, ids: string[]): Promise<void> {
    const operations: Promise<Progress | null>[] = [];
    // On its way before the list asks for the rows that come up.
    for (let from = 0; from < ids.length; from += IDS_MOST) operations.push(this.#sendSome(deed, ids.slice(from, from + IDS_MOST)));
    const before = show(ids, deed.shown);
    const undo = () => void this.#undo(deed, operations, before);
    const toast = notices.show(t(deed.said, { count: ids.length }), { label: t('undo'), run: undo });
    try {
      await Promise.all(operations);
    } catch (cause) {
      restore(before);
      notices.dismiss(toast);
      this.#failed(cause, () => void this.#some(deed, ids));
    }
  }

  async #all(deed: Deed, target: Target, of: number): Promise<void> {
    this.#stopped = false;
    this.running = { done: 0, of };
    let progress: Progress | null = null;
    try {
      do {
        progress = await this.#send(deed, target, progress?.operationId);
        this.running = { done: progress?.changed ?? 0, of };
      } while (progress && !progress.finished && !this.#stopped);
    } catch (cause) {
      this.#failed(cause, () => void this.#all(deed, target, of));
    } finally {
      this.running = null;
      list.reload();
    }
    if (progress) notices.show(t(deed.said, { count: progress.changed }), { label: t('undo'), run: () => void this.#undo(deed, [Promise.resolve(progress)], []) });
  }

  /** Without a network, each is changed by itself, which waits until there is one: then null. */
  async #sendSome(deed: Deed, ids: string[]): Promise<Progress | null> {
    try {
      return await this.#send(deed, { ids });
    } catch (cause) {
      if (!(cause instanceof ApiError) || cause.kind !== 'network') throw cause;
      await session.client?.update('Conversation', Object.fromEntries(ids.map((id) => [id, deed.patch])));
      return null;
    }
  }

  async #send(deed: Deed, target: Target, operationId?: string): Promise<Progress | null> {
    return session.client ? setAll(session.client, target, deed.patch, operationId) : null;
  }

  async #undo(deed: Deed, operations: Promise<Progress | null>[], before: Conversation[]): Promise<void> {
    restore(before);
    try {
      const done = await Promise.all(operations);
      for (const progress of done) if (progress && session.client) await undoAll(session.client, progress.operationId);
      if (done.includes(null)) await session.client?.update('Conversation', Object.fromEntries(before.map((one) => [one.id, formerly(one, deed.patch)])));
      if (!before.length) list.reload();
      notices.say(t('undone'));
    } catch (cause) {
      list.reload();
      this.#failed(cause, () => void this.#undo(deed, operations, before));
    }
  }

  #failed(cause: unknown, again: () => void): void {
    if (!session.noticeEnd(cause)) notices.error(explain(cause), { label: t('retry'), run: again });
  }
}

/** Shows what will be; gives what was. */
function show(ids: string[], shown: Deed['shown']): Conversation[] {
  const before = ids.flatMap((id) => conversations.byId.get(id) ?? []);
  for (const one of before) conversations.patch(one.id, shown(one));
  list.place(ids, true);
  return before;
}

function restore(before: Conversation[]): void {
  for (const one of before) conversations.put(one);
  list.place(before.map((one) => one.id), true);
}

export const work = new Work();
