// Reading hostile mail: nothing runs and nothing is fetched, with each layer that is ours off in turn. The server's layer
// is off throughout, which is harder than the promise: the sanitiser and the frame each have to hold alone. With the
// server's layer on, the same corpus stands in journeys/layers.test.mjs.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, open } from './support/browser.mjs';
import { expose, SHOWN, stage } from './support/expose.mjs';

let theatre, browser;
before(async () => {
  theatre = await stage();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await theatre?.stop();
});
const guilty = (path, show, countHints = true) => expose(browser, theatre, path, show, theatre.corpus, countHints);

describe('hostile mail', () => {
  test('bites where no layer stands', async () => {
    const found = await guilty('/open', SHOWN.bare);
    assert.ok(found.length > theatre.corpus.length / 2, `only ${found.length} of ${theatre.corpus.length} did anything`);
    assert.ok(found.some(([, what]) => what.ran));
  });
  test('does nothing behind the sanitiser and the frame', async () => assert.deepEqual(await guilty('/strict', SHOWN.sanitisedInFrame), []));
  test('does nothing behind the frame alone', async () => {
    // The browser may connect ahead of a frame or a link that the policy then stops. No policy can forbid that,
    // which is why both layers before this one remove those elements.
    assert.deepEqual(await guilty('/strict', SHOWN.inFrame, false), []);
  });
  test('does nothing behind the sanitiser alone', async () => assert.deepEqual(await guilty('/open', SHOWN.sanitised), []));
});

describe('the sanitiser', () => {
  const run = async (script, ...values) => {
    const { context, page } = await open(browser);
    await page.goto(`${theatre.url}/strict`);
    await page.waitForFunction(() => 'layers' in window);
    const result = await page.evaluate(script, values);
    await context.close();
    return result;
  };
  const clean = (html, css = '') => run(([h, c]) => {
    const { html, css, lies } = window.layers.sanitise(h, c, { inside: new Map([[0, 'data:image/png;base64,AAAA']]), elsewhere: new Map([[0, 'data:image/png;base64,BBBB']]) });
    return { html, css, lies };
  }, html, css);

  test('keeps what a letter needs', async () => {
    const { html } = await clean('<h1 class="m1-a">Hi</h1><table width="600"><tbody><tr><td colspan="2">x</td></tr></tbody></table>');
    assert.equal(html, '<h1 class="m1-a">Hi</h1><table width="600"><tbody><tr><td colspan="2">x</td></tr></tbody></table>');
  });
  test('shows inline pictures from the message alone', async () => {
    const { html } = await clean('<img data-cid="0" src="https://x.example/a.png" alt="logo"><img data-cid="7"><img src="data:image/png;base64,AA">');
    assert.match(html, /<img data-cid="0" alt="logo" src="data:image\/png;base64,AAAA">/);
    assert.equal(html.match(/ src=/g).length, 1);
  });
  test('shows pictures from elsewhere that were put into its hands, and no other', async () => {
    const { html } = await clean('<img data-remote="0" src="https://x.example/a.png" alt="map"><img data-remote="1" alt="gone"><img data-remote="" alt="beacon">');
    assert.match(html, /<img data-remote="0" alt="map" src="data:image\/png;base64,BBBB">/);
    assert.equal(html.match(/ src=/g).length, 1);
  });
  test('says where a link lies', async () => {
    const { lies, html } = await clean('<a href="https://evil.example/x">https://www.bank.example/login</a><a href="https://shop.example">shop.example</a><a href="https://news.shop.example">Shop.example!</a>');
    assert.deepEqual(lies, [{ shown: 'bank.example', real: 'evil.example' }]);
    assert.match(html, /rel="noopener noreferrer"/);
  });
  test('writes the style sheet again from its tree', async () => {
    const { css } = await clean('', '.m1-a{color:red;background-image:url(x)}@import "y";@media (width < 600px){.m1-b{padding:1px}}.m1-c{position:fixed;margin:0px}a::after{content:"</style>"}');
    assert.equal(css, '.m1-a{color:red}\n@media (width < 600px){.m1-b{padding-top:1px;padding-right:1px;padding-bottom:1px;padding-left:1px}}\n.m1-c{margin-top:0px;margin-right:0px;margin-bottom:0px;margin-left:0px}\na::after{content:"<\\/style>"}');
  });
});
