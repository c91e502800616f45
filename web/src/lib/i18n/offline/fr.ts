// Ce qui se dit sans réseau, ou quand un serveur défaille, en français.
import type { Words } from '../index.svelte';
import type { offline as english } from './en';

export const offline: Words<typeof english> = {
  offline_now: 'Vous êtes hors ligne. Ce que vous écrivez attend.',
  offline_waits: { one: 'Vous êtes hors ligne. {count} chose attend le réseau.', many: 'Vous êtes hors ligne. {count} de choses attendent le réseau.', other: 'Vous êtes hors ligne. {count} choses attendent le réseau.' },
  version_new: 'Une nouvelle version est là.',
  offline_title: 'Sans réseau',
  offline_keep: 'Garder le courrier lisible sur cet appareil sans réseau',
  offline_hint: 'Pour un appareil à vous : qui peut ouvrir ce navigateur peut alors lire ce qui y a été lu en dernier.',
  offline_kept: 'Le courrier lu ici reste lisible sans réseau.',
  offline_erased: 'Ce qui était gardé sur cet appareil est effacé.',
  offline_unable: 'Ce navigateur ne garde rien : fenêtre privée, ou disque plein. Le courrier se lit depuis le serveur, comme avant.',
  deeds_refused: { one: '{count} action faite hors ligne n’a pas pu aboutir : vous voyez ce qu’a le serveur.', many: '{count} d’actions faites hors ligne n’ont pas pu aboutir : vous voyez ce qu’a le serveur.', other: '{count} actions faites hors ligne n’ont pas pu aboutir : vous voyez ce qu’a le serveur.' },
  waits_network: 'Attend le réseau',
  waits_unsure: 'Le réseau s’est coupé pendant le départ. On saura s’il est arrivé dès qu’il sera revenu.',
  outbox: 'En attente du réseau',
  draft_kept_here: 'Gardé sur cet appareil jusqu’au retour du réseau',
  reconnecting: 'Connexion perdue. Reconnexion…',
  unreachable_title: 'Caliopen ne répond pas',
  unreachable_text: 'Vérifiez votre connexion, puis réessayez.',
  error_unreachable: 'Le serveur ne répond pas. Réessayez dans un instant.',
  error_offline: 'Vous êtes hors ligne. Vérifiez votre connexion, puis réessayez.',
  error_signed_out: 'Votre session est terminée. Reconnectez-vous.',
  error_request: 'Le serveur n’a pas accepté cette demande. Vérifiez votre saisie, puis réessayez.',
  error_not_found: 'Cet élément n’existe plus. Revenez en arrière et actualisez la liste.',
  error_server: 'Un problème est survenu sur le serveur. Rien n’est perdu ; réessayez.',
  error_chunk: 'Une partie de l’application ne s’est pas chargée.',
};
