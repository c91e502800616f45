// Pictures of a message, as data URLs for its frame: bounded, and never a type that can run. Those that came inside it,
// and those that the server fetches from elsewhere when the reader asks for them.

import { download, picture, type Download } from '$lib/jmap/blob';
import type { Attachment } from '$lib/jmap/types';
import { session } from './session.svelte';

const TYPES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif']);
const IMAGE_BYTES_MOST = 3_000_000;
const MESSAGE_BYTES_MOST = 12_000_000;
const IMAGES_MOST = 60;
/** Pictures that are asked for at a time. */
const AT_ONCE = 4;

/** By place in `contentIds`; those that cannot be had are left out. */
export async function inlineImages(contentIds: string[], attachments: Attachment[]): Promise<Map<number, string>> {
  const found = new Map<number, string>();
  let budget = MESSAGE_BYTES_MOST;
  const wanted = contentIds.slice(0, IMAGES_MOST).flatMap((contentId, place) => {
    const part = attachments.find((one) => one.cid === contentId);
    if (!part || !TYPES.has(part.type) || part.size > Math.min(IMAGE_BYTES_MOST, budget)) return [];
    budget -= part.size;
    return [{ place, part }];
  });
  await Promise.all(
    wanted.map(async ({ place, part }) => {
      const url = await dataUrl(part).catch(() => null);
      if (url) found.set(place, url);
    }),
  );
  return found;
}

async function dataUrl(part: Attachment): Promise<string | null> {
  return session.client && asUrl(await download(session.client, part.blobId, part.name ?? 'image', part.type));
}

async function asUrl({ bytes, type }: Download): Promise<string | null> {
  if (bytes.length > IMAGE_BYTES_MOST || !TYPES.has(type)) return null;
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(String(reader.result)));
    reader.addEventListener('error', () => reject(new Error('unreadable')));
    reader.readAsDataURL(new Blob([bytes], { type }));
  });
}

/** Pictures from elsewhere, by their place in the part; those that cannot be had are left out. */
export async function picturesElsewhere(messageId: string, part: number, count: number): Promise<Map<number, string>> {
  const found = new Map<number, string>();
  let [next, bytes] = [0, 0];
  const { client } = session;
  if (!client) return found;
  const fetchOne = async (): Promise<void> => {
    while (next < count && bytes < MESSAGE_BYTES_MOST) {
      const place = next++;
      const url = await picture(client, messageId, part, place).then(asUrl).catch((cause: unknown) => void session.noticeEnd(cause));
      if (!url) continue;
      bytes += url.length;
      found.set(place, url);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, fetchOne));
  return found;
}
