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

describe('a secret in a text', () => {
  const check = async (kind, ...texts) => {
    for (const text of texts) assert.equal(await page.evaluate((words) => window.layers.secretIn(words), text), kind, text);
  };
  test('is an account number whose digits check each other', async () => {
    await check('iban', 'My account: FR76 3000 6000 0112 3456 7890 189.', 'IT60X0542811101000000123456', 'GB29NWBK60161331926819 BARCLAYS');
    await check(null, 'FR76 3000 6000 0112 3456 7890 188', 'Invoice FR7630006', '> FR76 3000 6000 0112 3456 7890 189');
  });
  test('is a card number whose digits check each other', async () => {
    await check('card', 'It is 4111 1111 1111 1111, until 12/29.', '5500-0055-5555-5559');
    await check(null, '4111 1111 1111 1112', '0000 0000 0000 0000', 'Call +33 6 12 34 56 78 or 01 44 55 66 77', '1234567890123456789012');
  });
  test('is a password that is said, in three languages, and not one that is spoken of', async () => {
    await check('password', 'The password is hunter2!', 'Mot de passe : tulipe', 'la parola d’ordine: girasole', 'password=abcd');
    await check(null, 'I forgot my password again.', 'Le mot de passe arrive par la poste.', 'password');
  });
});
