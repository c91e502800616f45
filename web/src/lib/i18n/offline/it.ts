// Ciò che si dice senza rete, in italiano.
import type { Words } from '../index.svelte';
import type { offline as english } from './en';

export const offline: Words<typeof english> = {
  offline_now: 'Sei offline. Ciò che scrivi aspetta.',
  offline_waits: { one: 'Sei offline. {count} cosa aspetta la rete.', many: 'Sei offline. {count} di cose aspettano la rete.', other: 'Sei offline. {count} cose aspettano la rete.' },
  version_new: 'C’è una nuova versione.',
};
