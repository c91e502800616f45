// Files of a message: fetched with the session, then saved by the browser.

import { t } from '$lib/i18n/index.svelte';
import { download, save as hand } from '$lib/jmap/blob';
import type { Message } from '$lib/jmap/types';
import { explain } from './explain';
import { notices } from './notices.svelte';
import { session } from './session.svelte';

export interface File {
  blobId: string;
  name: string;
  type: string;
}

/** The message as it came. */
export const source = (message: Message): File => ({
  blobId: message.blobId,
  name: `${message.subject.replace(/[^\p{L}\p{N} _-]/gu, '').trim().slice(0, 60) || 'message'}.eml`,
  type: 'message/rfc822',
});

export async function save(file: File): Promise<void> {
  const { client } = session;
  if (!client) return;
  try {
    hand(await download(client, file.blobId, file.name, 'application/octet-stream'), file.name);
  } catch (cause) {
    if (!session.noticeEnd(cause)) notices.error(explain(cause), { label: t('retry'), run: () => void save(file) });
  }
}
