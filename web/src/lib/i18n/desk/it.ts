// La scrivania, in italiano: impostazioni, identità, modelli, palette, stampa, sorgente.
import type { Words } from '../index.svelte';
import type { desk as english } from './en';

export const desk: Words<typeof english> = {
  settings_looks: 'Lingua e aspetto',
  settings_pages: 'Pagine delle impostazioni',
  settings_unknown: 'Questa pagina non esiste',
  settings_unknown_text: 'Sceglierne una dall’elenco.',
  settings_writing: 'Scrittura',
  settings_keyboard: 'Tastiera',
  settings_entry: 'Accesso e sessioni',
};
