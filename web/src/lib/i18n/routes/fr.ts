// Comment on joint les gens, en français : l’indice d’un contact, et la page qui classe les voies.

import type { Words } from '../index.svelte';
import type { routes as english } from './en';

export const routes: Words<typeof english> = {
  contact_next: 'Le prochain message serait',
  contact_why: 'Pourquoi ?',
  contact_title: 'Pourquoi cet indice pour {name}',
  contact_unseen: 'On n’a pas encore vérifié à quel point un message serait confidentiel.',
  contact_look: 'Vérifier maintenant',
  contact_looking: 'vérification…',
  contact_ways: 'Ses adresses, la meilleure d’abord',

  settings_routes: 'Mes voies',
  routes_link: 'Vos voies, classées',
  routes_mine: 'Ma confidentialité',
  routes_text: 'Voici les voies qu’empruntent vos messages vers les gens que vous connaissez, la plus confidentielle d’abord. L’indice est celui du message le moins confidentiel parmi eux.',
  routes_none: 'On n’a encore vérifié la voie de personne. Écrivez à quelqu’un, ou ouvrez sa fiche et choisissez « Vérifier maintenant ».',
  routes_people: 'Voir les personnes',
  routes_index_range: 'Indice de confidentialité de {score} à {most} sur 100 : {word}',
  routes_reached: { one: 'Atteint {count} personne :', many: 'Atteint {count} personnes :', other: 'Atteint {count} personnes :' },
  routes_more: { one: 'et {count} autre', many: 'et {count} autres', other: 'et {count} autres' },
  routes_details: 'Qui peut le lire, et pourquoi',
  routes_lowest: 'Expliqué pour le moins confidentiel d’entre eux.',
  routes_counted: { one: 'La voie vers {count} personne a été vérifiée.', many: 'La voie vers {count} personnes a été vérifiée.', other: 'La voie vers {count} personnes a été vérifiée.' },
  routes_not_reached: { one: 'Rien n’arriverait à {count} d’entre elles.', many: 'Rien n’arriverait à {count} d’entre elles.', other: 'Rien n’arriverait à {count} d’entre elles.' },
  routes_cut: 'Il y en a davantage : les 2 000 premières sont comptées.',
  routes_mail_only: 'Tout cela est du courrier : aucun autre protocole n’est encore raccordé ici.',
  route_end_to_end: 'Courrier que vous êtes les deux seuls à pouvoir ouvrir',
  route_end_to_end_hint: 'Il est chiffré avant de partir, avec une clé de l’autre personne.',
  route_same_server: 'Les gens de ce serveur',
  route_same_server_hint: 'Le message ne quitte jamais ce serveur, et y est conservé scellé pour chacun de vous.',
  route_proven: 'Des serveurs qui prouvent qui ils sont',
  route_proven_hint: 'La connexion est chiffrée, et l’autre serveur prouve son nom : par son DNS signé (DANE), ou parce que son domaine l’exige (MTA-STS).',
  route_encrypted: 'Chiffré, vers des serveurs qui ne prouvent rien',
  route_encrypted_hint: 'La connexion est chiffrée, mais rien ne prouve qui répond.',
  route_not_seen: 'Chiffré, si l’autre serveur le peut',
  route_not_seen_hint: 'On le voit une fois qu’un message est parti. D’ici là, cela ne compte pas.',
  route_clear: 'En clair',
  route_clear_hint: 'L’autre serveur prend les messages sans chiffrement : quiconque se trouve sur le trajet peut les lire.',
  route_advertising: 'Courrier que transporte {service}',
  route_advertising_hint: 'Si bien protégé que soit le trajet, {service} peut lire ce qui arrive.',
};
