// The user's own index: always in sight, and explained on a page of its own.

import { locale } from '$lib/i18n/index.svelte';
import type { UserPrivacy } from '$lib/jmap/mine';
import { Single } from './single.svelte';
import { sync } from './sync.svelte';

export const mine = new Single<UserPrivacy>('UserPrivacy', () => ({ language: locale() }));
sync.follow(mine);
