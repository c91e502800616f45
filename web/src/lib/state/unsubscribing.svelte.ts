// Leaving a list: by one request that the server sends, or by the message that the list asks for, which goes the normal
// way and can be taken back for a while. Where a leaving stands is known here, for the button and for what is said of it.

import { SvelteMap } from 'svelte/reactivity';
import { t } from '$lib/i18n/index.svelte';
import { Refused, type SetAnswer, type SetError } from '$lib/jmap/client';
import { ApiError } from '$lib/jmap/http';
import type { Sent } from '$lib/jmap/sending';
import type { ByMessage } from '$lib/reader/unsubscribe';
import { explain } from './explain';
import { identities } from './identities.svelte';
import { messages } from './messages.svelte';
import { notices } from './notices.svelte';
import { preferences } from './preferences.svelte';
import { session } from './session.svelte';

const room = () => import('../../routes/compose/room');

/** Nothing, the question before a message is sent, the request itself, or why it failed. */
export type Phase = 'idle' | 'asking' | 'busy' | { failed: string };

class Unsubscribing {
  /** By message. */
  readonly #phases = new SvelteMap<string, Phase>();

  of(messageId: string): Phase {
    return this.#phases.get(messageId) ?? 'idle';
  }

  ask(messageId: string, asking: boolean): void {
    this.#phases.set(messageId, asking ? 'asking' : 'idle');
  }

  /** One request to the list's host. True when it says that the person is off the list. */
  byClick(messageId: string, host: string): Promise<boolean> {
    return this.#attempt(messageId, async (client) => {
      const answers = await client.call([['Message/unsubscribe', { id: messageId }, 'u']]);
      const { leftAt, notLeft } = answers.read<{ leftAt: string | null; notLeft: SetError | null }>('u');
      if (!leftAt) throw new Refused(notLeft ?? { type: 'unreachable' });
      messages.left(messageId, leftAt);
      notices.show(t('unsubscribed_click', { host }));
    }, host);
  }

  /** The message that the list asks for, from the address that it writes to. No draft of it stays when it did not leave. */
  byMessage(messageId: string, way: ByMessage, from: string): Promise<boolean> {
    return this.#attempt(messageId, async (client) => {
      await identities.need();
      const identityId = identities.of(from)?.id;
      if (!identityId) throw new ApiError('server');
      const { address, subject, text } = way;
      const draft = { identityId, to: [{ name: null, handle: `email:${address}` }], subject, text };
      const answers = await client.call([
        ['Draft/set', { create: { one: draft } }, 'd'],
        ['Submission/set', { create: { two: { draftId: '#one', delayMs: preferences.undoMs } } }, 's'],
      ]);
      const draftId = answers.read<SetAnswer>('d').created?.['one']?.['id'];
      const answer = answers.read<SetAnswer>('s');
      const sent = answer.created?.['two'] as Sent | undefined;
      if (!sent) {
        if (draftId) await client.destroy('Draft', [String(draftId)]);
        const refused = answer.notCreated?.['two'];
        throw refused ? new Refused(refused) : new ApiError('server');
      }
      await note(messageId, new Date().toISOString());
      const undo = preferences.undoMs ? { label: t('undo'), run: () => void back(sent, draftId, messageId) } : null;
      notices.show(t('unsubscribed', { address }), undo, 'plain', preferences.undoMs || undefined);
    }, way.address);
  }

  async #attempt(messageId: string, leave: (client: NonNullable<typeof session.client>) => Promise<void>, whom: string): Promise<boolean> {
    const { client } = session;
    if (!client || this.of(messageId) === 'busy') return false;
    this.#phases.set(messageId, 'busy');
    try {
      await leave(client);
      this.#phases.delete(messageId);
      return true;
    } catch (cause) {
      if (session.noticeEnd(cause)) this.#phases.delete(messageId);
      else this.#phases.set(messageId, { failed: why(cause, whom) });
      return false;
    }
  }
}

export const unsubscribing = new Unsubscribing();

function why(cause: unknown, host: string): string {
  if (!(cause instanceof Refused)) return explain(cause);
  if (cause.error.type === 'refused') return t('leave_refused', { host });
  if (cause.error.type === 'unreachable') return t('leave_unreachable', { host });
  if (cause.error.type === 'notOffered') return t('leave_not_offered');
  return cause.error.type === 'overLimit' ? t('leave_too_many') : explain(cause);
}

/** Writes down that the list was left, or not. The message itself has left: that this fails is no reason to say otherwise. */
async function note(messageId: string, leftAt: string | null): Promise<void> {
  messages.left(messageId, leftAt);
  await session.client?.update('Message', { [messageId]: { leftAt } }).catch((cause: unknown) => session.noticeEnd(cause));
}

/** Takes it back, and throws the draft away that this leaves: nobody wrote it. */
async function back(sent: Sent, draftId: unknown, messageId: string): Promise<void> {
  const { takeBack } = await room();
  if (!(await takeBack(sent, () => void back(sent, draftId, messageId)))) return;
  await note(messageId, null);
  if (draftId) await session.client?.destroy('Draft', [String(draftId)]).catch((cause: unknown) => session.noticeEnd(cause));
}
