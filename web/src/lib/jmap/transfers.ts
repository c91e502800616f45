// Imports and exports of docs/api, and the way a file of any size goes straight into the account.

import type { Client } from './client';
import { ApiError, problem, proved, provedPath } from './http';
import type { Place } from './types';

export type TransferState = 'running' | 'paused' | 'done' | 'cancelled' | 'broken';
export type FaultReason =
  | 'not-recognised'
  | 'no-header'
  | 'empty'
  | 'too-large'
  | 'truncated'
  | 'damaged'
  | 'encrypted'
  | 'unsupported'
  | 'draft'
  | 'deleted';

export interface Fault {
  /** The file inside an archive; empty for the file itself. */
  path: string;
  number: number;
  offset: number;
  reason: FaultReason;
}

export interface Transfer {
  id: string;
  kind: 'import' | 'export';
  state: TransferState;
  name: string;
  place: Place;
  createdAt: string;
  changedAt: string;
  size: number | null;
  /** Bytes that were read. */
  bytes: number;
  /** Where the rest of the file begins. */
  resumeAt: number;
  stored: number;
  known: number;
  cards: number;
  passed: number;
  /** The first of what could not be read. */
  faults: Fault[];
}

/** Where the whole account is to be had as one file. */
export function exportUrl(client: Client, as: 'archive' | 'mbox'): string {
  const url = String(client.capability['exportUrl'] ?? '');
  return url.replace('{accountId}', encodeURIComponent(client.accountId)).replace('{as}', as);
}

/** Lets the browser save it by itself: it may be larger than any memory. */
export async function saveExport(client: Client, as: 'archive' | 'mbox'): Promise<void> {
  const link = document.createElement('a');
  link.href = await provedPath(exportUrl(client, as));
  link.download = '';
  link.click();
}

/**
 * Sends the rest of a file; resolves with the import as it stands then. `left` is told the bytes that left. Rejects
 * with an AbortError when it is stopped: what came in stays. XMLHttpRequest, because fetch says nothing of what left.
 */
export async function sendFile(client: Client, one: Transfer, file: Blob, left: (bytes: number) => void, signal: AbortSignal): Promise<Transfer> {
  const path = String(client.capability['importUrl'] ?? '')
    .replace('{accountId}', encodeURIComponent(client.accountId))
    .replace('{transferId}', encodeURIComponent(one.id))
    .replace('{offset}', String(one.resumeAt));
  const proof = await proved('POST', path);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', path);
    for (const [name, value] of Object.entries(proof)) request.setRequestHeader(name, value);
    request.setRequestHeader('X-Caliopen', '1');
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.addEventListener('progress', ({ loaded }) => left(one.resumeAt + loaded));
    request.addEventListener('load', () => {
      if (request.status === 200) resolve(JSON.parse(request.responseText) as Transfer);
      else void problem(new Response(request.responseText, { status: request.status })).then(reject);
    });
    request.addEventListener('error', () => reject(new ApiError('network')));
    request.addEventListener('abort', () => reject(new DOMException('stopped', 'AbortError')));
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file.slice(one.resumeAt));
  });
}
