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
};
