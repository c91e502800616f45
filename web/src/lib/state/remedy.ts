// What a person can do about a failure: try again, or unlock first where it is held back here.

import { t } from '$lib/i18n/index.svelte';
import { isHidden } from './explain';
import { gate } from './gate.svelte';
import { held } from './held.svelte';
import type { Notice } from './notices.svelte';

export function remedy(cause: unknown, again: () => void): NonNullable<Notice['action']> {
  if (!isHidden(cause)) return { label: t('retry'), run: again };
  // What is shown of it is older than what the server says.
  held.doubted();
  return { label: t('gate_unlock'), run: () => void gate.unlock().then((done) => done && again()) };
}
