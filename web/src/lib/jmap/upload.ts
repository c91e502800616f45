// Files on their way to the server (RFC 8620 §6.1). XMLHttpRequest, because fetch says nothing of what left already.

import type { Client } from './client';
import { ApiError, problem, proved } from './http';

export interface Uploaded {
  blobId: string;
  type: string;
  size: number;
}

/** Sends a file; `progress` is told the share that left, 0 to 1. Rejects with an AbortError when it is stopped. */
export async function upload(client: Client, file: Blob, progress: (share: number) => void, signal: AbortSignal): Promise<Uploaded> {
  const path = client.session.uploadUrl.replace('{accountId}', encodeURIComponent(client.accountId));
  const proof = await proved('POST', path);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', path);
    for (const [name, value] of Object.entries(proof)) request.setRequestHeader(name, value);
    request.setRequestHeader('X-Caliopen', '1');
    request.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
    request.upload.addEventListener('progress', ({ loaded, total }) => total > 0 && progress(loaded / total));
    request.addEventListener('load', () => {
      if (request.status >= 200 && request.status < 300) resolve(JSON.parse(request.responseText) as Uploaded);
      else void problem(new Response(request.responseText, { status: request.status })).then(reject);
    });
    request.addEventListener('error', () => reject(new ApiError('network')));
    request.addEventListener('abort', () => reject(new DOMException('stopped', 'AbortError')));
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}
