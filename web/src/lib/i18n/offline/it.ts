// Ciò che si dice senza rete, o quando un server non ce la fa, in italiano.
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
  reconnecting: 'Connessione persa. Riconnessione…',
  unreachable_title: 'Caliopen non risponde',
  unreachable_text: 'Controlla la connessione, poi riprova.',
  error_unreachable: 'Il server non risponde. Riprova tra un momento.',
  error_offline: 'Sei offline. Controlla la connessione, poi riprova.',
  error_signed_out: 'La tua sessione è finita. Accedi di nuovo.',
  error_request: 'Il server non ha accettato la richiesta. Controlla quello che hai scritto, poi riprova.',
  error_not_found: 'Questo elemento non c’è più. Torna indietro e aggiorna la lista.',
  error_server: 'Qualcosa è andato storto sul server. Nulla è andato perso; riprova.',
  error_chunk: 'Una parte dell’applicazione non si è caricata.',
};
