// The door for what waits: the queue, and what knows how to send.

export { outbox } from './outbox.svelte';
export { takeBack } from './sending';
