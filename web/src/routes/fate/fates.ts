// The look and the word of each fate, and what each cause means in words. Pure but for the words.

import { t, type Key } from '$lib/i18n/index.svelte';
import { address, hourOrDay } from '$lib/i18n/format';
import type { Cause, Fate, RecipientFate } from '$lib/jmap/sending';
import type { IconName } from '$lib/ui/Icon.svelte';

export const FATES = {
  waiting: { icon: 'clock', word: 'fate_waiting' },
  delivered: { icon: 'doubleCheck', word: 'fate_delivered' },
  deferred: { icon: 'again', word: 'fate_deferred' },
  failed: { icon: 'failed', word: 'fate_failed' },
} as const satisfies Record<Fate, { icon: IconName; word: Key }>;

/** A host does not promise what REQUIRETLS asks for (RFC 8689 §9). */
const NOT_PROMISED = '.7.30';
type CauseKey = 'cause_no_such_domain' | 'cause_unknown';
const known: ReadonlySet<string> = new Set<Cause>([
  'no-such-domain', 'no-such-recipient', 'mailbox-full', 'too-large', 'refused', 'unreachable', 'busy', 'answer-lost',
  'not-private', 'not-capable', 'lookup-failed', 'expired', 'garbled',
]);
/** A cause of a newer server has words too. */
const keyOf = ({ cause, status }: RecipientFate): CauseKey | 'cause_not_promised' => (status?.endsWith(NOT_PROMISED) ? 'cause_not_promised' : keyOfCause(cause));
const keyOfCause = (cause: Cause | null): CauseKey => (cause && known.has(cause) ? (`cause_${cause.replaceAll('-', '_')}` as CauseKey) : 'cause_unknown');

const domainOf = (one: RecipientFate): string => address(one.handle).split('@').at(-1) ?? '';

/** What happened, as one sentence. */
export function sentence(one: RecipientFate): string {
  const reason = t(keyOf(one), { domain: domainOf(one) });
  const time = hourOrDay((one.state === 'deferred' ? one.nextTryAt : one.at) ?? '');
  switch (one.state) {
    case 'waiting':
      return t('fate_is_waiting');
    case 'deferred':
      return t('fate_is_deferred', { time, reason });
    case 'failed':
      return t('fate_is_failed', { reason });
    case 'delivered':
      return one.host && one.security !== 'same-server' ? t('fate_is_delivered_host', { host: one.host, time, security: security(one) }) : `${t('fate_is_delivered', { time })}, ${security(one)}`;
  }
}

const SECURITY = { clear: 'security_clear', opportunistic: 'security_opportunistic', authenticated: 'security_authenticated', 'same-server': 'security_same_server' } as const;
const security = (one: RecipientFate): string => t(one.security ? SECURITY[one.security] : 'security_unknown');

/** What the person can do about it; null when there is nothing wrong. */
export const advice = (one: RecipientFate): string | null =>
  one.state === 'failed' || one.state === 'deferred' ? t(`${keyOf(one)}_do` as 'cause_busy_do') : null;
