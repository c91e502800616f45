// L’indice de l’utilisateur, en français.
import type { Words } from '../index.svelte';
import type { mine as english } from './en';

export const mine: Words<typeof english> = {
  settings_mine: 'Ma confidentialité',
  mine_nav: 'Ma confidentialité : {about}',
  mine_yours: 'Ce qui dépend de vous',
  mine_yours_hint: 'Vos comptes et vos appareils.',
  mine_others: 'Ce qui dépend aussi des autres',
  mine_others_hint: 'Le trajet de vos messages, et la façon de joindre vos contacts.',
  mine_unknown: 'Pas encore connu',
  mine_points: 'D’où vient ce nombre',
  mine_raises: 'Que faire ensuite',
  mine_raises_none: 'Rien de ce que vous pourriez faire ici ne l’élèverait pour l’instant.',
  mine_history: 'Les 90 derniers jours',
  mine_history_said: 'De {first} le {from} à {last} le {to}.',
  mine_history_young: 'La courbe commence aujourd’hui : revenez dans quelques jours.',
  mine_history_table: 'La même chose en tableau',
  mine_day: 'Jour',
  mine_index: 'Indice',
  mine_accounts: 'Vos comptes',
  mine_devices: 'Vos appareils',
  mine_device_none: 'Une session sans appareil',
  mine_deleted: 'Supprimer des messages ou des contacts n’y change rien.',
};
