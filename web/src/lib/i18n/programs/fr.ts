// Mots de passe des téléphones et autres programmes, en français.
import type { Words } from '../index.svelte';
import type { programs as english } from './en';

export const programs: Words<typeof english> = {
  programs_title: 'Téléphones et autres programmes',
  programs_text: 'Un téléphone, une imprimante ou un script envoie du courrier pour vous avec un mot de passe à lui. Il peut envoyer et rien d’autre : votre courrier lui reste scellé.',
  programs_off: 'Ce serveur n’accepte pas le courrier d’autres programmes. La personne qui l’administre peut l’activer.',
  programs_none: 'Aucun programme n’a encore de mot de passe.',
  programs_most: 'Un compte a au plus 50 de ces mots de passe. Révoquez-en un qui ne sert plus.',
  programs_stay: 'Les téléphones et autres programmes continuent d’envoyer avec leurs propres mots de passe.',
  programs_revoke_all: 'Tous les révoquer',
  programs_revoked_all: 'Tous révoqués : plus aucun autre programme n’envoie pour vous.',
  program_name: 'À quoi sert-il ?',
  program_name_example: 'Téléphone',
  program_make: 'Créer un mot de passe',
  program_made: 'Le mot de passe de {name}',
  program_once: 'Il n’est affiché que cette fois et n’est gardé nulle part. Saisissez-le maintenant dans le programme, avec ces réglages pour le courrier sortant :',
  program_server: 'Serveur sortant (SMTP)',
  program_port: 'Port',
  program_security: 'Sécurité',
  program_user: 'Nom d’utilisateur',
  program_done: 'Terminé',
  program_never_used: 'Jamais utilisé',
  program_used: 'Dernière utilisation : {date}',
  program_revoke: 'Révoquer',
  program_revoke_named: 'Révoquer le mot de passe de {name}',
  program_revoke_ask: 'Il n’enverra plus rien dès cet instant, et c’est définitif.',
  program_revoke_now: 'Révoquer maintenant',
  program_revoked: 'Révoqué : {name} n’envoie plus rien.',
};
