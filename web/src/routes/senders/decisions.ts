// What else can be decided about a new sender than the two buttons say.

import { t } from '$lib/i18n/index.svelte';
import type { Conversation } from '$lib/jmap/types';
import { nameOf } from '$lib/state/naming';
import { domainOf, scopeOf, screener, type Scope, type Verdict } from '$lib/state/screener.svelte';
import type { MenuItem } from '$lib/ui/Menu.svelte';

export function otherDecisions(conversation: Conversation): MenuItem[] {
  const [name, domain] = [nameOf(conversation), domainOf(conversation)];
  const item = (verdict: Verdict, scope: Scope, label: string): MenuItem => ({
    label,
    icon: verdict === 'accept' ? 'check' : 'block',
    danger: verdict === 'refuse',
    run: () => void screener.decide(conversation, verdict, scope),
  });
  const usual = scopeOf(conversation);
  const items = [item('accept', usual, t('sender_accept_named', { name })), item('refuse', usual, t('sender_refuse_named', { name }))];
  if (domain) items.splice(1, 0, item('accept', 'domain', t('sender_accept_domain', { domain })));
  if (domain) items.push(item('refuse', 'domain', t('sender_refuse_domain', { domain })));
  return items;
}
