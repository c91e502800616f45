// Quel che si legge, in italiano.

import type { Words } from '../index.svelte';
import type { reading as english } from './en';

export const reading: Words<typeof english> = {
  text_as_sent: 'Il testo così com’è stato inviato',
  show_as_sent: 'Mostra il testo come inviato',
  show_paragraphs: 'Mostra il testo in paragrafi',
};
