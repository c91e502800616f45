// The addresses of a person in the order in which they would be chosen, each with why it is not offered. Pure but for the
// words.

import { t } from '$lib/i18n/index.svelte';
import type { Outlook } from '$lib/jmap/outlooks';
import type { Contact } from '$lib/jmap/types';
import type { Prospect } from '$lib/state/outlooks.svelte';
import { trouble } from './troubles';

export interface Way {
  handle: string;
  /** Null while it is looked up, or when it cannot be. */
  outlook: Outlook | null;
  /** Why it is not offered; null when it is. */
  why: string | null;
}

/** An address that somebody merely wrote down counts only once it is confirmed: it may be another person's. */
function whyNot(contact: Contact, handle: string, outlook: Outlook | null): string | null {
  const known = contact.ways?.find((way) => way.handle === handle);
  if (!handle.startsWith('email:')) return t('ways_foreign');
  if (known?.blocked || contact.blocked) return t('ways_blocked');
  if (known?.linkedId && !known.confirmed) return t('ways_unconfirmed', { name: contact.displayName });
  return outlook?.trouble ? t('ways_not_reached', { reason: trouble(outlook) }) : null;
}

export function waysOf(contact: Contact, prospectOf: (handle: string) => Prospect): Way[] {
  const ways = contact.handles.map((handle): Way => {
    const prospect = prospectOf(handle);
    const outlook = prospect.state === 'known' ? (prospect.expected.each[0] ?? null) : null;
    return { handle, outlook, why: whyNot(contact, handle, outlook) };
  });
  const score = (way: Way) => way.outlook?.privacy.score ?? -1;
  return ways.toSorted((a, b) => Number(a.why !== null) - Number(b.why !== null) || score(b) - score(a));
}
