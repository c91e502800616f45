// What is being written in this tab, each by where it is written: at the foot of a conversation, or on a screen of
// its own. It stays in memory when the person looks at something else.

import { SvelteMap } from 'svelte/reactivity';
import { t } from '$lib/i18n/index.svelte';
import type { Draft } from '$lib/jmap/sending';
import type { Message } from '$lib/jmap/types';
import type { Way } from '../answering.svelte';
import { conversations } from '../conversations.svelte';
import { drafts } from '../drafts.svelte';
import { explain } from '../explain';
import { held } from '../held.svelte';
import { identities } from '../identities.svelte';
import { notices } from '../notices.svelte';
import { session } from '../session.svelte';
import { Composition } from './composition.svelte';
import { audienceOf, subjectOf } from './reply';

class Composing {
  /** By conversation. */
  readonly answers = new SvelteMap<string, Composition>();
  /** Those on a screen of their own. */
  readonly letters = new SvelteMap<string, Composition>();
  /** The newest letter that has no draft yet. */
  blank = $state.raw<Composition | null>(null);
  #account = session.client?.accountId ?? null;

  constructor() {
    const leave = () => {
      for (const one of this.#all()) if (one.saving.dirty) void one.saving.flush('page');
    };
    document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && leave());
    window.addEventListener('pagehide', leave);
    window.addEventListener('beforeunload', (event) => {
      if (this.#all().some((one) => (one.saving.state === 'offline' && !one.saving.keptHere) || one.files.some((file) => file.waiting))) event.preventDefault();
    });
    session.onChange((client) => this.#moved(client?.accountId ?? null));
    held.also({ follow: (how) => (how === 'changed' ? void drafts.asked.then(() => this.#follow()) : this.#again()) });
  }

  /** A session that ended by itself takes no words with it: they are saved when the same person is back. */
  #moved(account: string | null): void {
    if (account === null ? !session.ended : account !== this.#account) this.#clear();
    if (account === null) return;
    this.#account = account;
    for (const one of this.#all()) if (one.saving.dirty) void one.saving.flush();
  }

  /** Lets go of what quotes what is held back by now, unless the server does not have all of it; saves what it could not. */
  #follow(): void {
    for (const one of this.#all()) {
      if (one.saving.state !== 'saved') void one.saving.flush();
      else if (one.id && drafts.byId.get(one.id)?.hidden) this.forget(one);
    }
  }

  /** Saves what was refused, now that nothing is held back. */
  #again(): void {
    if (held.levels?.length === 0) for (const one of this.#all()) if (one.saving.isHeld) void one.saving.flush();
  }

  /** Whether it is written in this tab already. */
  knows(key: string): boolean {
    return this.#all().some((one) => one.key === key);
  }

  /** Goes on with what an earlier page could not save; it is saved as soon as the server answers. */
  takeUp(one: Composition): void {
    one.saving.keptHere = true;
    const { conversationId } = one;
    if (conversationId && !this.answers.has(conversationId)) this.answers.set(conversationId, one);
    else if (!conversationId && !one.id && !this.blank) this.blank = one;
    else this.letters.set(one.id ?? one.key, one);
    // Its conversation finds it by this, whatever the server said last of the drafts that there are.
    drafts.put({ id: one.id ?? one.key, conversationId, revision: one.revision, updatedAt: new Date().toISOString() });
    one.saving.touch();
    void one.saving.flush();
  }

  /** What no server knows of yet. */
  get unsaved(): Composition[] {
    return this.#all().filter((one) => one.id === null && !one.empty);
  }

  #all(): Composition[] {
    return [...this.answers.values(), ...this.letters.values(), ...(this.blank ? [this.blank] : [])];
  }

  #clear(): void {
    for (const one of this.#all()) one.saving.stop();
    this.answers.clear();
    this.letters.clear();
    this.blank = null;
  }

  /** The answer that is kept for a conversation, on whatever device it was begun. */
  async kept(conversationId: string): Promise<Composition | null> {
    const here = this.answers.get(conversationId);
    if (here) return here;
    const brief = drafts.in(conversationId);
    const draft = brief ? await this.#whole(brief.id) : null;
    if (!draft || draft.hidden) return null;
    return this.answers.get(conversationId) ?? this.#put(this.answers, conversationId, Composition.of(draft));
  }

  #put(where: Map<string, Composition>, key: string, one: Composition): Composition {
    if (one.id) one.saving.state = 'saved';
    where.set(key, one);
    return one;
  }

  async #whole(id: string): Promise<Draft | null> {
    await identities.need();
    const draft = await drafts.whole(id);
    if (draft) drafts.put(draft);
    return draft;
  }

  /** Begins an answer, or turns the one that is being written to another audience; its words stay. */
  answer(conversationId: string, message: Message, way: Exclude<Way, 'forward'>): Composition {
    const audience = audienceOf(message, way);
    const before = this.answers.get(conversationId);
    if (before?.answers === message.id) {
      before.change({ ...audience, bcc: before.bcc });
      return before;
    }
    const identity = conversations.byId.get(conversationId)?.identity;
    const one = new Composition({ conversationId, answers: message.id, identity, subject: subjectOf(message.subject, way), ...audience });
    if (before) this.#replace(before, one);
    this.answers.set(conversationId, one);
    return one;
  }

  /** What a message answers is said when its draft is made: another one takes over the words. */
  #replace(before: Composition, one: Composition): void {
    Object.assign(one, { text: before.text, html: before.html, files: before.files, bcc: before.bcc, keepMetadata: before.keepMetadata, requiresTls: before.requiresTls, signed: before.signed });
    before.saving.stop();
    if (before.id) void this.#destroy(before.id).catch((cause: unknown) => session.noticeEnd(cause));
    if (!one.empty) one.saving.touch();
  }

  /** A new message on a screen of its own. */
  letter(one: Composition = new Composition()): Composition {
    this.blank = one;
    return one;
  }

  /** A draft on a screen of its own; null when there is none any more. */
  async open(draftId: string): Promise<Composition | null> {
    const here = this.letters.get(draftId) ?? (this.blank?.id === draftId ? this.blank : undefined);
    if (here) return here;
    const draft = draftId.startsWith('d') ? await this.#whole(draftId) : null;
    return draft && !draft.hidden ? this.#put(this.letters, draftId, Composition.of(draft)) : null;
  }

  /** Shows what another device wrote, unless something is written here too: then saving finds the conflict. */
  async refresh(one: Composition): Promise<void> {
    if (!one.id || one.saving.state !== 'saved') return;
    try {
      const draft = await drafts.whole(one.id);
      if (draft && !draft.hidden && one.saving.state === 'saved' && draft.revision > one.revision) one.take(draft);
    } catch (cause) {
      session.noticeEnd(cause);
    }
  }

  /** Puts back what was taken back. */
  revive(one: Composition): void {
    if (one.conversationId) this.answers.set(one.conversationId, one);
    else this.letters.set(one.id ?? one.key, one);
  }

  /** It is no longer written: it left, or was thrown away. */
  forget(one: Composition): void {
    one.saving.stop();
    for (const where of [this.answers, this.letters]) for (const [key, other] of where) if (other === one) where.delete(key);
    if (this.blank === one) this.blank = null;
  }

  /** Throws a draft away, with a way back for as long as the toast stands. */
  async discard(one: Composition): Promise<void> {
    for (const file of one.files) file.stop();
    const { id } = one;
    this.forget(one);
    drafts.byId.delete(one.key);
    if (one.empty && !id) return;
    notices.show(t('draft_discarded'), { label: t('undo'), run: () => this.#undiscard(one) });
    if (id) await this.#away(id);
  }

  async #away(id: string): Promise<void> {
    await this.#destroy(id).catch((cause: unknown) => {
      if (!session.noticeEnd(cause)) notices.error(explain(cause), { label: t('retry'), run: () => void this.#away(id) });
    });
  }

  #undiscard(one: Composition): void {
    one.id = null;
    this.revive(one);
    if (!one.conversationId) this.blank = one;
    one.saving.touch();
    void one.saving.flush();
  }

  /** Lets a draft go whose words stand elsewhere too. */
  async drop(one: Composition): Promise<void> {
    this.forget(one);
    if (one.id) await this.#destroy(one.id).catch((cause: unknown) => session.noticeEnd(cause));
  }

  async #destroy(id: string): Promise<void> {
    drafts.byId.delete(id);
    await session.client?.destroy('Draft', [id]);
  }
}

export const composing = new Composing();
