// Lo spazio per la posta, e gli indirizzi che si scelgono, in italiano.

import type { Words } from '../index.svelte';
import type { storage as english } from './en';

export const storage: Words<typeof english> = {
  settings_storage: 'Spazio',
  storage_text: 'Quello che i tuoi messaggi e i loro file occupano sul disco di questo server: compressi, e sigillati in modo che nessuno lì possa leggerli.',
  storage_of: '{used} di {allowed}',
  storage_used: '{used} in uso',
  storage_unlimited: 'Questo server non pone limiti.',
  storage_earned: 'Di cui {size} ottenuti con passi per la tua riservatezza.',
  storage_failed: 'Non è stato possibile leggere il tuo spazio',
  storage_near: 'La tua casella è quasi piena: {used} di {allowed}.',
  storage_full: 'La tua casella è piena: i nuovi messaggi aspettano dai mittenti, per alcuni giorni.',
  storage_room: 'Fai spazio',
  storage_room_text: 'Elimina quello che non ti serve, poi svuota il cestino. I file occupano di più:',
  storage_find: 'Trova le conversazioni con file',
  storage_nothing: 'Non c’è niente.',
  emptying_now: 'Svuota ora',
  emptying_bin: 'Svuotare il cestino?',
  emptying_spam: 'Eliminare tutti gli indesiderati?',
  emptying_question: {
    one: '{count} conversazione viene eliminata per sempre. Niente la riporta.',
    many: '{count} di conversazioni vengono eliminate per sempre. Niente le riporta.',
    other: '{count} conversazioni vengono eliminate per sempre. Niente le riporta.',
  },
  emptying_do: 'Elimina per sempre',
  emptying_going: {
    one: '{count} conversazione eliminata finora…',
    many: '{count} di conversazioni eliminate finora…',
    other: '{count} conversazioni eliminate finora…',
  },
  emptying_failed: 'Non è stato possibile eliminare tutto. {why}',
  emptied: {
    one: '{count} conversazione è stata eliminata per sempre.',
    many: '{count} di conversazioni sono state eliminate per sempre.',
    other: '{count} conversazioni sono state eliminate per sempre.',
  },
  error_mailbox_full: 'La tua casella è piena. Elimina quello che non ti serve e svuota il cestino, poi riprova.',

  gifts: 'Quello che il tuo host dà in cambio',
  gift_theme: 'Colori “{name}”',
  gift_bytes: '{size} in più per la tua posta',
  gift_addresses: {
    one: '{count} indirizzo in più, che scegli tu',
    many: '{count} di indirizzi in più, che scegli tu',
    other: '{count} indirizzi in più, che scegli tu',
  },
  gift_there: 'già tuo',
  gift_at: { one: 'dopo {count} passo', many: 'dopo {count} di passi', other: 'dopo {count} passi' },

  chosen_title: {
    one: 'Scegli {count} altro indirizzo',
    many: 'Scegli altri {count} di indirizzi',
    other: 'Scegli altri {count} indirizzi',
  },
  chosen_text: 'L’hanno portato i tuoi passi per la riservatezza. È tuo per sempre: nessun altro potrà prenderlo, e puoi lasciarlo riposare.',
  chosen_name: 'Nome',
  chosen_domain: 'Dominio',
  chosen_take: 'Prendi questo indirizzo',
  chosen_made: '{address} ora è tuo.',
  chosen_wrong: 'Da 3 a 40 lettere dalla a alla z e cifre; in mezzo, un punto, un trattino o un trattino basso alla volta.',
  chosen_taken: 'Qualcuno ha questo indirizzo, o lo ha avuto. Prova un altro nome.',
  chosen_reserved: 'Questo nome parla per l’host. Chiedi al suo amministratore, o provane un altro.',
  chosen_none: 'Non hai più indirizzi da scegliere.',
  address_rest: 'Lascialo riposare',
  address_rest_named: 'Lascia riposare {address}',
  address_wake: 'Sveglialo',
  address_wake_named: 'Sveglia {address}',
  address_rests: 'Riposa: la posta che gli scrivono viene rifiutata, come se non fosse di nessuno.',
  address_rested: '{address} riposa.',
  address_woken: '{address} riceve di nuovo la posta.',
};
