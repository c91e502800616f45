// Hostile mail with each of the three layers off in turn, the server's among them, and the other two on: the whole corpus
// goes through the real binary as mail, and into the real Chromium. Nothing runs, and nothing is fetched.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch } from '../tests/support/browser.mjs';
import { expose, SHOWN, stage } from '../tests/support/expose.mjs';
import { policy } from '../tests/support/mock-server.mjs';
import { inspect, startCaliopen } from './support/caliopen.mjs';

let theatre, browser, cleaned;
before(async () => {
  theatre = await stage();
  cleaned = theatre.corpus.map(byServer);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await theatre?.stop();
});

/** A sample as a message of its own, and what the server's layer leaves of it. */
function byServer({ name, html, css }) {
  const page = Buffer.from(`<html><head><style>${css}</style></head><body>${html}</body></html>`).toString('base64');
  const head = 'From: News <news@sender.test>\r\nTo: alice@example.org\r\nSubject: Offers\r\nMIME-Version: 1.0\r\n';
  const type = 'Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n';
  const { bodies } = inspect(`${head}${type}\r\n${page.replace(/.{76}/g, '$&\r\n')}\r\n`);
  const parts = bodies.filter((body) => body.type === 'html');
  return { name, html: parts.map((body) => body.html).join(''), css: parts.map((body) => body.css).join('') };
}
const guilty = (path, show, corpus) => expose(browser, theatre, path, show, corpus);

describe('hostile mail does nothing', () => {
  test('with every layer on', async () => assert.deepEqual(await guilty('/strict', SHOWN.sanitisedInFrame, cleaned), []));
  test('without the server’s layer', async () => assert.deepEqual(await guilty('/strict', SHOWN.sanitisedInFrame, theatre.corpus), []));
  test('without the sanitiser', async () => assert.deepEqual(await guilty('/strict', SHOWN.inFrame, cleaned), []));
  test('without the frame and its policy', async () => assert.deepEqual(await guilty('/open', SHOWN.sanitised, cleaned), []));
  test('behind the server’s layer alone', async () => assert.deepEqual(await guilty('/open', SHOWN.bare, cleaned), []));
});

test('what is harmless passes the server’s layer: it does not hold by showing nothing', () => {
  const { html, css } = byServer({ name: 'letter', html: '<h1 class="x">Hello</h1><p>A <b>letter</b> with a <a href="https://a.example/">link</a>.</p>', css: '.x{color:red}' });
  assert.match(html, /Hello/);
  assert.match(html, /<b>letter<\/b>/);
  assert.match(html, /href="https:\/\/a\.example\/"/);
  assert.match(css, /color:\s*red/);
});

test('the policy of these tests is the one that the server sends', async () => {
  const server = await startCaliopen();
  try {
    const answer = await fetch(new URL(server.url).origin);
    const sent = answer.headers.get('Content-Security-Policy');
    const nonce = /'nonce-([^']+)'/.exec(sent)?.[1];
    assert.ok((await answer.text()).includes(nonce), 'the page carries its nonce');
    assert.equal(sent.replace(/\s+/g, ' '), policy(nonce));
  } finally {
    await server.stop();
  }
});
