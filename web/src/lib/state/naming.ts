// What to call a conversation.

import { t } from '$lib/i18n/index.svelte';
import { listOf } from '$lib/i18n/format';
import type { Conversation } from '$lib/jmap/types';

const NAMES_MOST = 3;

export function nameOf(conversation: Conversation): string {
  if (conversation.title) return conversation.title;
  const names = conversation.people.map((person) => person.name);
  if (!names.length) return t('yourself');
  const more = names.length - NAMES_MOST;
  return more > 0 ? `${names.slice(0, NAMES_MOST).join(', ')} +${more}` : listOf(names);
}
