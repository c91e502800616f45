// Files of a message: fetched with the session, then saved by the browser.

import { t } from '$lib/i18n/index.svelte';
import { download, save as hand } from '$lib/jmap/blob';
import type { Attachment, Message } from '$lib/jmap/types';
import { decodeText } from '$lib/reader/filetype';
import { explain } from './explain';
import { notices } from './notices.svelte';
import { remedy } from './remedy';
import { session } from './session.svelte';

export interface File {
  blobId: string;
  name: string;
}

/** The message as it came. */
export const source = (message: Message): File => ({
  blobId: message.blobId,
  name: `${message.subject.replace(/[^\p{L}\p{N} _-]/gu, '').trim().slice(0, 60) || 'message'}.eml`,
});

export const attached = (file: Attachment): File => ({ blobId: file.blobId, name: file.name ?? t('unnamed_file') });

/** Characters of a message's source that are shown; the rest is in the file. */
const SOURCE_BYTES_MOST = 400_000;

/** The message bit for bit, as text: what is not ASCII is read as UTF-8 where it is, else byte by byte. */
export async function raw(message: Message): Promise<{ text: string; cut: boolean }> {
  const { client } = session;
  if (!client) return { text: '', cut: false };
  const { bytes } = await download(client, message.blobId, source(message).name, 'application/octet-stream');
  const cut = bytes.length > SOURCE_BYTES_MOST;
  return { text: decodeText(bytes.subarray(0, SOURCE_BYTES_MOST), !cut), cut };
}

export async function save(file: File): Promise<void> {
  const { client } = session;
  if (!client) return;
  try {
    const { bytes } = await download(client, file.blobId, file.name, 'application/octet-stream');
    hand(bytes, file.name);
  } catch (cause) {
    if (!session.noticeEnd(cause)) notices.error(explain(cause), remedy(cause, () => void save(file)));
  }
}
