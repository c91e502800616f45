// Addresses as people type and paste them: taken apart, judged, and matched with who is known. Pure.

import type { Address } from '$lib/jmap/sending';
import type { Contact } from '$lib/jmap/types';

const LOCAL_BYTES_MOST = 64;
const DOMAIN_BYTES_MOST = 255;
const SUGGESTIONS_MOST = 6;
/** Controls, spaces, and what changes direction unseen. */
const CONTROL = /[\p{Cc}\p{Cf}\p{Z}]/u;
const ATOM = /^[^()<>[\]:;@\\,."]+$/u;
const LABEL = /^[\p{L}\p{N}\p{M}](?:[\p{L}\p{N}\p{M}-]{0,61}[\p{L}\p{N}\p{M}])?$/u;

const bytes = (text: string): number => new TextEncoder().encode(text).length;

/** Whether mail could go there (RFC 5321 §4.1.2, RFC 6531 §3.3). One label alone is a slip far more often than a host. */
export function isAddress(text: string): boolean {
  const at = text.lastIndexOf('@');
  const [local, domain] = [text.slice(0, at), text.slice(at + 1)];
  if (at < 1 || CONTROL.test(text) || bytes(local) > LOCAL_BYTES_MOST || bytes(domain) > DOMAIN_BYTES_MOST) return false;
  const labels = domain.split('.');
  const quoted = /^"(?:[^"\\]|\\.)+"$/u.test(local);
  return (quoted || local.split('.').every((atom) => ATOM.test(atom))) && labels.length > 1 && labels.every((label) => LABEL.test(label));
}

export const valid = (address: Address): boolean => !address.handle.startsWith('email:') || isAddress(address.handle.slice('email:'.length));

/** `Ana <ana@example.org>, bo@example.net; …`: what is no address is kept too, so that it can be mended. */
export function readAddresses(text: string): Address[] {
  const found: Address[] = [];
  for (const piece of text.match(/(?:"(?:[^"\\]|\\.)*"|<[^>]*>|[^,;\n])+/gu) ?? []) {
    const named = /^\s*"?(.*?)"?\s*<([^>]*)>\s*$/u.exec(piece);
    const literal = (named?.[2] ?? piece).trim().replace(/^mailto:/i, '');
    if (literal) found.push({ name: named?.[1]?.trim() || null, handle: handleOf(literal) });
  }
  return found;
}

/** The domain has no case, the part before it may have one (RFC 5321 §2.4). */
function handleOf(literal: string): string {
  const at = literal.lastIndexOf('@');
  return `email:${at < 0 ? literal : literal.slice(0, at + 1) + literal.slice(at + 1).toLowerCase()}`;
}

export interface Suggestion {
  name: string;
  handle: string;
}

/** Who could be meant: those whose name or address has a word that begins so, people of the address book first. */
export function suggest(contacts: Iterable<Contact>, typed: string, taken: readonly Address[]): Suggestion[] {
  const wanted = fold(typed.trim());
  if (!wanted) return [];
  const found: (Suggestion & { rank: number })[] = [];
  for (const contact of contacts) {
    if (contact.blocked) continue;
    for (const handle of contact.handles) {
      if (taken.some((one) => one.handle === handle)) continue;
      const rank = rankOf(contact, handle, wanted);
      if (rank !== null) found.push({ name: contact.displayName, handle, rank });
    }
  }
  return found.toSorted((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : 1)).slice(0, SUGGESTIONS_MOST);
}

function rankOf(contact: Contact, handle: string, wanted: string): number | null {
  const known = contact.state === 'confirmed' ? 0 : 1;
  const name = fold(contact.displayName);
  if (name.startsWith(wanted)) return known;
  const address = fold(handle.slice(handle.indexOf(':') + 1));
  if (address.startsWith(wanted) || name.split(/[\s'’-]+/u).some((word) => word.startsWith(wanted))) return 2 + known;
  return address.split('@')[1]?.startsWith(wanted.replace(/^@/u, '')) && wanted.length > 2 ? 4 + known : null;
}

const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
