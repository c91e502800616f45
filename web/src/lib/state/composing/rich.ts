// Formatted text: the few elements that a message may be made of, read and written by hand, and the same in plain text
// (both are sent, RFC 2046 §5.1.4).

import DOMPurify from 'dompurify';

const INLINE = new Set(['B', 'I']);
const BLOCKS = new Set(['P', 'UL', 'OL', 'LI', 'BLOCKQUOTE']);
const SAME: Record<string, string> = { STRONG: 'B', EM: 'I', DIV: 'P', H1: 'P', H2: 'P', H3: 'P' };
const ALLOWED = ['p', 'br', 'b', 'strong', 'i', 'em', 'ul', 'ol', 'li', 'blockquote', 'a', 'div'];

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** The address of a link that may be sent; null for any other. A bare host gets a scheme. */
export function linkAddress(typed: string): string | null {
  const text = typed.trim();
  const whole = /^[a-z][a-z+.-]*:/iu.test(text) ? text : text.includes('@') ? `mailto:${text}` : `https://${text}`;
  if (!text || !URL.canParse(whole)) return null;
  const { protocol, href } = new URL(whole);
  return ['https:', 'http:', 'mailto:'].includes(protocol) ? href : null;
}

/** What stands in the editor, made of allowed elements alone. */
export function serialise(node: Node): string {
  let html = '';
  for (const child of node.childNodes) {
    if (child instanceof Text) html += escaped(child.data);
    else if (child instanceof HTMLElement) html += element(child);
  }
  return html;
}

function element(one: HTMLElement): string {
  const name = SAME[one.tagName] ?? one.tagName;
  const inside = serialise(one);
  if (name === 'BR') return '<br>';
  if (name === 'A') {
    const href = linkAddress(one.getAttribute('href') ?? '');
    return href ? `<a href="${escaped(href)}">${inside}</a>` : inside;
  }
  if (!INLINE.has(name) && !BLOCKS.has(name)) return inside;
  const tag = name.toLowerCase();
  // A browser puts lists and quotations into a paragraph; HTML does not allow that.
  if (name === 'P' && one.querySelector('p,div,ul,ol,blockquote')) return inside;
  return `<${tag}>${inside}</${tag}>`;
}

/** The same in plain text, as it is sent beside it. */
export function plain(node: Node): string {
  return blocksOf(node).join('\n').replace(/\n{3,}/gu, '\n\n').trim();
}

function blocksOf(node: Node): string[] {
  const lines: string[] = [];
  let line = '';
  const end = () => {
    if (line) lines.push(line);
    line = '';
  };
  for (const child of node.childNodes) {
    const name = child instanceof HTMLElement ? (SAME[child.tagName] ?? child.tagName) : '';
    if (name === 'BR') {
      lines.push(line);
      line = '';
    } else if (BLOCKS.has(name)) {
      end();
      lines.push(...blockLines(child as HTMLElement, name));
    } else line += inlineText(child);
  }
  end();
  return lines;
}

function blockLines(block: HTMLElement, name: string): string[] {
  const inside = blocksOf(block);
  if (name === 'BLOCKQUOTE') return [...inside.flatMap((one) => one.split('\n')).map((one) => `> ${one}`.trimEnd()), ''];
  if (name === 'LI') {
    const siblings = block.parentElement?.tagName === 'OL' ? [...block.parentElement.children] : null;
    return inside.map((one, index) => (index ? '  ' : siblings ? `${siblings.indexOf(block) + 1}. ` : '- ') + one);
  }
  return name === 'P' ? [...(inside.length ? inside : ['']), ''] : [...inside, ''];
}

function inlineText(node: Node): string {
  const text = node.textContent ?? '';
  if (!(node instanceof HTMLAnchorElement)) return text;
  const href = node.getAttribute('href') ?? '';
  return linkAddress(text) === href || text === href ? text : `${text} <${href}>`;
}

/** The editor's content from a draft: cleaned first, whoever wrote it. */
export function fromHtml(html: string): DocumentFragment {
  const fragment = DOMPurify.sanitize(html, { ALLOWED_TAGS: ALLOWED, ALLOWED_ATTR: ['href'], RETURN_DOM_FRAGMENT: true });
  return document.importNode(fragment, true);
}

/** The editor's content from plain text: one paragraph a line, quoted lines as a quotation. */
export function fromText(text: string): DocumentFragment {
  const fragment = document.createDocumentFragment();
  let quoted: HTMLElement | null = null;
  for (const line of text.split('\n')) {
    const quotation = line.startsWith('>');
    if (!quotation) quoted = null;
    else if (!quoted) fragment.append((quoted = document.createElement('blockquote')));
    const paragraph = document.createElement('p');
    const words = quotation ? line.replace(/^> ?/u, '') : line;
    paragraph.append(words || document.createElement('br'));
    (quoted ?? fragment).append(paragraph);
  }
  return fragment;
}
