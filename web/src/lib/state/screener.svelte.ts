// Who writes for the first time: how many wait, and what is decided about them.

import { t } from '$lib/i18n/index.svelte';
import { MethodError, type Answers, type Call, type QueryAnswer } from '$lib/jmap/client';
import { setAll } from '$lib/jmap/deeds';
import type { Conversation } from '$lib/jmap/types';
import { conversations } from './conversations.svelte';
import { explain } from './explain';
import { list } from './list.svelte';
import { nameOf } from './naming';
import { notices } from './notices.svelte';
import { session } from './session.svelte';

export type Scope = 'person' | 'domain' | 'sender';
export type Verdict = 'accept' | 'refuse';

/** A list and the machines of an organisation are met as such; people one by one. */
export const scopeOf = ({ kind }: Conversation): Scope => (kind === 'list' || kind === 'automated' ? 'sender' : 'person');

/** The domain that a decision could be about. */
export const domainOf = (conversation: Conversation): string => conversation.people[0]?.handle.split('@').at(-1) ?? '';

class Screener {
  /** Conversations of new senders that wait. */
  waiting = $state(0);

  /** Rides with other questions: how many wait. */
  readonly question: Call = ['Conversation/query', { filter: { place: 'new-senders' }, limit: 0, calculateTotal: true }, 'waiting'];

  take(answers: Answers): void {
    try {
      this.waiting = answers.read<QueryAnswer>('waiting').total ?? 0;
    } catch (cause) {
      if (!(cause instanceof MethodError)) throw cause;
    }
  }

  async load(): Promise<void> {
    try {
      const answers = await session.client?.call([this.question]);
      if (answers) this.take(answers);
    } catch (cause) {
      session.noticeEnd(cause);
    }
  }

  /** Accepts or refuses; undo asks again, and lets those who were moved wait again. */
  async decide(conversation: Conversation, verdict: Verdict, scope = scopeOf(conversation)): Promise<void> {
    const { client } = session;
    if (!client) return;
    const ask = (decision: Verdict | 'ask') => client.call([['Screener/decide', { conversationId: conversation.id, scope, decision }, 'd']]);
    const name = scope === 'domain' ? domainOf(conversation) : nameOf(conversation);
    this.#show(conversation, verdict === 'accept' ? 'inbox' : 'bin');
    try {
      const { moved } = (await ask(verdict)).read<{ moved: string[] }>('d');
      const undo = async () => {
        this.#show(conversation, 'new-senders');
        await ask('ask');
        for (let from = 0; from < moved.length; from += 500) await setAll(client, { ids: moved.slice(from, from + 500) }, { place: 'new-senders' });
      };
      notices.show(t(`did_${verdict}`, { name }), { label: t('undo'), run: () => void this.#guarded(conversation, undo) });
    } catch (cause) {
      this.#show(conversation, 'new-senders');
      this.#failed(cause, () => void this.decide(conversation, verdict, scope));
    }
  }

  #show({ id }: Conversation, place: Conversation['place']): void {
    conversations.patch(id, { place });
    list.place([id], true);
  }

  async #guarded(conversation: Conversation, deed: () => Promise<void>): Promise<void> {
    try {
      await deed();
      notices.say(t('undone'));
    } catch (cause) {
      list.reload();
      this.#failed(cause, () => void this.#guarded(conversation, deed));
    }
  }

  #failed(cause: unknown, again: () => void): void {
    if (!session.noticeEnd(cause)) notices.error(explain(cause), { label: t('retry'), run: again });
  }

  clear(): void {
    this.waiting = 0;
  }
}

export const screener = new Screener();
