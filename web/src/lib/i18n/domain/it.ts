// Perché la posta verso un dominio ha questo indice, in italiano: per chi lo gestisce.

import type { domain as english } from './en';
import type { Words } from '../index.svelte';

export const domain: Words<typeof english> = {
  domain_title: 'Quanto è riservata la posta verso {domain}?',
  domain_text: 'Ecco ciò che un server di posta scopre di {domain} prima di consegnargli un messaggio. Consulta solo dati pubblici, non interroga la casella di nessuno, e tutto può essere verificato da chi gestisce il dominio.',
  domain_hosts: 'Dove va la sua posta',
  channel_clear: 'in chiaro: chiunque lungo il percorso può leggere',
  'channel_as-it-can': 'cifrato se lo offre; niente lo esige, e niente prova chi risponde',
  channel_encrypted: 'cifrato, ma niente prova chi risponde',
  channel_dane: 'cifrato, e provato da DANE (RFC 7672)',
  'channel_mta-sts': 'cifrato, e provato da MTA-STS (RFC 8461)',
  channel_configured: 'cifrato, e provato secondo la configurazione di questo server',
  channel_withheld: 'rifiutato: ciò che presenta contraddice la politica del dominio',
  domain_do: 'Che cosa può fare chi lo amministra',
  domain_do_dane: 'Firmare la zona con DNSSEC e pubblicare un record TLSA per ogni server di posta (DANE, RFC 7672).',
  domain_do_sts: 'Oppure pubblicare una politica MTA-STS con «mode: enforce», servita in HTTPS (RFC 8461). In entrambi i casi nessuno tra i due server può leggere o deviare la posta.',
  domain_here: 'La sua posta resta su questo server.',
  domain_trouble: '{domain} non riceve posta, o non può essere consultato ora.',
  domain_failed: 'Non è stato possibile consultare questo dominio',
  domain_foot: 'Formula {version}. Calcolato poco fa da ciò che questo server ha consultato da sé.',
  domain_link: 'Una pagina su {domain} da mandare a chi lo amministra',
};
