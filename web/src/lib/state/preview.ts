// A file of a message, made ready to be looked at: only what the server says back as harmless, and only when its bytes
// begin as that type does. A PDF is never given to the browser's own viewer, which runs the scripts in it: `reader/pdf`
// takes it apart, and is loaded when the first one is opened.

import { download } from '$lib/jmap/blob';
import type { Attachment } from '$lib/jmap/types';
import { beginsAs, decodeText, previewKind } from '$lib/reader/filetype';
import type { PdfDocument, PdfProblem } from '$lib/reader/pdf/document';
import { session } from './session.svelte';

/** Larger files are loaded only when the person asks. */
export const UNASKED_BYTES_MOST = 20_000_000;
/** A PDF that is larger is only saved: it is taken apart in memory. */
export const PDF_BYTES_MOST = 100_000_000;
const CHARACTERS_MOST = 200_000;

export type Preview =
  | { kind: 'image'; url: string }
  | { kind: 'audio'; url: string }
  | { kind: 'text'; text: string; cut: boolean }
  | { kind: 'pdf'; pdf: PdfDocument }
  | { kind: 'refused'; why: 'type' | 'content' | 'large' | PdfProblem };

/** Whether there is a point in opening it at all. */
export const previewable = (file: Attachment): boolean => previewKind(file.type) !== null;

const tooLarge = (file: Attachment): boolean => previewKind(file.type) === 'pdf' && file.size > PDF_BYTES_MOST;

/** Whether it takes a download: what is refused anyway is refused without one. */
export const needsBytes = (file: Attachment): boolean => previewable(file) && !tooLarge(file);

export async function load(file: Attachment, signal: AbortSignal): Promise<Preview> {
  if (!needsBytes(file) || !session.client) return { kind: 'refused', why: tooLarge(file) ? 'large' : 'type' };
  const { bytes, type } = await download(session.client, file.blobId, file.name ?? 'file', file.type.toLowerCase(), signal);
  const kind = previewKind(type);
  if (!kind) return { kind: 'refused', why: 'type' };
  if (!beginsAs(type, bytes)) return { kind: 'refused', why: 'content' };
  if (kind === 'pdf') return takeApart(bytes, signal);
  if (kind !== 'text') return { kind, url: URL.createObjectURL(new Blob([bytes], { type })) };
  // A character takes at most four bytes: more are not decoded.
  const whole = bytes.length <= 4 * CHARACTERS_MOST;
  const text = decodeText(bytes.subarray(0, 4 * CHARACTERS_MOST), whole);
  return { kind, text: text.slice(0, CHARACTERS_MOST), cut: !whole || text.length > CHARACTERS_MOST };
}

async function takeApart(bytes: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<Preview> {
  if (bytes.length > PDF_BYTES_MOST) return { kind: 'refused', why: 'large' };
  const { openPdf, PdfError } = await import('$lib/reader/pdf/document');
  try {
    return { kind: 'pdf', pdf: await openPdf(bytes, signal) };
  } catch (cause) {
    if (cause instanceof PdfError) return { kind: 'refused', why: cause.problem };
    throw cause;
  }
}

export function release(preview: Preview): void {
  if ('pdf' in preview) preview.pdf.close();
  if ('url' in preview) URL.revokeObjectURL(preview.url);
}
