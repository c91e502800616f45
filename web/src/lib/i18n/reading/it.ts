// Quel che si legge, in italiano.

import type { Words } from '../index.svelte';
import type { reading as english } from './en';

export const reading: Words<typeof english> = {
  text_as_sent: 'Il testo così com’è stato inviato',
  show_as_sent: 'Mostra il testo come inviato',
  show_paragraphs: 'Mostra il testo in paragrafi',
  open_file: 'Guarda {name}',
  file_of_files: '{number} di {total}',
  file_previous: 'File precedente',
  file_next: 'File successivo',
  file_large: 'Questo file è grande: {size}.',
  file_load: 'Caricalo',
  file_pdf: 'Un PDF può contenere programmi: Caliopen non lo apre qui. Salvalo e aprilo con un tuo programma.',
  file_type: 'I file di questo tipo non si mostrano qui. Salvalo e aprilo con un tuo programma.',
  file_content: 'Questo file non è quello che dice di essere, e non viene mostrato. Salvalo solo se ti fidi di chi l’ha mandato.',
  file_broken: 'Il browser non riesce a mostrare questo file. Salvalo e aprilo con un tuo programma.',
  file_cut: 'Si vede solo l’inizio. Salva il file per leggere il resto.',
  cancel: 'Annulla',
  do_rename: 'Rinomina',
  conversation_name: 'Il tuo nome per questa conversazione',
  conversation_name_hint: 'Non lo vede nessun altro. Lascia vuoto per dimenticarlo.',
  renamed: 'Conversazione rinominata.',
  name_forgotten: 'Il nome è dimenticato.',
  stub_answered_you: '{names} ha risposto solo a te.',
  stub_you_answered: 'Hai risposto solo a {names}.',
  stub_goes_on_alone: 'Continua solo con {names}.',
  stub_began_alone: 'È cominciata solo con {names}.',
  stub_continues: 'Questa è la continuazione della conversazione con {names}.',
  stub_goes_on_with: 'Continua con {names}.',
  stub_open: 'Apri',
};
