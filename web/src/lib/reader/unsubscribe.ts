// How one leaves a list, as its messages say: by one request where their signed header offers it (RFC 8058, which the
// server checked), by a message, or on a page (RFC 2369 §3.2). Pure; the header is hostile.

import { isAddress } from '$lib/state/composing/addresses';
import type { Message } from '$lib/jmap/types';

export interface ByMessage {
  address: string;
  subject: string;
  text: string;
}
export interface ByPage {
  url: string;
  host: string;
}
/** At least one of them is there. */
export interface WaysOut {
  /** The page takes one request without asking anything. */
  oneClick: boolean;
  message: ByMessage | null;
  page: ByPage | null;
}

const HEADER = 'list-unsubscribe';
const URLS_MOST = 8;
const SUBJECT_MOST = 200;
const TEXT_MOST = 500;

/** The ways out of a message's list; none for one's own messages, and for one that may be somebody else's: an answer to
 * somebody who pretends only says that the address is read. */
export function waysOut(message: Message, headers: [string, string][]): WaysOut | null {
  if (message.direction === 'sent' || message.suspicious) return null;
  const values = headers.filter(([name]) => name.toLowerCase() === HEADER).map(([, value]) => value);
  const urls = [...values.join(',').matchAll(/<\s*([^<>\s]+)\s*>/g)].slice(0, URLS_MOST).map((match) => match[1] ?? '');
  const [byMessage, onPage] = [first(urls, mailto), first(urls, page)];
  const oneClick = onPage !== null && message.keywords['$canunsubscribe'] === true;
  return byMessage || onPage ? { oneClick, message: byMessage, page: onPage } : null;
}

function first<T>(urls: string[], read: (url: string) => T | null): T | null {
  return urls.map(read).find((way) => way !== null) ?? null;
}

/** RFC 6068 §2: one recipient, its subject and its text. Whatever else it asks for is not done. */
function mailto(url: string): ByMessage | null {
  if (!/^mailto:/i.test(url) || !URL.canParse(url)) return null;
  const { pathname, searchParams } = new URL(url);
  const address = decoded(pathname);
  if (!address || !isAddress(address)) return null;
  return { address, subject: line(searchParams.get('subject'), SUBJECT_MOST) || 'unsubscribe', text: (searchParams.get('body') ?? '').slice(0, TEXT_MOST) || 'unsubscribe' };
}

function page(url: string): ByPage | null {
  if (!/^https:/i.test(url) || !URL.canParse(url)) return null;
  const { href, hostname, username } = new URL(url);
  return username ? null : { url: href, host: hostname };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

const line = (text: string | null, most: number): string => (text ?? '').replace(/[\p{Cc}\u2028\u2029]/gu, ' ').trim().slice(0, most);
