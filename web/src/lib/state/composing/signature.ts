// Signatures: apart from what is typed while it is written, below it when it is kept and sent (RFC 3676 §4.3). Pure.

import type { Identity } from '$lib/jmap/sending';

/** The space behind the dashes belongs to it. */
const LINE = '-- ';
const HTML_LINE = '<p>-- </p>';
/** The first line of what is carried on, in plain and in formatted text: the signature stands above it. */
const CARRIED = /^-{8,} .+ -{8,}$/m;
const HTML_CARRIED = /<p>-{8,} [^<]+ -{8,}<\/p>/;

export type Signature = Pick<Identity, 'textSignature' | 'htmlSignature'>;

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export const isSigned = (one: Signature | undefined): one is Signature => Boolean(one?.textSignature.trim());

const block = ({ textSignature }: Signature): string => `${LINE}\n${textSignature.trimEnd()}`;

function htmlBlock({ textSignature, htmlSignature }: Signature): string {
  const lines = textSignature.trimEnd().split('\n').map((line) => `<p>${escaped(line) || '<br>'}</p>`);
  return HTML_LINE + (htmlSignature ?? lines.join(''));
}

/** The text with its signature: at the end, or above what is carried on. */
export function sign(text: string, one: Signature): string {
  const at = CARRIED.exec(text)?.index;
  if (at === undefined) return `${text.trimEnd()}\n\n${block(one)}\n`;
  return `${text.slice(0, at).trimEnd()}\n\n${block(one)}\n\n${text.slice(at)}`;
}

/** The same in formatted text. */
export function signHtml(html: string, one: Signature): string {
  const at = HTML_CARRIED.exec(html)?.index ?? html.length;
  return html.slice(0, at) + htmlBlock(one) + html.slice(at);
}

/** A kept text without this signature; null when it does not have it. */
export function unsign(text: string, one: Signature): string | null {
  const at = text.indexOf(`\n${block(one)}\n`);
  if (at < 0) return null;
  const rest = text.slice(at + block(one).length + 2);
  if (!rest.trim()) return text.slice(0, at).trimEnd();
  return CARRIED.exec(rest.trimStart())?.index === 0 ? `${text.slice(0, at).trimEnd()}\n\n${rest.trimStart()}` : null;
}

/** The same in formatted text. */
export function unsignHtml(html: string, one: Signature): string | null {
  const at = html.lastIndexOf(htmlBlock(one));
  return at < 0 ? null : html.slice(0, at) + html.slice(at + htmlBlock(one).length);
}
