// A new message to one address of somebody.

import type { Contact } from '$lib/jmap/types';
import { composeHref, router } from '$lib/state/router.svelte';

export async function write(handle: string, contact: Contact): Promise<void> {
  const [{ composing }, { Composition }] = await Promise.all([
    import('$lib/state/composing/composing.svelte'),
    import('$lib/state/composing/composition.svelte'),
  ]);
  // Their own name for themselves goes out, never the user's name for them.
  composing.letter(new Composition({ to: [{ name: contact.suggestedName, handle }] }));
  router.go(composeHref(null));
}
