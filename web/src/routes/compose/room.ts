// The door of this room: what others load when somebody begins to write.

export { composing } from '$lib/state/composing/composing.svelte';
export { forwarded, quotation } from '$lib/state/composing/quoting';
export { takeBack } from '$lib/state/composing/sending';
export { default as Composer } from './Composer.svelte';
