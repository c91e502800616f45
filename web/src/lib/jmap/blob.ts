// Attachments: fetched with the session, never opened in the page's own origin.

import type { Client } from './client';
import { ApiError, send } from './http';

/** What was downloaded, and the type that the server gives it: it says only harmless ones back (docs/api). */
export interface Download {
  bytes: Uint8Array<ArrayBuffer>;
  type: string;
}

export async function download(client: Client, blobId: string, name: string, type: string, signal?: AbortSignal): Promise<Download> {
  const path = client.session.downloadUrl
    .replace('{accountId}', encodeURIComponent(client.accountId))
    .replace('{blobId}', encodeURIComponent(blobId))
    .replace('{name}', encodeURIComponent(name || 'file'))
    .replace('{type}', encodeURIComponent(type));
  if (!path.startsWith('/') && new URL(path, location.origin).origin !== location.origin) throw new ApiError('request');
  return received(await send(path, undefined, signal));
}

/** A picture that a message wants from elsewhere: the server fetches it in the reader's place. */
export const picture = async (client: Client, messageId: string, part: number, place: number): Promise<Download> =>
  received(await send(`/jmap/picture/${encodeURIComponent(client.accountId)}/${encodeURIComponent(messageId)}/${part}/${place}`));

async function received(response: Response): Promise<Download> {
  const said = (response.headers.get('Content-Type') ?? '').split(';', 1)[0] ?? '';
  return { bytes: new Uint8Array(await response.arrayBuffer()), type: said.trim().toLowerCase() };
}

/** Hands bytes to the browser's own "save" with a name; the type is always opaque. */
export function save(bytes: Uint8Array<ArrayBuffer>, name: string): void {
  const url = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
