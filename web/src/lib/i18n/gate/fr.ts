// Ce qui est masqué sur un appareil, en français.

import type { Words } from '../index.svelte';
import type { gate as english } from './en';

export const gate: Words<typeof english> = {
  gate_here: 'Privé · masqué ici',
  gate_count: { one: '{count} message privé est masqué sur cet appareil', many: '{count} de messages privés sont masqués sur cet appareil', other: '{count} messages privés sont masqués sur cet appareil' },
  gate_because_shared: 'C’est un ordinateur partagé.',
  gate_because_open: 'Ce réseau est ouvert à tout le monde.',
  gate_because_stranger: 'Cet appareil, ou le réseau où il se trouve, n’est pas encore assez connu.',
  gate_because_keyless: 'Ce navigateur ne peut pas garder de clé à lui.',
  gate_because_wished: 'Vous l’avez demandé : sur chaque appareil, vous déverrouillez d’abord.',
  gate_unlock: 'Déverrouiller',
  gate_elsewhere: 'Ou ouvrez-les sur un appareil auquel vous vous fiez davantage.',
  gate_raise: 'Qu’est-ce qui les montrerait ici ?',
  gate_raise_one: 'Qu’est-ce qui le montrerait ici ?',
  gate_no_way: 'Rien ne pourrait encore les déverrouiller : confirmez votre code de secours, ou ajoutez une clé d’accès.',
  gate_to_entry: 'Connexion et appareils',

  gate_message: 'Ce message est masqué sur cet appareil.',
  gate_no_answer: 'Le dernier message est masqué ici : déverrouillez-le pour répondre.',
  gate_draft: 'Ce que vous aviez commencé à écrire ici cite un message masqué sur cet appareil. Déverrouillez pour continuer.',
  gate_draft_title: 'Ce brouillon est masqué sur cet appareil',
  gate_draft_text: 'Il cite un message privé. Rien n’en est perdu : déverrouillez pour continuer à écrire.',
  gate_draft_unsaved: 'Il cite un message masqué sur cet appareil. Ce que vous avez tapé reste ici : déverrouillez, et ce sera enregistré.',
  refused_hidden: 'Il cite un message masqué sur cet appareil. Déverrouillez, puis renvoyez-le : ce que vous avez écrit est conservé.',
  error_hidden: 'Ceci est masqué sur cet appareil. Déverrouillez-le, ou ouvrez-le sur un appareil auquel vous vous fiez davantage.',
  gate_search: 'La recherche laisse de côté les messages privés sur cet appareil.',
  gate_export_first: 'Les messages privés, s’il y en a, sont masqués sur cet appareil, et un export les laisse de côté. Déverrouillez d’abord pour les emporter.',
  gate_export: { one: '{count} message privé a été laissé de côté : déverrouillez, puis exportez de nouveau.', many: '{count} de messages privés ont été laissés de côté : déverrouillez, puis exportez de nouveau.', other: '{count} messages privés ont été laissés de côté : déverrouillez, puis exportez de nouveau.' },

  gate_open: 'Les messages privés sont affichés jusqu’à {time}',

  settings_shown: 'Ce qui est affiché où',
  gate_intro: 'Un message privé ne s’affiche que là où l’appareil, et le réseau où il se trouve, en sont dignes. Ici, vous pouvez être plus exigeant. Les cartes postales et ce qui est en chemin s’affichent toujours.',
  gate_device: 'Cet appareil, maintenant',
  gate_shows: 'Affiché sur cet appareil en ce moment',
  gate_shows_open: 'Affiché sur cet appareil jusqu’à {time}',
  gate_hides: 'Masqué sur cet appareil en ce moment',
  gate_any: 'Tous mes appareils, même partagés',
  gate_any_hint: 'Chaque navigateur qui garde une clé à lui.',
  gate_mine: 'Mes propres appareils',
  gate_mine_hint: 'Aucun qui soit partagé ; leur navigateur et leur système reçoivent encore des corrections.',
  gate_home: 'Mes propres appareils, chez moi ou par clé d’accès',
  gate_home_hint: 'Sur un réseau que vous avez désigné comme le vôtre, ou là où une clé d’accès a montré que c’est vous.',
  gate_always: 'Seulement après déverrouillage',
  gate_always_hint: 'Sur chaque appareil, chaque fois, pour un quart d’heure.',
  gate_other: 'Les appareils dont l’indice est de {score} ou plus',
  gate_saved: '{level} : {choice}.',
  gate_no_way_back: 'Personne ne devrait s’enfermer dehors. Confirmez votre code de secours, ou ajoutez une clé d’accès ; ensuite vous pourrez être plus exigeant.',
  gate_unlock_first: 'Certains de vos messages sont masqués sur cet appareil, et ceci les montrerait. Déverrouillez, et c’est fait.',
  gate_failed: 'Impossible de charger ce qui est affiché où',
};
