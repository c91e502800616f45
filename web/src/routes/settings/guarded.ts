// Does something that may fail; says why when it does, and offers to try again.

import { t } from '$lib/i18n/index.svelte';
import { explain } from '$lib/state/explain';
import { notices } from '$lib/state/notices.svelte';
import { session } from '$lib/state/session.svelte';

/** True when it was done. */
export async function guarded(deed: () => Promise<void>): Promise<boolean> {
  try {
    await deed();
    return true;
  } catch (cause) {
    if (!session.noticeEnd(cause)) notices.error(explain(cause), { label: t('retry'), run: () => void guarded(deed) });
    return false;
  }
}
