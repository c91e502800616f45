// Ciò che si dice senza rete, in italiano.
import type { Words } from '../index.svelte';
import type { offline as english } from './en';

export const offline: Words<typeof english> = {
  offline_now: 'Sei offline. Ciò che scrivi aspetta.',
  offline_waits: { one: 'Sei offline. {count} cosa aspetta la rete.', many: 'Sei offline. {count} di cose aspettano la rete.', other: 'Sei offline. {count} cose aspettano la rete.' },
  version_new: 'C’è una nuova versione.',
  offline_title: 'Senza rete',
  offline_keep: 'Tieni la posta leggibile su questo dispositivo senza rete',
  offline_hint: 'Per un dispositivo tuo: chi può aprire questo browser può allora leggere ciò che vi è stato letto per ultimo.',
  offline_kept: 'La posta letta qui resta leggibile senza rete.',
  offline_erased: 'Ciò che era conservato su questo dispositivo è cancellato.',
  offline_unable: 'Questo browser non conserva nulla: finestra privata o disco pieno. La posta si legge dal server, come prima.',
  deeds_refused: { one: '{count} azione fatta offline non è riuscita: vedi ciò che ha il server.', many: '{count} di azioni fatte offline non sono riuscite: vedi ciò che ha il server.', other: '{count} azioni fatte offline non sono riuscite: vedi ciò che ha il server.' },
  waits_network: 'Aspetta la rete',
  waits_unsure: 'La rete è caduta durante l’invio. Se è arrivato si saprà appena torna.',
  outbox: 'In attesa della rete',
  draft_kept_here: 'Conservato su questo dispositivo fino al ritorno della rete',
};
