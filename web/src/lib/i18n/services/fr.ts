// Comment les services sont classés, en français.
import type { Words } from '../index.svelte';
import type { services as english } from './en';

export const services: Words<typeof english> = {
  settings_services: 'Classement des services',
  services_text: 'Qui transporte un message peut le lire, ou voir que vous écrivez. La façon dont un service gagne sa vie dit ce qu’on peut en attendre. Ce tableau fait partie de Caliopen, des personnes le relisent, et chacun peut proposer une correction.',
  services_lowered: 'Abaissé par l’administration de ce serveur.',
  services_table_says: 'La table indique {letter}.',
  services_reviewed: 'Version {version}, relue le {date}.',
  services_find: 'Chercher un service ou un domaine',
  services_none: 'Aucun service du tableau ne s’appelle « {text} ». Ce qui n’y est pas est de classe C : inconnu.',
  services_class: 'Classe {letter}',
  services_class_E: 'Vit de la publicité, ou figure dans un programme de surveillance de masse',
  services_class_D: 'Grande entreprise commerciale, sans publicité',
  services_class_C: 'Inconnu : tout service qui n’est pas dans le tableau',
  services_class_B: 'A une charte de confidentialité, et est payant ou sans but lucratif',
  services_class_A: 'Tenu par les siens, ou Caliopen labellisé : aucun tableau ne peut le savoir',
  services_points: { one: '{count} point sur 18 au plus', many: '{count} de points sur 18 au plus', other: '{count} points sur 18 au plus' },
  services_domains: { one: '{count} domaine', many: '{count} de domaines', other: '{count} domaines' },
  services_link: 'Comment les services sont classés',
};
