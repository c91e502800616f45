// I dispositivi, in italiano.

import type { Words } from '../index.svelte';
import type { devices as english } from './en';

export const devices: Words<typeof english> = {
  devices: 'I tuoi dispositivi',
  devices_text: 'Ogni browser in cui accedi è un dispositivo. Firma ciò che chiede con una chiave che non lo lascia mai: un cookie rubato, da solo, non apre nulla.',
  device_current: 'questo',
  device_signed_out: 'Disconnesso. Ultimo uso: {date}',
  device_since: 'Dal {date}',
  device_shared: 'Computer condiviso',
  device_shared_hint: 'Lo usano anche altre persone: vieni disconnesso dopo mezz’ora, o quando si chiude il browser.',
  device_rename: 'Rinomina',
  device_rename_named: 'Rinomina {name}',
  device_name: 'Nome del dispositivo',
  device_save: 'Salva',
  device_remove: 'Rimuovi',
  device_remove_named: 'Rimuovi {name}: viene disconnesso subito',
  device_removed: 'Dispositivo rimosso: {name}. È disconnesso.',
  device_renamed: 'Dispositivo rinominato: {name}.',
  device_options: 'Altro su {name}',
  device_why: 'Perché?',
  network: 'Questa rete',
  network_unknown: 'Non ancora indicata',
  network_known: 'Mia, o di fiducia',
  network_open: 'Aperta a tutti',
  network_tunnel: 'Tor o una VPN',
  network_remembered: 'Memorizzato per questa rete.',
  shared_computer: 'È un computer condiviso',
  shared_hint: 'Qui non resta nulla, e vieni disconnesso dopo mezz’ora o quando si chiude il browser.',
  sessions_programs: 'Altre sessioni',
  sessions_programs_text: 'Programmi, e browser che non possono conservare una chiave.',
};
