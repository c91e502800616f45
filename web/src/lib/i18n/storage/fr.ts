// La place pour son courrier, et les adresses que l’on choisit, en français.

import type { Words } from '../index.svelte';
import type { storage as english } from './en';

export const storage: Words<typeof english> = {
  settings_storage: 'Espace',
  storage_text: 'Ce que vos messages et leurs fichiers prennent sur le disque de ce serveur\u00a0: comprimés, et scellés de sorte que personne là-bas ne puisse les lire.',
  storage_of: '{used} sur {allowed}',
  storage_used: '{used} utilisés',
  storage_unlimited: 'Ce serveur ne fixe pas de limite.',
  storage_earned: 'Dont {size} gagnés par des étapes pour votre confidentialité.',
  storage_failed: 'Votre espace n’a pas pu être lu',
  storage_near: 'Votre boîte est presque pleine\u00a0: {used} sur {allowed}.',
  storage_full: 'Votre boîte est pleine\u00a0: les nouveaux messages attendent chez leurs expéditeurs, pendant quelques jours.',
  storage_room: 'Faire de la place',
  storage_room_text: 'Supprimez ce dont vous n’avez pas besoin, puis videz la corbeille. Les fichiers prennent le plus\u00a0:',
  storage_find: 'Trouver les conversations avec des fichiers',
  storage_nothing: 'Il n’y a rien.',
  emptying_now: 'Vider maintenant',
  emptying_bin: 'Vider la corbeille\u00a0?',
  emptying_spam: 'Supprimer tous les indésirables\u00a0?',
  emptying_question: {
    one: '{count} conversation est supprimée pour de bon. Rien ne la ramène.',
    many: '{count} de conversations sont supprimées pour de bon. Rien ne les ramène.',
    other: '{count} conversations sont supprimées pour de bon. Rien ne les ramène.',
  },
  emptying_do: 'Supprimer pour de bon',
  emptying_going: {
    one: '{count} conversation supprimée jusqu’ici…',
    many: '{count} de conversations supprimées jusqu’ici…',
    other: '{count} conversations supprimées jusqu’ici…',
  },
  emptying_failed: 'Tout n’a pas pu être supprimé. {why}',
  emptied: {
    one: '{count} conversation a été supprimée pour de bon.',
    many: '{count} de conversations ont été supprimées pour de bon.',
    other: '{count} conversations ont été supprimées pour de bon.',
  },
  error_mailbox_full: 'Votre boîte est pleine. Supprimez ce dont vous n’avez pas besoin et videz la corbeille, puis réessayez.',

  gifts: 'Ce que votre hébergeur donne en échange',
  gift_theme: 'Couleurs «\u00a0{name}\u00a0»',
  gift_bytes: '{size} de plus pour votre courrier',
  gift_addresses: {
    one: '{count} adresse de plus, que vous choisissez',
    many: '{count} d’adresses de plus, que vous choisissez',
    other: '{count} adresses de plus, que vous choisissez',
  },
  gift_there: 'à vous',
  gift_at: { one: 'après {count} étape', many: 'après {count} d’étapes', other: 'après {count} étapes' },

  chosen_title: {
    one: 'Choisir {count} adresse de plus',
    many: 'Choisir {count} d’adresses de plus',
    other: 'Choisir {count} adresses de plus',
  },
  chosen_text: 'Vos étapes pour la confidentialité l’ont apportée. Elle est à vous pour de bon\u00a0: personne d’autre ne pourra la prendre, et vous pouvez la laisser reposer.',
  chosen_name: 'Nom',
  chosen_domain: 'Domaine',
  chosen_take: 'Prendre cette adresse',
  chosen_made: '{address} est à vous.',
  chosen_wrong: 'De 3 à 40 lettres de a à z et chiffres\u00a0; entre eux, un point, un tiret ou un tiret bas à la fois.',
  chosen_taken: 'Quelqu’un a cette adresse, ou l’a eue. Essayez un autre nom.',
  chosen_reserved: 'Ce nom parle pour l’hébergeur. Demandez à son administrateur, ou essayez-en un autre.',
  chosen_none: 'Vous n’avez plus d’adresse à choisir.',
  address_rest: 'La laisser reposer',
  address_rest_named: 'Laisser {address} reposer',
  address_wake: 'La réveiller',
  address_wake_named: 'Réveiller {address}',
  address_rests: 'Elle repose\u00a0: ce qui lui est écrit est refusé, comme si personne ne l’avait.',
  address_rested: '{address} repose.',
  address_woken: '{address} reçoit de nouveau du courrier.',
};
