// The third layer: a document that can run nothing, fetch nothing and reach nothing. It is shown in a frame with
// SANDBOX, and carries a policy of its own on top of the page's, which it inherits (CSP 3 §7.8).

import { trustedDocument } from '$lib/trusted';

/** Links open in a new tab of their own; nothing else is allowed. Never add `allow-scripts` or `allow-same-origin`. */
export const SANDBOX = 'allow-popups allow-popups-to-escape-sandbox';

export interface FrameContent {
  html: string;
  css: string;
}

/** `natural`: no colours of its own, takes ours · `paper`: as designed, on white · `dimmed`: turned dark. */
export type Paint = 'natural' | 'natural-dark' | 'paper' | 'dimmed';

const PAINT: Record<Paint, string> = {
  natural: ':root{color-scheme:light;background:#fffefb;color:#1f2423}a{color:#0f5e56}',
  'natural-dark': ':root{color-scheme:dark;background:#1b1f23;color:#eceae4}a{color:#6fd0c0}',
  paper: ':root{color-scheme:light;background:#fff;color:#1f2423}a{color:#0f5e56}',
  dimmed: ':root{color-scheme:light;background:#fff;color:#1f2423;filter:invert(.9) hue-rotate(180deg)}img[src]{filter:invert(1) hue-rotate(180deg)}a{color:#0f5e56}',
};
const BASE = `html{overflow-wrap:anywhere}body{margin:0;padding:4px 2px;font:16px/1.5 system-ui,sans-serif}
img{max-width:min(100%,calc(100vw - 8px));height:auto}table{max-width:100%}pre{white-space:pre-wrap}blockquote{margin:.6em 0;padding-left:.8em;border-left:3px solid #8886}
.caliopen-blocked{display:inline-block;width:auto!important;height:auto!important;min-width:2em;min-height:1.4em;max-height:3em;border:1px dashed #8889;border-radius:4px;font-size:12px}
.caliopen-lies{outline:2px solid #c4520a;outline-offset:1px}
mark{background:#ffe9a8;color:#1f2423;border-radius:3px}
:focus-visible{outline:3px solid #0b4fa8}`;

/** The whole document of one body. `nonce` is that of the page, whose policy holds in the frame too. */
export function frameDocument(content: FrameContent, paint: Paint, nonce: string, language: string): string {
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; img-src data:; form-action 'none'; base-uri 'none'`;
  return `<!doctype html><html lang="${quote(language)}"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${quote(policy)}"><meta name="referrer" content="no-referrer"><style nonce="${quote(nonce)}">${BASE}${PAINT[paint]}
${content.css}</style></head><body>${content.html}</body></html>`;
}

const quote = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

export const pageNonce = (): string =>
  document.querySelector<HTMLMetaElement>('meta[name="caliopen-nonce"]')?.content ?? '';

/** Puts a document into a frame. */
export function fill(frame: HTMLIFrameElement, text: string): void {
  frame.srcdoc = trustedDocument(text);
}
