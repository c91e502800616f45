// Lasciare una lista, in italiano.
import type { Words } from '../index.svelte';
import type { leaving as english } from './en';

export const leaving: Words<typeof english> = {
  unsubscribe: 'Annulla l’iscrizione',
  unsubscribe_what: 'Con un clic: si chiede a {host} di toglierti dalla lista.',
  unsubscribe_page: 'Annulla l’iscrizione su {host}',
  unsubscribe_ask: 'Questo invia un messaggio da {from} a {address}, che ti toglie dalla lista.',
  unsubscribe_do: 'Invialo',
  unsubscribe_again: 'Annulla di nuovo l’iscrizione',
  unsubscribe_by_message: 'Invia un messaggio a {address}',
  unsubscribing: 'Richiesta in corso…',
  unsubscribed: 'Chiesto a {address} di toglierti dalla lista.',
  unsubscribed_click: 'Non sei più nella lista: lo conferma {host}.',
  left_list: 'Hai lasciato questa lista ({date}).',
  left_list_still: 'Hai lasciato questa lista ({date}), e ti scrive ancora.',
  leave_refused: 'Rifiuto di {host}: sei ancora nella lista.',
  leave_unreachable: 'Nessuna risposta da {host}. Forse sei ancora nella lista.',
  leave_not_offered: 'Questo messaggio non offre più di lasciare la sua lista con un clic.',
  leave_too_many: 'Hai lasciato molte liste in un’ora. Riprova più tardi.',
};
