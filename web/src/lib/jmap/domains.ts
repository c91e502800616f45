// Why mail to a domain has its index, as docs/api has it: for whoever asks, without a session.

import { send } from './http';
import type { Cause } from './sending';
import type { Explanation, Locale } from './types';

/** What is demanded of the channel to a host before a message goes over it. */
export type Channel = 'clear' | 'as-it-can' | 'encrypted' | 'dane' | 'mta-sts' | 'configured' | 'withheld';

export interface DomainReport extends Explanation {
  domain: string;
  /** False when something could not be looked up in time. */
  complete: boolean;
  trouble: Cause | null;
  /** The hosts that take its mail, the best first; none for a domain of this server. */
  hosts: { name: string; channel: Channel }[];
}

export const askDomain = async (domain: string, language: Locale): Promise<DomainReport> =>
  (await send(`/public/domain/${encodeURIComponent(domain)}?language=${language}`)).json() as Promise<DomainReport>;

const PLACE = '/domain/';
/** The page of a domain, for anybody who has its address. */
export const domainPage = (domain: string): string => PLACE + encodeURIComponent(domain);
/** The domain whose page this is; null for the application. */
export function domainAsked(pathname: string): string | null {
  if (!pathname.startsWith(PLACE)) return null;
  try {
    return decodeURIComponent(pathname.slice(PLACE.length)).trim().toLowerCase();
  } catch {
    return '';
  }
}
