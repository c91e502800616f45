// Who will read this, in words.

import { t } from '$lib/i18n/index.svelte';
import { address, listOf } from '$lib/i18n/format';
import type { Address } from '$lib/jmap/sending';
import type { Person } from '$lib/jmap/types';
import { contacts } from '../contacts.svelte';
import { conversations } from '../conversations.svelte';

const NAMES_MOST = 6;

/** What the user calls somebody; the address when nobody knows a name. */
export function nameOfAddress({ name, handle }: Address): string {
  return contacts.at(handle)?.displayName ?? personAt(handle)?.name ?? name ?? address(handle);
}

/** Whose card an address stands on, as far as is known here. */
export const contactIdAt = (handle: string): string | null => contacts.at(handle)?.id ?? personAt(handle)?.contactId ?? null;

/** From the people of the conversations that are known here. */
function personAt(handle: string): Person | undefined {
  for (const { people } of conversations.byId.values()) {
    const found = people.find((person) => person.handle === handle);
    if (found) return found;
  }
  return undefined;
}

/** "Ana and Bo", the first few by name. */
export function audienceWords(people: readonly Address[]): string {
  const names = people.slice(0, NAMES_MOST).map(nameOfAddress);
  const more = people.length - names.length;
  return listOf(more > 0 ? [...names, t('and_more', { count: more })] : names);
}
