// A draft on its way to the server: made, or changed, or kept beside the other version when somebody changed it elsewhere.
// When the network breaks, nobody knows whether the server has the words: `unsure` remembers what was asked, so that the
// next try recognises its own.

import { Refused } from '$lib/jmap/client';
import { ApiError } from '$lib/jmap/http';
import type { Draft, DraftWords } from '$lib/jmap/sending';
import { drafts } from '../drafts.svelte';
import { identities } from '../identities.svelte';
import { session } from '../session.svelte';
import type { Composition } from './composition.svelte';

export async function write(what: Composition, outlives?: 'page'): Promise<void> {
  const identityId = identities.of(what.identity)?.id;
  if (!identityId || !session.client) throw new ApiError('server');
  const words = what.words(identityId);
  if (what.unsure) await recognise(what, what.unsure);
  what.unsure = words;
  try {
    if (what.id === null) await create(what, words, outlives);
    else await update(what, what.id, words, outlives);
  } catch (cause) {
    // Any answer says that the words are not there; only silence leaves that open.
    if (!(cause instanceof ApiError && cause.kind === 'network')) what.unsure = null;
    throw cause;
  }
  what.unsure = null;
}

async function update(what: Composition, id: string, words: DraftWords, outlives?: 'page'): Promise<void> {
  try {
    const answer = await session.client?.set('Draft', { update: { [id]: { ...words, revision: what.revision } } }, outlives);
    settle(what, id, answer?.updated?.[id] ?? null, what.revision + 1);
  } catch (cause) {
    if (!(cause instanceof Refused)) throw cause;
    if (cause.type === 'conflict') what.conflictOf = what.id;
    else if (cause.type === 'notFound') drafts.byId.delete(id);
    else throw cause;
    // Changed or thrown away elsewhere: what stands here is kept as a draft of its own.
    await create(what, words, outlives);
  }
}

async function create(what: Composition, words: DraftWords, outlives?: 'page'): Promise<void> {
  const { conversationId, answers, conflictOf } = what;
  const answer = await session.client?.set('Draft', { create: { one: { ...words, conversationId, answers, conflictOf } } }, outlives);
  const made = answer?.created?.['one'];
  if (typeof made?.['id'] !== 'string') throw new ApiError('server');
  settle(what, made['id'], made, 1);
}

/** Finds what an unanswered request left: the draft that it made, or the revision that it wrote. */
async function recognise(what: Composition, unsure: DraftWords): Promise<void> {
  const { id } = what;
  const all = (await session.client?.get<Draft>('Draft', id ? [id] : null))?.list ?? [];
  const ours = all.find((draft) => same(draft, unsure) && draft.conversationId === what.conversationId && draft.answers === what.answers);
  if (ours) settle(what, ours.id, { revision: ours.revision, updatedAt: ours.updatedAt }, ours.revision);
}

function same(draft: Draft, words: DraftWords): boolean {
  const said = ({ to, cc, bcc, subject, text, html, attachments }: DraftWords) =>
    JSON.stringify([[to, cc, bcc].map((all) => all.map(({ handle }) => handle)), subject, text, html, attachments.map(({ blobId }) => blobId)]);
  return said(draft) === said(words);
}

/** What the server says of the draft that it wrote. */
function settle(what: Composition, id: string, said: Record<string, unknown> | null, revision: number): void {
  what.id = id;
  drafts.byId.delete(what.key);
  what.revision = Number(said?.['revision'] ?? revision);
  const updatedAt = String(said?.['updatedAt'] ?? new Date().toISOString());
  drafts.put({ id, conversationId: what.conversationId, revision: what.revision, updatedAt });
}
