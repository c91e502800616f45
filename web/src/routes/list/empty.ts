// What an empty list says.

import type { Key } from '$lib/i18n/index.svelte';
import type { IconName } from '$lib/ui/Icon.svelte';

interface Empty {
  icon: IconName;
  title: Extract<Key, `empty_${string}`>;
  text: Extract<Key, `empty_${string}_text`>;
}

const WORDS: Record<string, Empty> = {
  unread: { icon: 'check', title: 'empty_unread', text: 'empty_unread_text' },
  inbox: { icon: 'inbox', title: 'empty_inbox', text: 'empty_inbox_text' },
  archive: { icon: 'archive', title: 'empty_archive', text: 'empty_other_text' },
  bin: { icon: 'bin', title: 'empty_bin', text: 'empty_other_text' },
  'new-senders': { icon: 'person', title: 'empty_new-senders', text: 'empty_new-senders_text' },
  spam: { icon: 'spam', title: 'empty_spam', text: 'empty_spam_text' },
  snoozed: { icon: 'clock', title: 'empty_snoozed', text: 'empty_snoozed_text' },
};
const LABEL: Empty = { icon: 'tag', title: 'empty_label', text: 'empty_label_text' };

/** For a place, a label, or what is unread in it. */
export const emptyWords = (what: string): Empty => WORDS[what] ?? LABEL;
