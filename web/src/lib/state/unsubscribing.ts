// Leaving a list by the message that it asks for: it goes the normal way, and can be taken back for a while.

import { t } from '$lib/i18n/index.svelte';
import { Refused, type SetAnswer } from '$lib/jmap/client';
import { ApiError } from '$lib/jmap/http';
import type { Sent } from '$lib/jmap/sending';
import type { Leaving } from '$lib/reader/unsubscribe';
import { identities } from './identities.svelte';
import { notices } from './notices.svelte';
import { preferences } from './preferences.svelte';
import { session } from './session.svelte';

const room = () => import('../../routes/compose/room');

/** Sends it from the address that the list writes to. Throws when it did not leave: no draft of it stays then. */
export async function unsubscribe(way: Extract<Leaving, { by: 'message' }>, from: string): Promise<void> {
  await identities.need();
  const identityId = identities.of(from)?.id;
  const { client } = session;
  if (!identityId || !client) throw new ApiError('server');
  const { subject, text } = way;
  const draft = { identityId, to: [{ name: null, handle: `email:${way.address}` }], subject, text };
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
  const undo = preferences.undoMs ? { label: t('undo'), run: () => void back(sent, draftId) } : null;
  notices.show(t('unsubscribed', { address: way.address }), undo, 'plain', preferences.undoMs || undefined);
}

/** Takes it back, and throws the draft away that this leaves: nobody wrote it. */
async function back(sent: Sent, draftId: unknown): Promise<void> {
  const { takeBack } = await room();
  if (!(await takeBack(sent)) || !draftId) return;
  await session.client?.destroy('Draft', [String(draftId)]).catch((cause: unknown) => session.noticeEnd(cause));
}
