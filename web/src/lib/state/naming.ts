// What to call a conversation.

import { t } from '$lib/i18n/index.svelte';
import type { Conversation } from '$lib/jmap/types';

const NAMES_MOST = 3;

export const nameOf = (conversation: Conversation): string => conversation.title ?? automaticName(conversation);

/** What it is called while nobody named it: by its people. */
export function automaticName(conversation: Conversation): string {
  const names = conversation.people.map((person) => person.name);
  if (!names.length) return t('yourself');
  const more = names.length - NAMES_MOST;
  return names.slice(0, NAMES_MOST).join(', ') + (more > 0 ? ` +${more}` : '');
}
