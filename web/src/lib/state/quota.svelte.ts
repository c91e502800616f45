// The room for one’s mail: fetched once the first screen stands, followed from then on.

import type { Quota } from '$lib/jmap/storage';
import { session } from './session.svelte';
import { Single } from './single.svelte';
import { sync } from './sync.svelte';

class Room extends Single<Quota> {
  readonly isFull = $derived(this.now !== null && this.now.hardLimit !== null && this.now.used >= this.now.hardLimit);
  readonly isNear = $derived(this.now !== null && this.now.warnLimit !== null && this.now.used >= this.now.warnLimit);
}

export const quota = new Room('Quota');
sync.follow(quota);
session.onChange((client) => {
  if (!client) quota.clear();
});
