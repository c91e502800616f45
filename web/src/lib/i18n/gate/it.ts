// Ciò che è nascosto su un dispositivo, in italiano.

import type { Words } from '../index.svelte';
import type { gate as english } from './en';

export const gate: Words<typeof english> = {
  gate_here: 'Privato · nascosto qui',
  gate_count: { one: '{count} messaggio privato è nascosto su questo dispositivo', many: '{count} di messaggi privati sono nascosti su questo dispositivo', other: '{count} messaggi privati sono nascosti su questo dispositivo' },
  gate_because_shared: 'È un computer condiviso.',
  gate_because_open: 'Questa rete è aperta a tutti.',
  gate_because_stranger: 'Questo dispositivo, o la rete su cui si trova, non è ancora abbastanza noto.',
  gate_because_keyless: 'Questo browser non può conservare una chiave propria.',
  gate_because_wished: 'Lo hai chiesto tu: su ogni dispositivo prima si sblocca.',
  gate_unlock: 'Sblocca',
  gate_elsewhere: 'Oppure aprili su un dispositivo di cui ti fidi di più.',
  gate_raise: 'Che cosa li mostrerebbe qui?',
  gate_raise_one: 'Che cosa lo mostrerebbe qui?',
  gate_no_way: 'Ancora nulla potrebbe sbloccarli: conferma il codice di recupero, o aggiungi una passkey.',
  gate_to_entry: 'Accesso e dispositivi',

  gate_message: 'Questo messaggio è nascosto su questo dispositivo.',
  gate_no_answer: 'L’ultimo messaggio è nascosto qui: sbloccalo per rispondere.',
  gate_draft: 'Ciò che avevi iniziato a scrivere qui cita un messaggio nascosto su questo dispositivo. Sblocca per continuare.',
  gate_draft_title: 'Questa bozza è nascosta su questo dispositivo',
  gate_draft_text: 'Cita un messaggio privato. Non se ne perde nulla: sblocca per continuare a scrivere.',
  gate_draft_unsaved: 'Cita un messaggio nascosto su questo dispositivo. Ciò che hai scritto resta qui: sblocca, e sarà salvato.',
  refused_hidden: 'Cita un messaggio nascosto su questo dispositivo. Sblocca, poi invialo di nuovo: ciò che hai scritto è conservato.',
  error_hidden: 'È nascosto su questo dispositivo. Sbloccalo, o aprilo su un dispositivo di cui ti fidi di più.',
  gate_search: 'Su questo dispositivo la ricerca non guarda i messaggi privati.',
  gate_export_first: 'Su questo dispositivo i messaggi privati, se ce ne sono, sono nascosti, e l’esportazione li lascia fuori. Sblocca prima, per portarli con te.',
  gate_export: { one: '{count} messaggio privato è rimasto fuori: sblocca, poi esporta di nuovo.', many: '{count} di messaggi privati sono rimasti fuori: sblocca, poi esporta di nuovo.', other: '{count} messaggi privati sono rimasti fuori: sblocca, poi esporta di nuovo.' },

  gate_open: 'I messaggi privati sono visibili fino alle {time}',

  settings_shown: 'Che cosa si vede e dove',
  gate_intro: 'Un messaggio privato si vede solo dove il dispositivo, e la rete su cui si trova, ne sono all’altezza. Qui puoi chiedere di più. Le cartoline e ciò che è in viaggio si vedono sempre.',
  gate_device: 'Questo dispositivo, ora',
  gate_shows: 'Visibile ora su questo dispositivo',
  gate_shows_open: 'Visibile su questo dispositivo fino alle {time}',
  gate_hides: 'Nascosto ora su questo dispositivo',
  gate_any: 'Ogni mio dispositivo, anche condiviso',
  gate_any_hint: 'Ogni browser che conserva una chiave propria.',
  gate_mine: 'I dispositivi solo miei',
  gate_mine_hint: 'Nessuno condiviso; il loro browser e il loro sistema ricevono ancora correzioni.',
  gate_home: 'I dispositivi solo miei, a casa o con una passkey',
  gate_home_hint: 'Su una rete che hai indicato come tua, o dove una passkey ha mostrato che sei tu.',
  gate_always: 'Solo dopo lo sblocco',
  gate_always_hint: 'Su ogni dispositivo, ogni volta, per un quarto d’ora.',
  gate_other: 'I dispositivi con un indice di {score} o più',
  gate_saved: '{level}: {choice}.',
  gate_no_way_back: 'Nessuno deve chiudersi fuori. Conferma il codice di recupero, o aggiungi una passkey; poi potrai chiedere di più.',
  gate_unlock_first: 'Alcuni dei tuoi messaggi sono nascosti su questo dispositivo, e così si vedrebbero. Sblocca, ed è fatto.',
  gate_failed: 'Non è stato possibile caricare che cosa si vede e dove',
};
