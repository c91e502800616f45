// Le bureau, en français : réglages, identités, modèles, palette, impression, source.
import type { Words } from '../index.svelte';
import type { desk as english } from './en';

export const desk: Words<typeof english> = {
  settings_looks: 'Langue et apparence',
  settings_pages: 'Pages des réglages',
  settings_unknown: 'Cette page n’existe pas',
  settings_unknown_text: 'Choisissez-en une dans la liste.',
  settings_writing: 'Écriture',
  settings_keyboard: 'Clavier',
  settings_entry: 'Connexion et sessions',
  shortcuts_all: 'Voir tous les raccourcis',
  keys_reading: 'Lire',
  keys_writing: 'Écrire',
  keys_going: 'Aller quelque part',
  keys_everywhere: 'Partout',
  key_settings: 'Aller aux réglages',
  key_close_writing: 'Fermer, et garder le brouillon',
  palette: 'Faire, aller, écrire à…',
  palette_placeholder: 'Quoi, où, ou à qui ?',
  palette_found: 'Ce qui correspond',
  palette_nothing: 'Rien ne correspond. Essayez avec moins de lettres.',
  palette_write_to: 'Écrire à {name}',
};
