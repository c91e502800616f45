// Why mail to a domain has its index, in English: for whoever runs it.

export const domain = {
  domain_title: 'How private is mail to {domain}?',
  domain_text: 'This is what a mail server finds out about {domain} before it hands a message over. It looks at public records alone, asks nobody’s mailbox, and can be checked by whoever runs the domain.',
  domain_hosts: 'Where its mail goes',
  channel_clear: 'in clear: anybody on the way can read',
  'channel_as-it-can': 'encrypted if it offers that; nothing demands it, and nobody proves who answers',
  channel_encrypted: 'encrypted, but nobody proves who answers',
  channel_dane: 'encrypted, and proven by DANE (RFC 7672)',
  'channel_mta-sts': 'encrypted, and proven by MTA-STS (RFC 8461)',
  channel_configured: 'encrypted, and proven as this server was told',
  channel_withheld: 'refused: what it shows goes against the domain’s own policy',
  domain_do: 'What its administrator can do',
  domain_do_dane: 'Sign the zone with DNSSEC and publish a TLSA record for each mail host (DANE, RFC 7672).',
  domain_do_sts: 'Or publish an MTA-STS policy with “mode: enforce”, served over HTTPS (RFC 8461). Either way nobody between the two servers can read or redirect the mail.',
  domain_here: 'Its mail stays on this server.',
  domain_trouble: '{domain} takes no mail, or cannot be looked up now.',
  domain_failed: 'This domain could not be looked up',
  domain_foot: 'Formula {version}. Computed a moment ago from what this server looked up itself.',
  domain_link: 'A page about {domain} to send to its administrator',
} as const;
