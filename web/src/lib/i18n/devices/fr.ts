// Les appareils, en français.

import type { Words } from '../index.svelte';
import type { devices as english } from './en';

export const devices: Words<typeof english> = {
  devices: 'Vos appareils',
  devices_text: 'Chaque navigateur où vous vous connectez est un appareil. Il signe ce qu’il demande avec une clé qui ne le quitte jamais : un cookie volé, à lui seul, n’ouvre rien.',
  device_current: 'celui-ci',
  device_signed_out: 'Déconnecté. Dernière utilisation : {date}',
  device_since: 'Depuis le {date}',
  device_shared: 'Ordinateur partagé',
  device_shared_hint: 'D’autres personnes l’utilisent : vous êtes déconnecté au bout d’une demi-heure, ou à la fermeture du navigateur.',
  device_rename: 'Renommer',
  device_rename_named: 'Renommer {name}',
  device_name: 'Nom de l’appareil',
  device_save: 'Enregistrer',
  device_remove: 'Retirer',
  device_remove_named: 'Retirer {name} : il est déconnecté aussitôt',
  device_removed: 'Appareil retiré : {name}. Il est déconnecté.',
  device_renamed: 'Appareil renommé : {name}.',
  device_options: 'Plus sur {name}',
  device_why: 'Pourquoi ?',
  network: 'Ce réseau',
  network_unknown: 'Pas encore nommé',
  network_known: 'Le mien, ou un réseau de confiance',
  network_open: 'Ouvert à tout le monde',
  network_tunnel: 'Tor ou un VPN',
  network_remembered: 'Retenu pour ce réseau.',
  shared_computer: 'C’est un ordinateur partagé',
  shared_hint: 'Rien ne reste ici, et vous êtes déconnecté au bout d’une demi-heure ou à la fermeture du navigateur.',
  sessions_programs: 'Autres sessions',
  sessions_programs_text: 'Des programmes, et des navigateurs qui ne peuvent pas garder de clé.',
};
