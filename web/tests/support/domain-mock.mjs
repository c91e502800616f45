// /public/domain of docs/api, over the invented services of outlook-mock. For development and tests only.

const HOSTS = {
  'kolab.example': [{ name: 'mx.kolab.example', channel: 'dane' }],
  'gmail.example': [{ name: 'mx1.gmail.example', channel: 'mta-sts' }],
  'example.org': [],
};
const UNSEEN = (domain) => [{ name: `mx1.${domain}`, channel: 'as-it-can' }, { name: `mx2.${domain}`, channel: 'as-it-can' }];

/** What is said of a domain; null when it is none. */
export function domainOf(outlooks, { pathname, searchParams }) {
  const domain = decodeURIComponent(pathname.slice('/public/domain/'.length));
  if (!/^[^@\s/]+\.[^@\s/]+$/.test(domain)) return null;
  const { recipient: _, trouble, ...said } = outlooks.one(`email:bo@${domain}`, searchParams.get('language'));
  return { ...said, domain, trouble: trouble?.cause ?? null, hosts: trouble ? [] : (HOSTS[domain] ?? UNSEEN(domain)) };
}
