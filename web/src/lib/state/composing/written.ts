// What is being written, as this browser keeps it (sealed, `lib/local`) until the server has it or it has left.

import { local } from '$lib/local/local';
import type { DraftWords } from '$lib/jmap/sending';
import { identities } from '../identities.svelte';
import { AttachedFile } from './attached.svelte';
import { Composition } from './composition.svelte';

/** How a message is to leave, once the network is there. */
export interface WrittenDeparture {
  /** Null for as soon as it can no longer be taken back. */
  sendAt: string | null;
  /** True once the server was asked to send it: it may have left, though no answer came. */
  asked: boolean;
  at: string;
}

export interface Written {
  key: string;
  draftId: string | null;
  revision: number;
  conversationId: string | null;
  answers: string | null;
  conflictOf: string | null;
  identity: string | undefined;
  words: DraftWords;
  /** What was typed, without the signature that `words` carry. */
  typed: Pick<Composition, 'text' | 'html' | 'signed'>;
  /** What the server was asked to save when the network broke. */
  unsure: DraftWords | null;
  departure: WrittenDeparture | null;
}

/** Writes down what stands there now; true once it is durable here. */
export function keepHere(one: Composition, departure: WrittenDeparture | null = null): Promise<boolean> {
  const { key, id, revision, conversationId, answers, conflictOf, identity, unsure, text, html, signed } = one;
  const words = one.words(identities.of(identity)?.id ?? '');
  return local.hold('writing', key, { key, draftId: id, revision, conversationId, answers, conflictOf, identity, words, typed: { text, html, signed }, unsure, departure } satisfies Written);
}

export const forgetHere = (one: Composition): Promise<void> => local.forget('writing', one.key);

/** The same message, to go on with. */
export function fromHere(written: Written): Composition {
  const { key, draftId, revision, conversationId, answers, conflictOf, identity, words, typed, unsure } = written;
  const one = new Composition({ conversationId, answers, identity }, key);
  const { to, cc, bcc, subject, forwards, keepMetadata, requiresTls, attachments } = words;
  Object.assign(one, { id: draftId, revision, conflictOf, unsure, to, cc, bcc, subject, forwards, keepMetadata, requiresTls, ...typed });
  one.files = attachments.map((file) => AttachedFile.there(file));
  return one;
}
