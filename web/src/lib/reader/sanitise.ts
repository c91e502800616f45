// The second layer: DOMPurify over what the server already made safe. It trusts nothing that came before it:
// the corpus of tests/reader.test.mjs passes through it alone as well.

import DOMPurify, { type Config } from 'dompurify';
import { cleanCss } from './css';
import { estimateHeight } from './height';
import { highlightTree, type Sought } from './highlight';
import { inspect, mismatch } from './links';

export interface SafeDocument {
  html: string;
  css: string;
  /** Pixels that the content is likely to need at a width. */
  height: (widthPx: number) => number;
  /** Links whose text names another host than the one they open. */
  lies: { shown: string; real: string }[];
  /** The message sets colours of its own: it expects paper. */
  coloured: boolean;
}

const TAGS = [
  'a', 'abbr', 'address', 'article', 'aside', 'b', 'bdi', 'bdo', 'big', 'blockquote', 'br', 'caption', 'center', 'cite',
  'code', 'col', 'colgroup', 'dd', 'del', 'details', 'dfn', 'div', 'dl', 'dt', 'em', 'figcaption', 'figure', 'font',
  'footer', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'header', 'hr', 'i', 'img', 'ins', 'kbd', 'li', 'main', 'mark', 'nav',
  'ol', 'p', 'pre', 'q', 's', 'samp', 'section', 'small', 'span', 'strike', 'strong', 'sub', 'summary', 'sup', 'table',
  'tbody', 'td', 'tfoot', 'th', 'thead', 'time', 'tr', 'tt', 'u', 'ul', 'var', 'wbr',
];
const ATTRIBUTES = [
  'align', 'alt', 'bgcolor', 'border', 'bordercolor', 'cellpadding', 'cellspacing', 'class', 'color', 'colspan',
  'data-cid', 'data-mismatch', 'data-remote', 'datetime', 'dir', 'face', 'height', 'href', 'hspace', 'id', 'lang',
  'nowrap', 'open', 'reversed', 'rowspan', 'scope', 'size', 'span', 'start', 'title', 'type', 'valign', 'value',
  'vspace', 'width',
];
const CONFIG: Config & { RETURN_DOM: true } = {
  ALLOWED_TAGS: TAGS,
  ALLOWED_ATTR: ATTRIBUTES,
  ALLOW_ARIA_ATTR: false,
  ALLOW_DATA_ATTR: false,
  ALLOW_UNKNOWN_PROTOCOLS: false,
  // A known scheme, or no scheme at all: this is asked of every attribute, not of links alone.
  ALLOWED_URI_REGEXP: /^(?:(?:https?|mailto|tel):|[^a-z]|[a-z+.-]+(?:[^a-z+.\-:]|$))/i,
  RETURN_DOM: true,
};

/** Pictures as data URLs: those that came with the message by their place in `contentIds`, and those from elsewhere by theirs. */
export interface Images {
  inside: ReadonlyMap<number, string>;
  elsewhere: ReadonlyMap<number, string>;
}

/** Makes a message's HTML safe to stand in its frame; `sought` is marked. */
export function sanitise(html: string, css: string, images: Images, sought: readonly Sought[] = []): SafeDocument {
  // Null when nothing at all is left, as of a frameset.
  const body = (DOMPurify.sanitize(html, CONFIG) as unknown as HTMLElement | null) ?? document.createElement('body');
  const lies: SafeDocument['lies'] = [];
  for (const link of body.querySelectorAll('a')) settleLink(link, lies);
  for (const image of body.querySelectorAll('img')) settleImage(image, images);
  highlightTree(body, sought);
  const clean = cleanCss(css);
  return {
    html: body.innerHTML,
    css: clean,
    height: (widthPx) => estimateHeight(body, widthPx),
    lies,
    coloured: /(?:^|[;{])\s*(?:background|color)\b/.test(clean) || body.querySelector('[bgcolor],font[color]') !== null,
  };
}

function settleLink(link: HTMLAnchorElement, lies: SafeDocument['lies']): void {
  const found = inspect(link.getAttribute('href') ?? '');
  if (!found) {
    link.removeAttribute('href');
    return;
  }
  link.setAttribute('href', found.href);
  link.setAttribute('target', '_blank');
  link.setAttribute('rel', 'noopener noreferrer');
  link.setAttribute('title', found.href);
  const shown = mismatch(link.textContent, found);
  if (!shown && !link.hasAttribute('data-mismatch')) return;
  link.classList.add('caliopen-lies');
  lies.push({ shown: shown ?? link.textContent.trim().slice(0, 80), real: found.host });
}

/** An image shows what was put into our hands, or nothing: its own source is never used. */
function settleImage(image: HTMLImageElement, images: Images): void {
  image.removeAttribute('src');
  const source = sourceOf(image, 'data-cid', images.inside) ?? sourceOf(image, 'data-remote', images.elsewhere);
  if (source) image.setAttribute('src', source);
  else image.classList.add('caliopen-blocked');
}

function sourceOf(image: HTMLImageElement, name: string, known: ReadonlyMap<number, string>): string | undefined {
  const place = image.getAttribute(name);
  return place ? known.get(Number(place)) : undefined;
}
