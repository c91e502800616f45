// Files of a message: fetched with the session, then saved by the browser.

import { t } from '$lib/i18n/index.svelte';
import { download, save as hand } from '$lib/jmap/blob';
import type { Attachment, Message } from '$lib/jmap/types';
import { explain } from './explain';
import { notices } from './notices.svelte';
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

export async function save(file: File): Promise<void> {
  const { client } = session;
  if (!client) return;
  try {
    const { bytes } = await download(client, file.blobId, file.name, 'application/octet-stream');
    hand(bytes, file.name);
  } catch (cause) {
    if (!session.noticeEnd(cause)) notices.error(explain(cause), { label: t('retry'), run: () => void save(file) });
  }
}
