// Come sono classificati i servizi, in italiano.
import type { Words } from '../index.svelte';
import type { services as english } from './en';

export const services: Words<typeof english> = {
  settings_services: 'Classi dei servizi',
  services_text: 'Chi trasporta un messaggio può leggerlo, o vedere che scrivi. Di che cosa vive un servizio dice che cosa aspettarsi. Questa tabella fa parte di Caliopen, è riletta da persone, e chiunque può proporre una correzione.',
  services_lowered: 'Abbassato da chi amministra questo server.',
  services_table_says: 'La tabella indica {letter}.',
  services_reviewed: 'Versione {version}, riletta il {date}.',
  services_find: 'Cerca un servizio o un dominio',
  services_none: 'Nessun servizio della tabella si chiama «{text}». Ciò che non c’è è di classe C: sconosciuto.',
  services_class: 'Classe {letter}',
  services_class_E: 'Vive di pubblicità, o è citato in un programma di sorveglianza di massa',
  services_class_D: 'Grande azienda commerciale, senza pubblicità',
  services_class_C: 'Sconosciuto: ogni servizio che non è nella tabella',
  services_class_B: 'Ha una carta della riservatezza, ed è a pagamento o senza scopo di lucro',
  services_class_A: 'Tenuto dai suoi, o un Caliopen certificato: nessuna tabella può saperlo',
  services_points: { one: '{count} punto su 18 al massimo', many: '{count} di punti su 18 al massimo', other: '{count} punti su 18 al massimo' },
  services_domains: { one: '{count} dominio', many: '{count} di domini', other: '{count} domini' },
  services_link: 'Come sono classificati i servizi',
};
