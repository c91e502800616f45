// How tall a message is likely to be. Its frame can neither run a script nor be measured from outside (that
// would take `allow-same-origin`), so the height is a guess from the tree; the frame scrolls inside.

/** As frame.ts sets them: 16 px, 1.5 lines. */
const LINE_PX = 24;
const CHARACTER_PX = 8;
/** Words that do not fit leave the end of a line empty. */
const RAGGED_PX = 20;
const BLOCK_GAP_PX = 8;
const DEPTH_MOST = 60;
const BLOCKS = new Set(['P', 'DIV', 'LI', 'UL', 'OL', 'TABLE', 'TBODY', 'THEAD', 'TFOOT', 'TR', 'TD', 'TH', 'BLOCKQUOTE', 'PRE', 'H1', 'H2', 'H3', 'H4', 'H5', 'H6', 'CENTER', 'SECTION', 'ARTICLE', 'HEADER', 'FOOTER', 'HR', 'DL', 'DD', 'DT', 'FIGURE', 'ADDRESS', 'MAIN', 'NAV', 'ASIDE', 'DETAILS']);

const INDENT_PX: Record<string, number> = { UL: 40, OL: 40, DD: 40, BLOCKQUOTE: 16 };

export function estimateHeight(root: Element, widthPx: number): number {
  return Math.ceil(measure(root, Math.max(160, widthPx), 0)) + 16;
}

function measure(element: Element, widthPx: number, depth: number): number {
  if (depth > DEPTH_MOST) return LINE_PX;
  if (element.tagName === 'TR') return row(element, widthPx, depth);
  let total = 0;
  let inlineCharacters = 0;
  const flush = () => {
    if (inlineCharacters > 0) total += Math.ceil((inlineCharacters * CHARACTER_PX) / Math.max(LINE_PX, widthPx - RAGGED_PX)) * LINE_PX;
    inlineCharacters = 0;
  };
  for (const child of element.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) inlineCharacters += (child.textContent ?? '').replace(/\s+/g, ' ').trim().length;
    if (!(child instanceof Element)) continue;
    if (child.tagName === 'BR') {
      if (inlineCharacters === 0) total += LINE_PX;
      flush();
    } else if (child.tagName === 'IMG') {
      total += imageHeight(child, widthPx);
    } else if (BLOCKS.has(child.tagName)) {
      flush();
      total += measure(child, widthPx - (INDENT_PX[child.tagName] ?? 0), depth + 1) + gap(child.tagName);
    } else if (child.querySelector('img, br, div, p, table')) {
      flush();
      total += measure(child, widthPx, depth + 1);
    } else {
      inlineCharacters += child.textContent.length;
    }
  }
  flush();
  return total;
}

/** Cells stand side by side: the tallest counts. */
function row(element: Element, widthPx: number, depth: number): number {
  const cells = [...element.children];
  const share = widthPx / Math.max(1, cells.length);
  return Math.max(LINE_PX / 2, ...cells.map((cell) => measure(cell, Math.max(80, share), depth + 1)));
}

function gap(tag: string): number {
  if (/^(?:P|BLOCKQUOTE|UL|OL|DL|PRE)$/.test(tag)) return 2 * BLOCK_GAP_PX;
  return /^H[1-6]$/.test(tag) ? 3 * BLOCK_GAP_PX : tag === 'LI' || tag === 'HR' ? BLOCK_GAP_PX / 2 : 0;
}

function imageHeight(image: Element, widthPx: number): number {
  if (!image.hasAttribute('src')) return LINE_PX;
  const height = Number.parseInt(image.getAttribute('height') ?? '', 10);
  const width = Number.parseInt(image.getAttribute('width') ?? '', 10);
  if (height > 0 && width > widthPx) return (height * widthPx) / width;
  return height > 0 ? height : 240;
}
