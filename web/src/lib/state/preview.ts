// A file of a message, made ready to be looked at: only what the server says back as harmless, and only when its bytes
// begin as that type does. A PDF is never shown: the browser's viewer runs the scripts of a PDF, and no browser shows
// one in a frame that forbids them.

import { download } from '$lib/jmap/blob';
import type { Attachment } from '$lib/jmap/types';
import { beginsAs, decodeText, previewKind } from '$lib/reader/filetype';
import { session } from './session.svelte';

/** Larger files are loaded only when the person asks. */
export const UNASKED_BYTES_MOST = 20_000_000;
const CHARACTERS_MOST = 200_000;

export type Preview =
  | { kind: 'image'; url: string }
  | { kind: 'audio'; url: string }
  | { kind: 'text'; text: string; cut: boolean }
  | { kind: 'refused'; why: 'type' | 'content' | 'pdf' };

/** Whether there is a point in opening it at all. */
export const previewable = (file: Attachment): boolean => previewKind(file.type) !== null;

/** Whether it takes a download: a PDF is refused without one. */
export const needsBytes = (file: Attachment): boolean => previewable(file) && previewKind(file.type) !== 'pdf';

export async function load(file: Attachment, signal: AbortSignal): Promise<Preview> {
  if (!needsBytes(file) || !session.client) return { kind: 'refused', why: previewable(file) ? 'pdf' : 'type' };
  const { bytes, type } = await download(session.client, file.blobId, file.name ?? 'file', file.type.toLowerCase(), signal);
  const kind = previewKind(type);
  if (!kind || kind === 'pdf') return { kind: 'refused', why: 'type' };
  if (!beginsAs(type, bytes)) return { kind: 'refused', why: 'content' };
  if (kind !== 'text') return { kind, url: URL.createObjectURL(new Blob([bytes], { type })) };
  // A character takes at most four bytes: more are not decoded.
  const whole = bytes.length <= 4 * CHARACTERS_MOST;
  const text = decodeText(bytes.subarray(0, 4 * CHARACTERS_MOST), whole);
  return { kind, text: text.slice(0, CHARACTERS_MOST), cut: !whole || text.length > CHARACTERS_MOST };
}

export function release(preview: Preview): void {
  if ('url' in preview) URL.revokeObjectURL(preview.url);
}
