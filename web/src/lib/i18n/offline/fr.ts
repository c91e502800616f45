// Ce qui se dit sans réseau, en français.
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
};
