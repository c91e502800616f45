// Password di telefoni e altri programmi, in italiano.
import type { Words } from '../index.svelte';
import type { programs as english } from './en';

export const programs: Words<typeof english> = {
  programs_title: 'Telefoni e altri programmi',
  programs_text: 'Un telefono, una stampante o uno script invia posta per te con una password tutta sua. Può inviare e nient’altro: la tua posta gli resta sigillata.',
  programs_off: 'Questo server non accetta posta da altri programmi. Chi lo amministra può attivarlo.',
  programs_none: 'Nessun programma ha ancora una password.',
  programs_most: 'Un account ha al massimo 50 di queste password. Revocane una che non usi più.',
  programs_stay: 'Telefoni e altri programmi continuano a inviare con le loro password.',
  programs_revoke_all: 'Revocale tutte',
  programs_revoked_all: 'Tutte revocate: nessun altro programma invia più per te.',
  program_name: 'A che cosa serve?',
  program_name_example: 'Telefono',
  program_make: 'Crea una password',
  program_made: 'La password di {name}',
  program_once: 'Viene mostrata solo questa volta e non è conservata da nessuna parte. Inseriscila ora nel programma, con queste impostazioni per la posta in uscita:',
  program_server: 'Server di uscita (SMTP)',
  program_port: 'Porta',
  program_security: 'Sicurezza',
  program_user: 'Nome utente',
  program_done: 'Fatto',
  program_never_used: 'Mai usata',
  program_used: 'Ultimo uso: {date}',
  program_revoke: 'Revoca',
  program_revoke_named: 'Revoca la password di {name}',
  program_revoke_ask: 'Da quel momento non invia più nulla, e non si può tornare indietro.',
  program_revoke_now: 'Revoca ora',
  program_revoked: 'Revocata: {name} non invia più nulla.',
};
