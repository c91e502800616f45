// Attachments: fetched with the session, never opened in the page's own origin.

import type { Client } from './client';
import { ApiError, send } from './http';

/** The bytes of one part, as a type that no browser runs. */
export async function download(client: Client, blobId: string, name: string, type: string): Promise<Uint8Array<ArrayBuffer>> {
  const path = client.session.downloadUrl
    .replace('{accountId}', encodeURIComponent(client.accountId))
    .replace('{blobId}', encodeURIComponent(blobId))
    .replace('{name}', encodeURIComponent(name || 'file'))
    .replace('{type}', encodeURIComponent(type));
  if (!path.startsWith('/') && new URL(path, location.origin).origin !== location.origin) throw new ApiError('request');
  return new Uint8Array(await (await send(path)).arrayBuffer());
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
