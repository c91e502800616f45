// Which of several recipients weighs most on a message, and what of it is worth a word while one writes. Pure.

import type { Outlook } from '$lib/jmap/outlooks';
import type { LevelNumber, Message } from '$lib/jmap/types';
import type { Expected } from './outlooks.svelte';

/** The newest messages of a conversation that say what is usual there. */
const USUAL_MOST = 9;

/** Those whom it would not reach, then the lowest index. */
export const worstFirst = (each: readonly Outlook[]): Outlook[] =>
  each.toSorted((a, b) => Number(b.trouble !== null) - Number(a.trouble !== null) || a.privacy.score - b.privacy.score || (a.recipient < b.recipient ? -1 : 1));

export const troubled = ({ each }: Expected): Outlook[] => each.filter((one) => one.trouble !== null);

/**
 * Those who drag a message down to a level that the others would not have by themselves; nobody when all are alike, or
 * when it takes all of them together.
 */
export function dragging({ whole, each }: Expected): Outlook[] {
  const reached = each.filter((one) => one.trouble === null);
  const lowest = reached.filter((one) => one.privacy.level === whole.privacy.level);
  return lowest.length < reached.length ? lowest : [];
}

/** Those to whose host nothing is known to prove the way: a message that wants only proven servers comes back from there. */
export const unproven = (each: readonly Outlook[]): Outlook[] => each.filter(({ trouble, complete, evidence }) => trouble === null && complete && !evidence.some(isProven));

const isProven = (fact: Outlook['evidence'][number]): boolean => {
  const hop = typeof fact === 'string' ? undefined : (fact['hop'] as { security?: string } | undefined);
  return hop?.security === 'authenticated' || hop?.security === 'sameServer';
};

/** The level in the middle of what was sent there lately, or of what came, where nothing was sent yet. */
export function usualLevel(messages: readonly Message[]): LevelNumber | null {
  const sent = messages.filter((message) => message.direction === 'sent');
  const levels = (sent.length ? sent : messages).slice(-USUAL_MOST).map((message) => message.privacy.level).toSorted((a, b) => a - b);
  return levels[Math.floor((levels.length - 1) / 2)] ?? null;
}
