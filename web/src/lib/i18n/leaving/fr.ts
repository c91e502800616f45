// Quitter une liste, en français.
import type { Words } from '../index.svelte';
import type { leaving as english } from './en';

export const leaving: Words<typeof english> = {
  unsubscribe: 'Se désabonner',
  unsubscribe_what: 'En un clic : on demande à {host} de vous retirer de la liste.',
  unsubscribe_page: 'Se désabonner sur {host}',
  unsubscribe_ask: 'Ceci envoie un message de {from} à {address}, qui vous retire de la liste.',
  unsubscribe_do: 'L’envoyer',
  unsubscribe_again: 'Se désabonner à nouveau',
  unsubscribe_by_message: 'Envoyer un message à {address}',
  unsubscribing: 'Demande en cours…',
  unsubscribed: 'Demandé à {address} de vous retirer de la liste.',
  unsubscribed_click: 'Vous n’êtes plus sur la liste : {host} l’a confirmé.',
  left_list: 'Vous avez quitté cette liste le {date}.',
  left_list_still: 'Vous avez quitté cette liste le {date}, et elle vous écrit toujours.',
  leave_refused: 'Refus de {host} : vous êtes toujours sur la liste.',
  leave_unreachable: 'Pas de réponse de {host}. Vous êtes peut-être encore sur la liste.',
  leave_not_offered: 'Ce message ne propose plus de quitter sa liste en un clic.',
  leave_too_many: 'Vous avez quitté beaucoup de listes en une heure. Réessayez plus tard.',
};
