// How services are classed, in English: the source of the keys.

export const services = {
  settings_services: 'How services are classed',
  services_text: 'Whoever carries a message may read it, or see that you write. How a service earns its living says how much to expect of it. This table is part of Caliopen, is reviewed by people, and anybody may propose a correction.',
  services_lowered: 'Lowered by the administrator of this server.',
  services_table_says: 'The table says {letter}.',
  services_reviewed: 'Version {version}, reviewed on {date}.',
  services_find: 'Find a service or a domain',
  services_none: 'No service of the table is called “{text}”. What is not in it is class C: unknown.',
  services_class: 'Class {letter}',
  services_class_E: 'Lives on advertising, or is named in a mass-surveillance programme',
  services_class_D: 'Large and commercial, without advertising',
  services_class_C: 'Unknown: every service that is not in the table',
  services_class_B: 'Has a privacy charter, and is paid for or non-profit',
  services_class_A: 'Run by its own people, or a labelled Caliopen: no table can know',
  services_points: { one: '{count} of at most 18 points', other: '{count} of at most 18 points' },
  services_domains: { one: '{count} domain', other: '{count} domains' },
  services_link: 'How services are classed',
} as const;
