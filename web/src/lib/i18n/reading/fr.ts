// Ce qu’on lit, en français.

import type { Words } from '../index.svelte';
import type { reading as english } from './en';

export const reading: Words<typeof english> = {
  text_as_sent: 'Le texte tel qu’il a été envoyé',
  show_as_sent: 'Afficher le texte tel qu’envoyé',
  show_paragraphs: 'Afficher le texte en paragraphes',
};
