// The door of this room: what others load when somebody begins to write.

import { composing } from '$lib/state/composing/composing.svelte';
import { Composition, type Beginning } from '$lib/state/composing/composition.svelte';

export { composing };
export { forwarded, quotation } from '$lib/state/composing/quoting';
export { takeBack } from '$lib/state/composing/sending';
export { default as Composer } from './Composer.svelte';

/** A new message on a screen of its own; the caller goes there. */
export const begin = (beginning: Beginning): Composition => composing.letter(new Composition(beginning));
