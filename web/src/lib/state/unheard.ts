// A failure that nobody waited for is said all the same: a part of the application that did not load, or a request.

import { t } from '$lib/i18n/index.svelte';
import { MethodError } from '$lib/jmap/client';
import { ApiError } from '$lib/jmap/http';
import { explain } from './explain';
import { notices } from './notices.svelte';
import { session } from './session.svelte';

/** As browsers say that a script of ours did not come. */
const NOT_LOADED = /dynamically imported module|module script failed/i;

export function hearFailures(): void {
  window.addEventListener('unhandledrejection', ({ reason }) => {
    const again = { label: t('reload'), run: () => location.reload() };
    if (reason instanceof TypeError && NOT_LOADED.test(reason.message)) notices.error(t('error_chunk'), again);
    else if ((reason instanceof ApiError || reason instanceof MethodError) && !session.noticeEnd(reason)) notices.error(explain(reason), again);
  });
}
