// Ce qu’un autre hôte dit du chiffrement, en français.

import type { Words } from '../index.svelte';
import type { reports as english } from './en';

export const reports: Words<typeof english> = {
  report_title: 'Un rapport de chiffrement',
  report_by: '{who} dit comment s’est passé le courrier chiffré qui vous était destiné, du {from} au {until}.',
  report_somebody: 'Un hôte de courrier',
  report_no_policy: '{domain}, qui n’exige rien',
  report_dane: '{domain}, selon DANE',
  report_sts: '{domain}, selon MTA-STS',
  report_other: '{domain}',
  report_sessions: { one: '{count} connexion', many: '{count} connexions', other: '{count} connexions' },
  report_all_well: '{sessions}, toutes comme exigé.',
  report_some_failed: '{failed} sur {sessions} ont échoué.',
  report_failure: '{sessions} : {reason}',
  report_failure_at: '{sessions} à {host} : {reason}',
  report_not_offered: 'le chiffrement n’était pas proposé',
  report_other_name: 'le certificat porte un autre nom',
  report_out_of_date: 'le certificat n’est pas à sa date',
  report_not_trusted: 'aucune autorité connue ne répond du certificat',
  report_not_proven: 'le certificat n’est pas celui qui était annoncé',
  report_records: 'les enregistrements DNS signés sont faux',
  report_dane_required: 'l’expéditeur exige DANE, et il n’y en a pas',
  report_policy_fetch: 'la politique n’a pas pu être récupérée',
  report_policy_invalid: 'la politique est illisible',
  report_policy_host: 'l’hôte de la politique ne prouve pas son nom',
  report_reason_other: 'la raison n’a pas de nom ici',
  report_words: 'Ce sont les mots de qui a écrit le rapport.',
};
