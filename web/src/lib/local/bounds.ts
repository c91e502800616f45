// How much a browser keeps of an account, and what goes first. Pure.

import type { Weight } from './database';

export const BYTES_MOST = 50_000_000;
export const THREADS_MOST = 500;
export const RECORD_BYTES_MOST = 2_000_000;
/** What the person wrote and the server does not have yet: never dropped to make room. */
export const OWN_ROOMS: ReadonlySet<string> = new Set(['writing', 'deeds']);

/** What has to go, the oldest first, until the rest is within its limits. */
export function excess(weights: readonly Weight[], bytesMost = BYTES_MOST, threadsMost = THREADS_MOST): Weight['key'][] {
  let bytes = weights.reduce((sum, one) => sum + one.size, 0);
  let threads = weights.filter((one) => one.key[1] === 'thread').length;
  const gone: Weight['key'][] = [];
  for (const { key, size } of weights) {
    if (bytes <= bytesMost && threads <= threadsMost) break;
    const isThread = key[1] === 'thread';
    if (OWN_ROOMS.has(key[1]) || (bytes <= bytesMost && !isThread)) continue;
    gone.push(key);
    bytes -= size;
    if (isThread) threads -= 1;
  }
  return gone;
}
