// What a link says against where it goes. Pure; knows nothing of the page.

export type LinkDoubt = 'user-info' | 'punycode' | 'mixed-scripts' | 'direction' | 'address-number';

export interface Link {
  href: string;
  host: string;
  doubts: LinkDoubt[];
}

const SCHEMES = new Set(['http:', 'https:', 'mailto:', 'tel:']);
const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const SCRIPTS = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u, /\p{Script=Armenian}/u, /\p{Script=Cherokee}/u];

/** A target that may be followed, with what is odd about it; null for a scheme that no link may have. */
export function inspect(target: string): Link | null {
  let url: URL;
  try {
    url = new URL(target);
  } catch {
    return null;
  }
  if (!SCHEMES.has(url.protocol)) return null;
  const doubts = new Set<LinkDoubt>();
  if (DIRECTION.test(target) || /%E2%80%A[A-E]/i.test(target)) doubts.add('direction');
  if (url.username || url.password) doubts.add('user-info');
  // The URL parser writes every international host as punycode.
  if (url.hostname.split('.').some((label) => label.startsWith('xn--'))) doubts.add('punycode');
  if (/^[\d.]+$|^\[/.test(url.hostname)) doubts.add('address-number');
  if (mixesScripts(hostAsWritten(target))) doubts.add('mixed-scripts');
  return { href: url.href, host: url.hostname, doubts: [...doubts] };
}

function hostAsWritten(target: string): string {
  return /^[a-z]+:\/\/(?:[^/?#]*@)?([^/?#:]*)/i.exec(target)?.[1] ?? '';
}

const mixesScripts = (host: string): boolean =>
  host.split('.').some((label) => SCRIPTS.filter((script) => script.test(label)).length > 1);

/**
 * The host that a link's text names when it is another than the one it goes to. `www.` does not count, and
 * neither does a text that names no host at all.
 */
export function mismatch(text: string, link: Link): string | null {
  const shown = /(?:^|[\s(<"'])(?:https?:\/\/)?((?:[\p{L}\p{N}-]+\.)+\p{L}{2,})(?=[\s/:?#)>"'.,;!]|$)/iu.exec(text.trim().slice(0, 300))?.[1];
  if (!shown || text.includes('@')) return null;
  const plain = (host: string) => host.toLowerCase().replace(/^www\./, '');
  const named = plain(hostOf(shown));
  const real = plain(link.host);
  if (!named || named === real || real.endsWith(`.${named}`)) return null;
  return named;
}

function hostOf(text: string): string {
  try {
    return new URL(`http://${text}`).hostname;
  } catch {
    return text;
  }
}
