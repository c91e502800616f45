// Plain text and words: pure functions, in the real browser that runs them.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { functionsPage } from './support/functions.mjs';

let page, close;
before(async () => ({ page, close } = await functionsPage()));
after(() => close?.());

describe('links in plain text', () => {
  const check = async (text, expected) => {
    const pieces = await page.evaluate((words) => window.layers.linkify(words), text);
    assert.equal(pieces.map((piece) => piece.text).join(''), text, 'no character is lost');
    assert.deepEqual(pieces.filter((piece) => piece.link).map((piece) => [piece.text, piece.link.href, piece.link.doubts]), expected);
  };
  test('are found without the punctuation of the sentence', async () => {
    await check('See https://a.example/b_(c), or www.d.example.', [['https://a.example/b_(c)', 'https://a.example/b_(c)', []], ['www.d.example', 'https://www.d.example/', []]]);
    await check('(https://a.example/x) <https://b.example>', [['https://a.example/x', 'https://a.example/x', []], ['https://b.example', 'https://b.example/', []]]);
    await check('Write to ana@example.org!', [['ana@example.org', 'mailto:ana@example.org', []]]);
  });
  test('never run anything', async () => {
    await check('javascript:alert(1) data:text/html,x <script>alert(1)</script> vbscript:x', []);
    await check('https://"onmouseover="x', []);
  });
  test('are doubted when they pretend', async () => {
    await check('http://bank.example@203.0.113.9/', [['http://bank.example@203.0.113.9/', 'http://bank.example@203.0.113.9/', ['user-info', 'address-number']]]);
    await check('https://раypal.example/', [['https://раypal.example/', 'https://xn--ypal-43d9g.example/', ['punycode', 'mixed-scripts']]]);
    await check('https://a.example/\u202Egpj.exe', [['https://a.example/\u202Egpj.exe', 'https://a.example/%E2%80%AEgpj.exe', ['direction']]]);
  });
  test('cost no more than the text is long', async () => {
    const ms = await page.evaluate(() => {
      const began = performance.now();
      for (const seed of ['a@a.', 'https://', 'www.a', '(', '.@', 'a.b-c+']) window.layers.linkify(seed.repeat(40_000));
      return performance.now() - began;
    });
    assert.ok(ms < 3_000, `${ms} ms`);
  });
});

test('quotations are cut out by their lines', async () => {
  const found = await page.evaluate(() => window.layers.blocks('Yes.\n\n> one\n> two\n\nBye', [[2, 4]]));
  assert.deepEqual(found, [{ quoted: false, text: 'Yes.', lines: 1 }, { quoted: true, text: '> one\n> two', lines: 2 }, { quoted: false, text: 'Bye', lines: 1 }]);
});
