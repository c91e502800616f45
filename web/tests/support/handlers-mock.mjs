// A few services of the table, as Handler/get says them.

const WHY = {
  E: { en: 'Its company lives on advertising and is named in a published mass-surveillance programme.', fr: 'Son entreprise vit de la publicité et figure dans un programme de surveillance de masse rendu public.', it: 'La sua azienda vive di pubblicità ed è citata in un programma di sorveglianza di massa reso pubblico.' },
  D: { en: 'Large and commercial; it lives on subscriptions or hosting.', fr: 'Grande entreprise commerciale ; elle vit d’abonnements ou d’hébergement.', it: 'Grande azienda commerciale; vive di abbonamenti o di hosting.' },
  B: { en: 'Non-profit: it lives on its members and on gifts.', fr: 'Sans but lucratif : ce service vit de ses membres et de dons.', it: 'Senza scopo di lucro: questo servizio vive di soci e donazioni.' },
};
const SERVICES = [['E', 'Gmail', ['gmail.com', 'googlemail.com']], ['E', 'Yahoo', ['yahoo.com', 'yahoo.fr', 'ymail.com']], ['D', 'Gandi', ['gandi.net']], ['D', 'OVHcloud', ['ovh.net']], ['B', 'Framasoft', ['framasoft.org']], ['B', 'Posteo', ['posteo.de', 'posteo.net']]];

export const handlers = ({ language = 'en' }) => ({ version: 1, reviewedOn: '2026-11-22', list: SERVICES.map(([letter, name, domains]) => ({ name, class: letter, why: WHY[letter][language], domains, lowered: name === 'Posteo' ? 'D' : null })), lowered: [{ name: 'mail.village.example', class: 'E' }] });
