// Texts that the user writes often: fetched when one is first wanted, then kept. They are few.

import { t } from '$lib/i18n/index.svelte';
import type { Template, TemplateWords } from '$lib/jmap/sending';
import { explain } from './explain';
import { notices } from './notices.svelte';
import { session } from './session.svelte';
import { sync, type Follower } from './sync.svelte';
import { folded } from './folding';

export const TEMPLATES_MOST = 200;

class Templates implements Follower {
  readonly type = 'Template';
  /** By name. */
  all = $state.raw<Template[]>([]);
  state: string | null = null;
  #asked: Promise<void> | null = null;

  constructor() {
    session.onChange(() => this.clear());
  }

  need(): Promise<void> {
    this.#asked ??= this.#fetch().catch((cause: unknown) => {
      this.#asked = null;
      throw cause;
    });
    return this.#asked;
  }

  async #fetch(): Promise<void> {
    const answer = await session.client?.get<Template>('Template', null);
    this.#take(answer?.list ?? []);
    this.state = answer?.state ?? null;
  }

  #take(all: Template[]): void {
    this.all = all.toSorted((a, b) => a.name.localeCompare(b.name));
  }

  async changed(): Promise<void> {
    await this.#fetch();
  }

  /** Those whose name begins with what was typed, whatever its case and accents. */
  startingWith(typed: string): Template[] {
    const wanted = folded(typed);
    return this.all.filter((one) => folded(one.name).replaceAll(' ', '').startsWith(wanted));
  }

  /** Keeps a new template, or what another one says from now on. */
  async save(words: TemplateWords, id: string | null): Promise<void> {
    if (id) await session.client?.update('Template', { [id]: { ...words } });
    else await session.client?.set('Template', { create: { one: words } });
    await this.#fetch();
  }

  /** Removes one; undo makes it again. */
  async remove(one: Template): Promise<void> {
    const { name, subject, text, html } = one;
    const again = () => void this.#attempt(() => this.save({ name, subject, text, html }, null));
    await this.#attempt(async () => {
      await session.client?.destroy('Template', [one.id]);
      this.all = this.all.filter((other) => other.id !== one.id);
      notices.show(t('template_deleted', { name }), { label: t('undo'), run: again });
    });
  }

  async #attempt(deed: () => Promise<void>): Promise<void> {
    try {
      await deed();
    } catch (cause) {
      if (!session.noticeEnd(cause)) notices.error(explain(cause), { label: t('retry'), run: () => void this.#attempt(deed) });
    }
  }

  clear(): void {
    this.all = [];
    this.state = null;
    this.#asked = null;
  }
}

export const templates = new Templates();
sync.follow(templates);
