// L’indice dell’utente, in italiano.
import type { Words } from '../index.svelte';
import type { mine as english } from './en';

export const mine: Words<typeof english> = {
  settings_mine: 'La mia riservatezza',
  mine_nav: 'La mia riservatezza: {about}',
  mine_yours: 'Ciò che dipende da te',
  mine_yours_hint: 'I tuoi account e i tuoi dispositivi.',
  mine_others: 'Ciò che dipende anche dagli altri',
  mine_others_hint: 'Come hanno viaggiato i tuoi messaggi, e come si raggiungono i tuoi contatti.',
  mine_unknown: 'Non ancora noto',
  mine_points: 'Da che cosa deriva',
  mine_raises: 'Che cosa fare ora',
  mine_raises_none: 'Per ora niente di ciò che potresti fare qui lo alzerebbe.',
  mine_history: 'Gli ultimi 90 giorni',
  mine_history_said: 'Da {first} il {from} a {last} il {to}.',
  mine_history_young: 'La linea comincia oggi: torna tra qualche giorno.',
  mine_history_table: 'Lo stesso in una tabella',
  mine_day: 'Giorno',
  mine_index: 'Indice',
  mine_accounts: 'I tuoi account',
  mine_devices: 'I tuoi dispositivi',
  mine_device_none: 'Una sessione senza dispositivo',
  mine_deleted: 'Cancellare messaggi o contatti non cambia nulla qui.',
};
