// Hostile messages shown to the real Chromium through some of the three layers: what ran, and what reached out.

import { HOSTILE } from '../corpus/hostile.mjs';
import { open } from './browser.mjs';
import { canary, layersScript } from './layers.mjs';
import { start } from './mock-server.mjs';

const RUN = "parent.postMessage('ran','*');window.top.ran=1";
const page = (nonce) => `<!doctype html><meta name="caliopen-nonce" content="${nonce}"><script type="module" src="/layers.js"></script><div id="stage"></div>`;

/** A page under the application's policy (`/strict`), one where everything is allowed (`/open`), and the trap. */
export async function stage() {
  const script = await layersScript();
  const server = await start({ pages: { '/layers.js': { script }, '/strict': { html: page }, '/open': { html: page, open: true } } });
  const trap = await canary();
  const corpus = HOSTILE.map(({ name, html, css }) => {
    const arm = (text) => text.replaceAll('CANARY', trap.url).replaceAll('RUN', RUN);
    return { name, html: arm(html), css: arm(css) };
  });
  const stop = () => Promise.all([server.stop(), trap.stop()]);
  return { url: server.url, trap, corpus, stop };
}

/** How a message comes into the page; each runs there. The server's layer is what the sample went through before. */
export const SHOWN = {
  /** The sanitiser and the frame, as the application shows a message. */
  sanitisedInFrame: ({ html, css }) => {
    const { fill, frameDocument, pageNonce, sanitise, SANDBOX } = window.layers;
    const frame = document.createElement('iframe');
    frame.setAttribute('sandbox', SANDBOX);
    fill(frame, frameDocument(sanitise(html, css, { inside: new Map(), elsewhere: new Map() }), 'paper', pageNonce(), 'en'));
    document.querySelector('#stage').replaceChildren(frame);
  },
  /** The frame, with what it is given. */
  inFrame: ({ html, css }) => {
    const { fill, frameDocument, pageNonce, SANDBOX } = window.layers;
    const frame = document.createElement('iframe');
    frame.setAttribute('sandbox', SANDBOX);
    fill(frame, frameDocument({ html, css }, 'paper', pageNonce(), 'en'));
    document.querySelector('#stage').replaceChildren(frame);
  },
  /** The sanitiser, then a frame of our own origin where everything would be allowed. */
  sanitised: ({ html, css }) => {
    const safe = window.layers.sanitise(html, css, { inside: new Map(), elsewhere: new Map() });
    const frame = document.createElement('iframe');
    frame.srcdoc = `<style>${safe.css}</style>${safe.html}`;
    document.querySelector('#stage').replaceChildren(frame);
  },
  /** Neither: to know that the corpus bites, or what the server's layer does alone. */
  bare: ({ html, css }) => {
    const frame = document.createElement('iframe');
    frame.srcdoc = `<style>${css}</style>${html}`;
    document.querySelector('#stage').replaceChildren(frame);
  },
};

/**
 * Shows each sample by `show` in the page at `path`; what ran, and what reached the trap, by name. A request that the
 * policy stops never connects. `countHints` counts connections that carry no request as well.
 */
export async function expose(browser, { url, trap }, path, show, corpus, countHints = true) {
  const { context, page } = await open(browser);
  await page.goto(url + path);
  await page.waitForFunction(() => 'layers' in window);
  await page.evaluate(() => {
    window.heard = [];
    window.addEventListener('message', (event) => window.heard.push(event.data));
  });
  const guilty = [];
  for (const sample of corpus) {
    const connected = trap.connections.length;
    await page.evaluate(show, sample);
    await page.mouse.move(40, 40);
    await page.mouse.move(60, 60);
    await page.waitForTimeout(90);
    const ran = await page.evaluate(() => window.heard.length > 0 || window.ran === 1);
    const reached = trap.connections.slice(connected).filter((what) => countHints || what !== 'connected');
    if (ran || reached.length) guilty.push([sample.name, { ran, reached }]);
    await page.evaluate(() => {
      window.heard = [];
      delete window.ran;
    });
  }
  await context.close();
  return guilty;
}
