// The user's labels: few, and all known.

import { SvelteMap } from 'svelte/reactivity';
import type { GetAnswer } from '$lib/jmap/client';
import type { Colour, Label } from '$lib/jmap/deeds';
import { locale } from '$lib/i18n/index.svelte';
import { session } from './session.svelte';
import { sync } from './sync.svelte';

class Labels {
  readonly type = 'Label';
  readonly byId = new SvelteMap<string, Label>();
  state: string | null = null;
  /** Why they could not be had: said where one looks for them. */
  error = $state.raw<unknown>(null);
  readonly all = $derived([...this.byId.values()].toSorted((a, b) => a.name.localeCompare(b.name, locale())));

  async load(): Promise<void> {
    this.error = null;
    try {
      const answer = await session.client?.get<Label>('Label', null);
      if (answer) this.take(answer);
    } catch (cause) {
      if (!session.noticeEnd(cause)) this.error = cause;
    }
  }

  take(answer: GetAnswer<Label>): void {
    this.state ??= answer.state;
    for (const label of answer.list) this.byId.set(label.id, label);
  }

  async changed(fresh: string[], gone: string[]): Promise<void> {
    for (const id of gone) this.byId.delete(id);
    if (fresh.length && session.client) this.take(await session.client.get<Label>('Label', fresh));
  }

  /** Makes a label, or throws what the server said about it. */
  async create(name: string, colour: Colour): Promise<Label | null> {
    const answer = await session.client?.set('Label', { create: { new: { name, colour } } });
    const made = answer?.created?.['new'];
    if (!made) return null;
    const label: Label = { id: String(made['id']), name: name.trim(), colour, conversationCount: 0, unreadCount: 0 };
    this.byId.set(label.id, label);
    return label;
  }

  async update(id: string, change: Partial<Pick<Label, 'name' | 'colour'>>): Promise<void> {
    await session.client?.update('Label', { [id]: change });
    const known = this.byId.get(id);
    if (known) this.byId.set(id, { ...known, ...change });
  }

  async remove(id: string): Promise<void> {
    await session.client?.destroy('Label', [id]);
    this.byId.delete(id);
  }

  clear(): void {
    this.byId.clear();
    this.error = null;
    this.state = null;
  }
}

export const labels = new Labels();
sync.follow(labels);
