// Pourquoi le courrier vers un domaine a cet indice, en français : pour qui s’en occupe.

import type { domain as english } from './en';
import type { Words } from '../index.svelte';

export const domain: Words<typeof english> = {
  domain_title: 'Le courrier vers {domain} est-il confidentiel\u00a0?',
  domain_text: 'Voici ce qu’un serveur de messagerie apprend sur {domain} avant de lui remettre un message. Il ne consulte que des informations publiques, n’interroge la boîte de personne, et tout peut être vérifié par qui gère ce domaine.',
  domain_hosts: 'Où va son courrier',
  channel_clear: 'en clair\u00a0: quiconque sur le trajet peut lire',
  'channel_as-it-can': 'chiffré s’il le propose\u202f; rien ne l’exige, et rien ne prouve qui répond',
  channel_encrypted: 'chiffré, mais rien ne prouve qui répond',
  channel_dane: 'chiffré, et prouvé par DANE (RFC 7672)',
  'channel_mta-sts': 'chiffré, et prouvé par MTA-STS (RFC 8461)',
  channel_configured: 'chiffré, et prouvé selon la configuration de ce serveur',
  channel_withheld: 'refusé\u00a0: ce qu’il présente contredit la politique du domaine',
  domain_do: 'Ce que peut faire son administration',
  domain_do_dane: 'Signer la zone avec DNSSEC et publier un enregistrement TLSA pour chaque serveur de courrier (DANE, RFC 7672).',
  domain_do_sts: 'Ou publier une politique MTA-STS avec «\u00a0mode: enforce\u00a0», servie en HTTPS (RFC 8461). Dans les deux cas, personne entre les deux serveurs ne peut lire ni détourner le courrier.',
  domain_here: 'Son courrier reste sur ce serveur.',
  domain_trouble: '{domain} ne reçoit pas de courrier, ou ne peut pas être consulté pour le moment.',
  domain_failed: 'Ce domaine n’a pas pu être consulté',
  domain_foot: 'Formule {version}. Calculé à l’instant à partir de ce que ce serveur a lui-même consulté.',
  domain_link: 'Une page sur {domain} à envoyer à son administration',
};
