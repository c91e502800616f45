// What each kind of route is called, and what it is in plain words.

import { t } from '$lib/i18n/index.svelte';
import type { Route, RouteKind } from '$lib/jmap/routes';

const WORDS = {
  'end-to-end': ['route_end_to_end', 'route_end_to_end_hint'],
  'same-server': ['route_same_server', 'route_same_server_hint'],
  proven: ['route_proven', 'route_proven_hint'],
  encrypted: ['route_encrypted', 'route_encrypted_hint'],
  'not-seen': ['route_not_seen', 'route_not_seen_hint'],
  clear: ['route_clear', 'route_clear_hint'],
  advertising: ['route_advertising', 'route_advertising_hint'],
} as const satisfies Record<RouteKind, readonly [string, string]>;

export function wordsOf({ kind, service }: Route): { title: string; hint: string } {
  if (kind === 'advertising') return { title: t('route_advertising', { service: service ?? '' }), hint: t('route_advertising_hint', { service: service ?? '' }) };
  const [title, hint] = WORDS[kind];
  return { title: t(title), hint: t(hint) };
}
