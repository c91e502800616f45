// A message leaves: it is shown at once, sent when its last words are kept, and can be taken back for a while.

import { t } from '$lib/i18n/index.svelte';
import { dayAndTime } from '$lib/i18n/format';
import { MethodError, Refused } from '$lib/jmap/client';
import { ApiError } from '$lib/jmap/http';
import type { Sent } from '$lib/jmap/sending';
import { passing } from '../kept';
import { drafts } from '../drafts.svelte';
import { explain } from '../explain';
import { messages } from '../messages.svelte';
import { notices } from '../notices.svelte';
import { outgoing } from '../outgoing.svelte';
import { preferences } from '../preferences.svelte';
import { session } from '../session.svelte';
import { sync } from '../sync.svelte';
import { audienceWords } from './audience';
import { composing } from './composing.svelte';
import type { Composition } from './composition.svelte';
import { findSent, outbox, type Leaving } from './outbox.svelte';

const SENT_NOTICE_MS = 5_000;

export interface Departure {
  /** Null for as soon as it can no longer be taken back. */
  sendAt: Date | null;
}

/** Says that a message left, and offers to take it back. */
export type Telling = (one: Composition, sent: Sent, when: Departure, restored: (one: Composition) => void) => void;

/**
 * Sends; resolves with what the server made of it, or null when it waits for the network, or stays a draft and says why.
 * `restored` runs when the words come back to their writer; `told`, once it left.
 */
export async function send(one: Composition, { sendAt }: Departure, restored: (one: Composition) => void, told: Telling = tell): Promise<Sent | null> {
  one.problem = null;
  one.leaving = true;
  const at = new Date().toISOString();
  const bubble = outgoing.add({ conversationId: one.conversationId, text: one.text, fileCount: one.files.length, at });
  composing.answers.delete(one.conversationId ?? '');
  return depart({ one, bubble, sendAt, asked: false, at, stored: false, restored }, told).catch(() => null);
}

/** One try. What it throws when the message waits is why; anything else gave the words back to their writer. */
async function depart(leaving: Leaving, told: Telling = tell): Promise<Sent> {
  const { one, bubble, sendAt, restored } = leaving;
  try {
    outgoing.leaves(bubble);
    const sent = (leaving.asked ? await sentBefore(one) : null) ?? (await leave(leaving));
    outbox.strike(leaving);
    outgoing.taken(bubble, sent.messageId, sent.conversationId);
    left(one, sent, bubble);
    told(one, sent, { sendAt }, restored);
    return sent;
  } catch (cause) {
    if (session.noticeEnd(cause) || passing(cause)) {
      await outbox.note(leaving);
      outbox.wait(leaving);
      throw cause;
    }
    outbox.strike(leaving);
    outgoing.remove(bubble);
    one.leaving = false;
    one.problem = refusal(cause);
    composing.revive(one);
    restored(one);
    throw cause;
  }
}

async function leave(leaving: Leaving): Promise<Sent> {
  const { one } = leaving;
  if (one.id === null) one.saving.touch();
  if (!(await one.saving.flush())) throw one.saving.cause ?? new ApiError('network');
  // In doubt, a harmless question goes first: what was never asked for can still be taken back.
  if (!navigator.onLine || !sync.live) await session.client?.get('Draft', [one.id ?? ''], { properties: ['id'] });
  leaving.asked = true;
  await outbox.note(leaving);
  try {
    return await submit(one, leaving);
  } catch (cause) {
    // An answer that is none but "no" says that it did not leave.
    leaving.asked = cause instanceof ApiError && (cause.kind === 'network' || cause.kind === 'server');
    throw cause;
  }
}

/** What became of a message whose answer was lost: null when its draft is still there, so that it did not leave. */
async function sentBefore(one: Composition): Promise<Sent | null> {
  const there = one.id !== null && (await session.client?.get('Draft', [one.id], { properties: ['id'] }))?.list.length;
  if (there) return null;
  const sent = await findSent(one);
  // Thrown away elsewhere meanwhile: the words are kept as a new draft.
  if (!sent) one.id = null;
  return sent;
}

async function submit(one: Composition, { sendAt }: Pick<Leaving, 'sendAt'>): Promise<Sent> {
  const time = sendAt ? { sendAt: sendAt.toISOString() } : { delayMs: preferences.undoMs };
  const answer = await session.client?.set('Submission', { create: { one: { draftId: one.id, ...time } } });
  const sent = answer?.created?.['one'] as Sent | undefined;
  if (!sent) throw new ApiError('server');
  return sent;
}

/** It is gone from the drafts. */
function left(one: Composition, sent: Sent, key: number): void {
  composing.forget(one);
  if (one.id) drafts.byId.delete(one.id);
  void messages.changed([sent.messageId], []).then(() => outgoing.remove(key), (cause: unknown) => session.noticeEnd(cause));
}

/** The toast says to whom it went, and takes it back. */
export function tell(one: Composition, sent: Sent, { sendAt }: Departure, restored: (one: Composition) => void): void {
  const names = audienceWords(one.recipients);
  const text = sendAt ? t('sent_later', { names, time: dayAndTime(sendAt.toISOString()) }) : t('sent_to', { names });
  const undo = () => void takeBack(sent, undo).then((back) => {
    if (back) void restore(one, sent, restored);
  });
  offerUndo(text, { sendAt }, undo);
}

/** Says that something left, with a way back for as long as there is one. */
export function offerUndo(text: string, { sendAt }: Departure, run: () => void): void {
  if (!sendAt && preferences.undoMs === 0) notices.show(text, null, 'plain', SENT_NOTICE_MS);
  else notices.show(text, { label: t('undo'), run }, 'plain', sendAt ? undefined : preferences.undoMs);
}

/** Gives the words of a message that was taken back to their writer; resolves once the draft is known again. */
export async function restore(one: Composition, { messageId }: Sent, restored: (one: Composition) => void): Promise<void> {
  outgoing.takenBack(messageId);
  one.leaving = false;
  const known = reload(one);
  composing.revive(one);
  restored(one);
  await known;
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

/** Takes a message back before it left; says so when it is too late, and offers it `again` when it failed. */
export async function takeBack({ id, messageId }: Pick<Sent, 'id' | 'messageId'>, again: () => void): Promise<boolean> {
  try {
    await session.client?.destroy('Submission', [id]);
    messages.merge([], [messageId]);
    notices.say(t('taken_back'));
    return true;
  } catch (cause) {
    if (session.noticeEnd(cause)) return false;
    const late = cause instanceof MethodError && (cause.type === 'cannotUnsend' || cause.type === 'notFound');
    notices.error(late ? t('cannot_unsend') : explain(cause), late ? null : { label: t('retry'), run: again });
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
  hidden: 'refused_hidden',
  notFound: 'refused_not_found',
};

function refusal(cause: unknown): string {
  const key = cause instanceof Refused ? REFUSALS[cause.type] : undefined;
  return key ? t(key as 'refused_from') : `${t('not_sent_kept')} ${explain(cause)}`;
}

outbox.departs(depart);
