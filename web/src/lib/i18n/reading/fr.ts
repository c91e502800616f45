// Ce qu’on lit, en français.

import type { Words } from '../index.svelte';
import type { reading as english } from './en';

export const reading: Words<typeof english> = {
  text_as_sent: 'Le texte tel qu’il a été envoyé',
  show_as_sent: 'Afficher le texte tel qu’envoyé',
  show_paragraphs: 'Afficher le texte en paragraphes',
  open_file: 'Voir {name}',
  file_of_files: '{number} sur {total}',
  file_previous: 'Fichier précédent',
  file_next: 'Fichier suivant',
  file_large: 'Ce fichier est volumineux : {size}.',
  file_load: 'Le charger',
  file_pdf: 'Un PDF peut contenir des programmes : Caliopen ne l’ouvre pas ici. Enregistrez-le et ouvrez-le avec un programme à vous.',
  file_type: 'Ce genre de fichier ne s’affiche pas ici. Enregistrez-le et ouvrez-le avec un programme à vous.',
  file_content: 'Ce fichier n’est pas ce qu’il dit être : il n’est pas affiché. Ne l’enregistrez que si vous faites confiance à qui l’a envoyé.',
  file_broken: 'Le navigateur ne peut pas afficher ce fichier. Enregistrez-le et ouvrez-le avec un programme à vous.',
  file_cut: 'Seul le début est affiché. Enregistrez le fichier pour lire la suite.',
  cancel: 'Annuler',
  do_rename: 'Renommer',
  conversation_name: 'Votre nom pour cette conversation',
  conversation_name_hint: 'Personne d’autre ne le voit. Laissez vide pour l’oublier.',
  renamed: 'Conversation renommée.',
  name_forgotten: 'Le nom est oublié.',
  stub_answered_you: '{names} n’a répondu qu’à vous.',
  stub_you_answered: 'Vous n’avez répondu qu’à {names}.',
  stub_goes_on_alone: 'La suite est avec {names} seulement.',
  stub_began_alone: 'Le début est avec {names} seulement.',
  stub_continues: 'Ceci continue la conversation avec {names}.',
  stub_goes_on_with: 'La suite est avec {names}.',
  stub_open: 'Ouvrir',
};
