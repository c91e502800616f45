// The newest messages of a conversation as this browser keeps them: never the words of what it shows only after an unlock.

import type { Message } from '$lib/jmap/types';
import { local } from '$lib/local/local';
import { held, veilMessage } from './held.svelte';

const MESSAGES_MOST = 60;

export interface KeptThread {
  messages: Message[];
  more: boolean;
}

/** What was kept; null also when some of it is to be had from the server by now. */
export async function recallThread(conversationId: string): Promise<KeptThread | null> {
  const kept = await local.recall<KeptThread>('thread', conversationId);
  if (kept?.messages.some(held.missing)) return null;
  return kept && { ...kept, messages: kept.messages.map((message) => held.shown(message, veilMessage)) };
}

/** Keeps messages, oldest first; `more` come before them. */
export function keepThread(conversationId: string, messages: readonly Message[], more: boolean): void {
  const newest = messages.slice(-MESSAGES_MOST).map((message) => held.kept(message, veilMessage));
  local.keep('thread', conversationId, { messages: newest, more: more || messages.length > newest.length } satisfies KeptThread);
}
