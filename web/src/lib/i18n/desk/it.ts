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
  shortcuts_all: 'Mostrare tutte le scorciatoie',
  keys_reading: 'Leggere',
  keys_writing: 'Scrivere',
  keys_going: 'Andare altrove',
  keys_everywhere: 'Ovunque',
  key_settings: 'Andare alle impostazioni',
  key_close_writing: 'Chiudere, e conservare la bozza',
  palette: 'Fare, andare, scrivere a…',
  palette_placeholder: 'Cosa, dove, o a chi?',
  palette_found: 'Ciò che corrisponde',
  palette_nothing: 'Niente corrisponde. Provare con meno lettere.',
  palette_write_to: 'Scrivere a {name}',
};
