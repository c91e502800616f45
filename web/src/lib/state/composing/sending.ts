// A message leaves: it is shown at once, sent when its last words are kept, and can be taken back for a while.

import { t } from '$lib/i18n/index.svelte';
import { dayAndTime } from '$lib/i18n/format';
import { MethodError, Refused } from '$lib/jmap/client';
import { ApiError } from '$lib/jmap/http';
import type { Sent } from '$lib/jmap/sending';
import { drafts } from '../drafts.svelte';
import { explain } from '../explain';
import { messages } from '../messages.svelte';
import { notices } from '../notices.svelte';
import { outgoing } from '../outgoing.svelte';
import { preferences } from '../preferences.svelte';
import { session } from '../session.svelte';
import { audienceWords } from './audience';
import { composing } from './composing.svelte';
import type { Composition } from './composition.svelte';

const SENT_NOTICE_MS = 5_000;

export interface Departure {
  /** Null for as soon as it can no longer be taken back. */
  sendAt: Date | null;
}

/**
 * Sends; resolves with what the server made of it, or null when it stays a draft and says why. `taken` runs as soon as
 * the words are on their way: the box can be emptied.
 */
export async function send(one: Composition, when: Departure, restored: (one: Composition) => void): Promise<Sent | null> {
  one.problem = null;
  one.leaving = true;
  const key = outgoing.add({ conversationId: one.conversationId, text: one.text, fileCount: one.files.length, at: new Date().toISOString() });
  composing.answers.delete(one.conversationId ?? '');
  try {
    if (one.id === null) one.saving.touch();
    if (!(await one.saving.flush())) throw new ApiError('network');
    const sent = await submit(one, when);
    outgoing.taken(key, sent.messageId, sent.conversationId);
    left(one, sent, when, key, restored);
    return sent;
  } catch (cause) {
    outgoing.remove(key);
    one.leaving = false;
    if (session.noticeEnd(cause)) return null;
    one.problem = refusal(cause);
    composing.revive(one);
    restored(one);
    return null;
  }
}

async function submit(one: Composition, { sendAt }: Departure): Promise<Sent> {
  const time = sendAt ? { sendAt: sendAt.toISOString() } : { delayMs: preferences.undoMs };
  const answer = await session.client?.set('Submission', { create: { one: { draftId: one.id, ...time } } });
  const sent = answer?.created?.['one'] as Sent | undefined;
  if (!sent) throw new ApiError('server');
  return sent;
}

/** It is gone from the drafts; the toast says to whom it went, and takes it back. */
function left(one: Composition, sent: Sent, { sendAt }: Departure, key: number, restored: (one: Composition) => void): void {
  const draftId = one.id;
  composing.forget(one);
  if (draftId) drafts.byId.delete(draftId);
  void messages.changed([sent.messageId], []).then(() => outgoing.remove(key), (cause: unknown) => session.noticeEnd(cause));
  const names = audienceWords(one.recipients);
  const text = sendAt ? t('sent_later', { names, time: dayAndTime(sendAt.toISOString()) }) : t('sent_to', { names });
  if (!sendAt && preferences.undoMs === 0) {
    notices.show(text, null, 'plain', SENT_NOTICE_MS);
    return;
  }
  const undo = () => void takeBack(sent).then((back) => {
    if (!back) return;
    outgoing.remove(key);
    one.leaving = false;
    one.id = draftId;
    void reload(one);
    composing.revive(one);
    restored(one);
  });
  notices.show(text, { label: t('undo'), run: undo }, 'plain', sendAt ? undefined : preferences.undoMs);
}

/** The draft is there again, in the revision that the server gives it now. */
async function reload(one: Composition): Promise<void> {
  try {
    const draft = one.id ? await drafts.whole(one.id) : null;
    if (draft) {
      one.revision = draft.revision;
      drafts.put(draft);
      one.saving.kept();
    }
  } catch (cause) {
    session.noticeEnd(cause);
  }
}

/** Takes a message back before it left; says so when it is too late. */
export async function takeBack({ id, messageId }: Pick<Sent, 'id' | 'messageId'>): Promise<boolean> {
  try {
    await session.client?.destroy('Submission', [id]);
    messages.merge([], [messageId]);
    notices.say(t('taken_back'));
    return true;
  } catch (cause) {
    if (session.noticeEnd(cause)) return false;
    const late = cause instanceof MethodError && (cause.type === 'cannotUnsend' || cause.type === 'notFound');
    notices.error(late ? t('cannot_unsend') : explain(cause));
    return false;
  }
}

const REFUSALS: Record<string, Parameters<typeof t>[0] & `refused_${string}`> = {
  noRecipients: 'refused_no_recipients',
  invalidRecipients: 'refused_invalid_recipients',
  tooManyRecipients: 'refused_too_many_recipients',
  forbiddenFrom: 'refused_from',
  forbiddenToSend: 'refused_to_send',
  tooLarge: 'refused_too_large',
  blobNotFound: 'refused_file',
  overLimit: 'refused_over_limit',
  conflict: 'refused_conflict',
  notFound: 'refused_not_found',
};

function refusal(cause: unknown): string {
  const key = cause instanceof Refused ? REFUSALS[cause.type] : undefined;
  return key ? t(key as 'refused_from') : `${t('not_sent_kept')} ${explain(cause)}`;
}
