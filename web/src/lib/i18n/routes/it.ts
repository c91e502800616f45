// Come si raggiungono le persone, in italiano: l’indice di un contatto, e la pagina che ordina le vie.

import type { Words } from '../index.svelte';
import type { routes as english } from './en';

export const routes: Words<typeof english> = {
  contact_next: 'Il prossimo messaggio sarebbe',
  contact_why: 'Perché?',
  contact_title: 'Perché {name} ha questo indice',
  contact_unseen: 'Non è ancora stato controllato quanto sarebbe riservato un messaggio.',
  contact_look: 'Controlla adesso',
  contact_looking: 'controllo…',
  contact_ways: 'I suoi indirizzi, il migliore per primo',

  settings_routes: 'Le mie vie',
  routes_link: 'Le tue vie, in ordine',
  routes_mine: 'La mia riservatezza',
  routes_text: 'Sono le vie che i tuoi messaggi prendono verso le persone che conosci, la più riservata per prima. L’indice è quello del messaggio meno riservato tra questi.',
  routes_none: 'Non è ancora stata controllata la via di nessuno. Scrivi a qualcuno, o apri la sua scheda e scegli «Controlla adesso».',
  routes_people: 'Vai alle persone',
  routes_index_range: 'Indice di riservatezza da {score} a {most} su 100: {word}',
  routes_reached: { one: 'Raggiunge {count} persona:', many: 'Raggiunge {count} persone:', other: 'Raggiunge {count} persone:' },
  routes_more: { one: 'e {count} altra', many: 'e altre {count}', other: 'e altre {count}' },
  routes_details: 'Chi può leggerlo, e perché',
  routes_lowest: 'Spiegato per il meno riservato tra questi.',
  routes_counted: { one: 'È stata controllata la via verso {count} persona.', many: 'È stata controllata la via verso {count} persone.', other: 'È stata controllata la via verso {count} persone.' },
  routes_not_reached: { one: 'A {count} di loro non arriverebbe nulla.', many: 'A {count} di loro non arriverebbe nulla.', other: 'A {count} di loro non arriverebbe nulla.' },
  routes_cut: 'Ce ne sono altre: sono contate le prime 2.000.',
  routes_mail_only: 'Sono tutte vie di posta: qui non è ancora collegato nessun altro protocollo.',
  route_end_to_end: 'Posta che solo voi due potete aprire',
  route_end_to_end_hint: 'È cifrata prima di partire, con una chiave dell’altra persona.',
  route_same_server: 'Le persone di questo server',
  route_same_server_hint: 'Il messaggio non lascia mai questo server, e vi resta sigillato per ciascuno di voi.',
  route_proven: 'Server che provano chi sono',
  route_proven_hint: 'La connessione è cifrata, e l’altro server prova il suo nome: con il suo DNS firmato (DANE), o perché il suo dominio lo esige (MTA-STS).',
  route_encrypted: 'Cifrata, verso server che non provano nulla',
  route_encrypted_hint: 'La connessione è cifrata, ma nulla prova chi risponde.',
  route_not_seen: 'Cifrata, se l’altro server può',
  route_not_seen_hint: 'Si vede quando un messaggio è partito. Fino ad allora non conta.',
  route_clear: 'In chiaro',
  route_clear_hint: 'L’altro server prende i messaggi senza cifratura: chiunque si trovi lungo il percorso può leggerli.',
  route_advertising: 'Posta trasportata da {service}',
  route_advertising_hint: 'Per quanto sia protetto il percorso, {service} può leggere ciò che arriva.',
};
