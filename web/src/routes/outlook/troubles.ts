// Why a message would not reach somebody, in words, before it is sent. Pure but for the words.

import { t } from '$lib/i18n/index.svelte';
import { address } from '$lib/i18n/format';
import type { Outlook } from '$lib/jmap/outlooks';

const KEYS = {
  'no-such-recipient': 'trouble_no_such_recipient',
  'no-such-domain': 'trouble_no_such_domain',
  unreachable: 'trouble_unreachable',
  'lookup-failed': 'trouble_lookup_failed',
  'not-private': 'trouble_not_private',
} as const;
/** The other causes are known only once it was sent. */
const keyOf = ({ trouble }: Outlook) => KEYS[trouble?.cause as keyof typeof KEYS] ?? 'trouble_other';

/** What is wrong, as part of a sentence. */
export function trouble(one: Outlook): string {
  const literal = address(one.recipient);
  // One key has the address and another the domain: both are given.
  return t(keyOf(one) as 'trouble_no_such_recipient', { address: literal, domain: literal.split('@').at(-1) ?? '' } as { address: string });
}

/** What to do about it. */
export const advice = (one: Outlook): string => t(`${keyOf(one)}_do` as 'trouble_other_do');
