// Che cosa dice un altro host della cifratura, in italiano.

import type { Words } from '../index.svelte';
import type { reports as english } from './en';

export const reports: Words<typeof english> = {
  report_title: 'Un rapporto sulla cifratura',
  report_by: '{who} dice com’è andata la posta cifrata destinata a te dal {from} al {until}.',
  report_somebody: 'Un host di posta',
  report_no_policy: '{domain}, che non chiede nulla',
  report_dane: '{domain}, secondo DANE',
  report_sts: '{domain}, secondo MTA-STS',
  report_other: '{domain}',
  report_sessions: { one: '{count} connessione', many: '{count} connessioni', other: '{count} connessioni' },
  report_all_well: '{sessions}, tutte come richiesto.',
  report_some_failed: '{failed} su {sessions} non sono riuscite.',
  report_failure: '{sessions}: {reason}',
  report_failure_at: '{sessions} presso {host}: {reason}',
  report_not_offered: 'la cifratura non era offerta',
  report_other_name: 'il certificato è di un altro nome',
  report_out_of_date: 'il certificato è fuori data',
  report_not_trusted: 'nessuna autorità conosciuta garantisce per il certificato',
  report_not_proven: 'il certificato non è quello annunciato',
  report_records: 'i record DNS firmati sono sbagliati',
  report_dane_required: 'il mittente richiede DANE, e non c’è',
  report_policy_fetch: 'la politica non si è potuta scaricare',
  report_policy_invalid: 'la politica non si può leggere',
  report_policy_host: 'l’host della politica non prova il suo nome',
  report_reason_other: 'il motivo non ha un nome qui',
  report_words: 'Sono le parole di chi ha scritto il rapporto.',
};
