// How one leaves a list, as its messages say (RFC 2369 §3.2): by a message, or on a page. Pure; the header is hostile.

import { isAddress } from '$lib/state/composing/addresses';

export type Leaving = { by: 'message'; address: string; subject: string; text: string } | { by: 'page'; url: string; host: string };

const HEADER = 'list-unsubscribe';
const URLS_MOST = 8;
const SUBJECT_MOST = 200;
const TEXT_MOST = 500;

/** The first way of a message's headers that can be taken; a message is taken before a page. */
export function leaving(headers: [string, string][]): Leaving | null {
  const values = headers.filter(([name]) => name.toLowerCase() === HEADER).map(([, value]) => value);
  const urls = [...values.join(',').matchAll(/<\s*([^<>\s]+)\s*>/g)].slice(0, URLS_MOST).map((match) => match[1] ?? '');
  const ways = urls.flatMap((url) => mailto(url) ?? page(url) ?? []);
  return ways.find(({ by }) => by === 'message') ?? ways[0] ?? null;
}

/** RFC 6068 §2: one recipient, its subject and its text. Whatever else it asks for is not done. */
function mailto(url: string): Leaving | null {
  if (!/^mailto:/i.test(url) || !URL.canParse(url)) return null;
  const { pathname, searchParams } = new URL(url);
  const address = decoded(pathname);
  if (!address || !isAddress(address)) return null;
  return { by: 'message', address, subject: line(searchParams.get('subject'), SUBJECT_MOST) || 'unsubscribe', text: (searchParams.get('body') ?? '').slice(0, TEXT_MOST) || 'unsubscribe' };
}

function page(url: string): Leaving | null {
  if (!/^https:/i.test(url) || !URL.canParse(url)) return null;
  const { href, hostname, username } = new URL(url);
  return username ? null : { by: 'page', url: href, host: hostname };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

const line = (text: string | null, most: number): string => (text ?? '').replace(/[\p{Cc}\u2028\u2029]/gu, ' ').trim().slice(0, most);
