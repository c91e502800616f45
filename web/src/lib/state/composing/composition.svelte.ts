// One message that is being written: what it says, and nothing about how it is kept (saving) or sent (sending).

import type { Address, Draft, DraftWords, Identity } from '$lib/jmap/sending';
import { contacts } from '../contacts.svelte';
import { identities } from '../identities.svelte';
import { speaksOfFile } from './forgotten';
import { valid } from './addresses';
import { AttachedFile } from './attached.svelte';
import { Saving } from './saving.svelte';
import { isSigned, sign, signHtml, unsign, unsignHtml } from './signature';

export type Field = 'to' | 'cc' | 'bcc';
export const FIELDS: Field[] = ['to', 'cc', 'bcc'];

/** What an answer or a forwarded message begins with. */
export interface Beginning {
  conversationId?: string | null;
  answers?: string | null;
  forwards?: string | null;
  identity?: string | undefined;
  to?: Address[];
  cc?: Address[];
  subject?: string;
  text?: string;
  files?: AttachedFile[];
}

export class Composition {
  id = $state<string | null>(null);
  revision = 0;
  /** What the server was asked to save when the network broke: it may have it. */
  unsure: DraftWords | null = null;
  readonly conversationId: string | null;
  answers = $state<string | null>(null);
  forwards = $state<string | null>(null);
  conflictOf = $state<string | null>(null);
  identity = $state<string | undefined>();
  to = $state.raw<Address[]>([]);
  cc = $state.raw<Address[]>([]);
  bcc = $state.raw<Address[]>([]);
  subject = $state('');
  text = $state('');
  html = $state<string | null>(null);
  files = $state.raw<AttachedFile[]>([]);
  keepMetadata = $state(false);
  /** Only over servers that prove who they are, up to the last. */
  requiresTls = $state(false);
  /** The identity's signature goes with it. It is no part of `text` and `html`. */
  signed = $state(true);
  /** What is typed in a field of recipients and not yet one of them. */
  readonly typing = $state<Record<Field, string>>({ to: '', cc: '', bcc: '' });
  /** True once the person said that the file is not missing. */
  noFileMeant = $state(false);
  /** Why it was not sent. */
  problem = $state<string | null>(null);
  /** True while it is leaving: nothing may change then. */
  leaving = $state(false);
  readonly saving = new Saving(this);

  constructor(
    beginning: Beginning = {},
    /** What this browser calls it while it keeps it. */
    readonly key: string = `w${crypto.getRandomValues(new Uint32Array(3)).join('')}`,
  ) {
    this.conversationId = beginning.conversationId ?? null;
    this.answers = beginning.answers ?? null;
    this.forwards = beginning.forwards ?? null;
    this.identity = beginning.identity;
    this.to = beginning.to ?? [];
    this.cc = beginning.cc ?? [];
    this.subject = beginning.subject ?? '';
    this.text = beginning.text ?? '';
    this.files = beginning.files ?? [];
  }

  static of(draft: Draft): Composition {
    const one = new Composition({ conversationId: draft.conversationId, answers: draft.answers });
    one.take(draft);
    return one;
  }

  /** Shows what the server has. */
  take(draft: Draft): void {
    const { id, revision, to, cc, bcc, subject, text, html, forwards, keepMetadata, requiresTls, conflictOf, identityId } = draft;
    const own = identities.all.find((one) => one.id === identityId);
    Object.assign(this, { id, revision, to, cc, bcc, subject, forwards, keepMetadata, requiresTls, conflictOf, ...unsigned(text, html, own) });
    this.identity = own?.address ?? this.identity;
    const known = new Map(this.files.map((file) => [file.blobId, file]));
    this.files = draft.attachments.map((file) => known.get(file.blobId) ?? AttachedFile.there(file));
  }

  /** Takes in what the person changed, and has it saved. */
  change(words: Partial<Pick<Composition, Field | 'subject' | 'text' | 'html' | 'files' | 'keepMetadata' | 'requiresTls' | 'identity' | 'forwards' | 'signed'>>): void {
    if (this.leaving) return;
    Object.assign(this, words);
    this.problem = null;
    this.saving.touch();
  }

  /** The draft as the server keeps it. */
  words(identityId: string): DraftWords {
    const { subject, forwards, keepMetadata, requiresTls } = this;
    const own = identities.all.find((one) => one.id === identityId);
    const signature = this.signed && isSigned(own) ? own : null;
    const text = signature ? sign(this.text, signature) : this.text;
    const html = signature && this.html ? signHtml(this.html, signature) : this.html || null;
    const people = (field: Field) => this[field].map(({ name, handle }) => ({ name: name ?? contacts.at(handle)?.suggestedName ?? null, handle }));
    const attachments = this.files.flatMap((file) => file.asDraft() ?? []);
    return { identityId, to: people('to'), cc: people('cc'), bcc: people('bcc'), subject, text, html, forwards, attachments, keepMetadata, requiresTls };
  }

  /** Nothing of the person's own is in it. */
  get empty(): boolean {
    return !this.text.trim() && this.files.length === 0;
  }

  get recipients(): Address[] {
    return FIELDS.flatMap((field) => this[field]);
  }

  /** Where it goes: each once. */
  get handles(): string[] {
    return [...new Set(this.recipients.map(({ handle }) => handle))];
  }

  get invalid(): Address[] {
    return this.recipients.filter((one) => !valid(one));
  }

  get uploading(): boolean {
    return this.files.some((file) => file.waiting);
  }

  get hasImage(): boolean {
    return this.files.some((file) => file.type.startsWith('image/'));
  }

  /** The word that speaks of a file when there is none. */
  get forgotten(): string | null {
    return this.files.length || this.noFileMeant ? null : speaksOfFile(this.text);
  }
}

/** What is typed of a kept draft. One that another program wrote, or that had another signature, is all typed. */
function unsigned(text: string, html: string | null, own: Identity | undefined): Pick<Composition, 'text' | 'html' | 'signed'> {
  if (!isSigned(own)) return { text, html, signed: true };
  const [bare, bareHtml] = [unsign(text, own), html === null ? null : unsignHtml(html, own)];
  if (bare === null || (html !== null && bareHtml === null)) return { text, html, signed: false };
  return { text: bare, html: bareHtml, signed: true };
}
