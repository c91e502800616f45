// What stands in for the server while there is no network.

import { ApiError } from '$lib/jmap/http';
import { local } from '$lib/local/local';
import { held } from './held.svelte';

/** True for a failure that passes by itself: no network, or a server that is away or asks for patience. */
export const passing = (cause: unknown): boolean => cause instanceof ApiError && ['network', 'server', 'rate'].includes(cause.kind);

/** Asks the server and keeps what it says, but for what only an unlock shows; without a network, what was kept before. */
export async function askOrRecall<T>(room: string, id: string, ask: () => Promise<T>): Promise<T> {
  try {
    const said = await ask();
    if (!held.isOpen) local.keep(room, id, said);
    return said;
  } catch (cause) {
    const kept = passing(cause) ? await local.recall<T>(room, id) : null;
    if (kept === null) throw cause;
    return kept;
  }
}
