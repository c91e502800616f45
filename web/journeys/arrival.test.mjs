// First start → receive → read → why, in the real Chromium against the real server, in each language.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { HOSTILE } from '../tests/corpus/hostile.mjs';
import { tabs } from '../tests/support/tabs.mjs';
import { canary } from '../tests/support/layers.mjs';
import { deliver, startCaliopen } from './support/caliopen.mjs';

const ALICE = 'alice@example.org';
const PASSWORD = 'four unrelated words here';
const LETTER = `From: Bob Keller <bob@sender.test>
To: ${ALICE}
Subject: The lighthouse
Message-ID: <1@sender.test>
Date: Sun, 22 Nov 2026 10:00:00 +0000

The keeper says that we may climb it on Sunday.
`;

const LEVEL = { en: 'Postcard', fr: 'Carte postale', it: 'Cartolina' };

const WORDS = fileURLToPath(new URL('../src/lib/i18n/', import.meta.url));
/** Every word of a language: those of a room stand in a folder of its own. */
const catalogueOf = (language) => readdirSync(WORDS, { recursive: true })
  .filter((file) => basename(file) === `${language}.ts`)
  .map((file) => readFileSync(join(WORDS, file), 'utf8'))
  .join('\n');

/** What the application calls a thing, from its own catalogue. */
function word(language, key) {
  const catalogue = catalogueOf(language);
  const found = catalogue.match(new RegExp(`^  ${key}: '(.*)',$`, 'm'));
  assert.ok(found, `${language} has no ${key}`);
  return found[1];
}

const session = tabs();

async function arrive(language = 'en') {
  const server = await startCaliopen();
  session.atEnd(server.stop);
  const tab = await session.open({ locale: language });
  await tab.page.goto(server.url);
  await tab.page.locator('input[name=username]').fill(ALICE);
  await tab.page.locator('input[type=password]').fill(PASSWORD);
  await tab.page.getByRole('combobox').selectOption(language);
  await tab.page.getByRole('button', { name: word(language, 'create_account') }).click();
  await tab.page.getByRole('button', { name: word(language, 'skip_cards') }).click();
  await confirmRecoveryCode(tab.page, language);
  await tab.page.locator('nav').first().waitFor();
  return { server, ...tab };
}

/** Types back the part of the code that the screen asks for. */
async function confirmRecoveryCode(page, language) {
  const code = (await page.locator('.code').innerText()).replace(/\s/g, '');
  await page.locator('#tail').fill(code.split('-').at(-1));
  await page.getByRole('button', { name: word(language, 'recovery_confirm') }).click();
}

describe('first start, receive, read, why', () => {
  for (const language of ['en', 'fr', 'it']) {
    test(`in ${language}: a letter appears by itself, is read, and its index is explained`, async () => {
      const { server, page, complaints } = await arrive(language);
      await deliver(server.smtpPort, ALICE, LETTER);
      const row = page.locator('[data-row]').first();
      await row.waitFor({ timeout: 3_000 });
      const shown = await row.locator('xpath=ancestor-or-self::*[contains(@class,"row")]').first().innerText();
      assert.match(shown, /Bob Keller/);
      assert.match(shown, new RegExp(LEVEL[language]));
      await row.click();
      await page.getByText('The keeper says that we may climb it on Sunday.').last().waitFor();
      await page.getByRole('button', { name: word(language, 'why_title') }).first().click();
      const panel = page.getByRole('dialog').or(page.getByRole('complementary')).last();
      await panel.getByText(LEVEL[language]).first().waitFor();
      assert.match(await panel.innerText(), /127\.0\.0\.1|sender\.test/, 'who carried it is named');
      assert.deepEqual(complaints.filter((text) => !/401/.test(text)), []);
    });
  }

  test('an answer to one person alone is said in the group, and leads to them', async () => {
    const { server, page } = await arrive();
    const letter = (to, id, more, text) => `From: Bob Keller <bob@sender.test>\nTo: ${to}\nSubject: The winter concert\nMessage-ID: <${id}@sender.test>\n${more}Date: Sun, 22 Nov 2026 10:00:00 +0000\n\n${text}\n`;
    await deliver(server.smtpPort, ALICE, letter(`${ALICE}, Carol Duval <carol@elsewhere.test>`, 'all', '', 'Shall we say nine for the break?'));
    await page.locator('[data-row]').first().click();
    await page.getByText('Shall we say nine').last().waitFor();
    await deliver(server.smtpPort, ALICE, letter(ALICE, 'one', 'In-Reply-To: <all@sender.test>\nReferences: <all@sender.test>\n', 'Between us: nine is too early.'));
    const stub = page.getByRole('link', { name: /^Bob Keller answered only you/ });
    await stub.waitFor();
    await stub.click();
    await page.getByText('Between us: nine is too early.').last().waitFor();
    await page.getByRole('link', { name: /^This continues the conversation with/ }).waitFor();
  });

  test('the page works on the loopback address, after a reload, and after signing out', async () => {
    const { server, page } = await arrive();
    await page.reload();
    await page.locator('nav').first().waitFor();
    await page.goto(`${new URL(server.url).origin}/#/settings/entry`);
    await page.getByRole('button', { name: /sign out/i }).first().click();
    await page.locator('input[name=username]').waitFor();
    const state = await page.evaluate(async () => (await fetch('/.well-known/jmap')).status);
    assert.equal(state, 401);
  });
});

describe('a hostile newsletter through every layer', () => {
  test('nothing runs and nothing is fetched', async () => {
    const trap = await canary();
    session.atEnd(trap.stop);
    const { server, page, requests } = await arrive();
    const run = "parent.postMessage('ran','*');window.top.ran=1";
    const arm = (text) => text.replaceAll('CANARY', trap.url).replaceAll('RUN', run);
    const html = HOSTILE.map((sample) => `<style>${arm(sample.css)}</style>${arm(sample.html)}`).join('\n<hr>\n');
    const body = Buffer.from(`<html><body>${html}<p>The end of the newsletter.</p></body></html>`).toString('base64');
    const mail = `From: News <news@sender.test>\nTo: ${ALICE}\nSubject: Offers\nMessage-ID: <2@sender.test>\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n${body.replace(/.{76}/g, '$&\n')}\n`;
    await page.evaluate(() => {
      window.heard = [];
      window.addEventListener('message', (event) => window.heard.push(event.data));
    });
    await deliver(server.smtpPort, ALICE, mail);
    await page.locator('[data-row]').first().click();
    await page.locator('iframe').first().waitFor();
    await page.waitForTimeout(1_500);
    await page.mouse.move(800, 400);
    assert.deepEqual(await page.evaluate(() => [window.heard, window.ran]), [[], undefined]);
    assert.deepEqual(trap.connections, []);
    const origin = new URL(server.url).origin;
    const elsewhere = requests.filter((url) => !url.startsWith(origin) && !/^(data|about|blob):/.test(url));
    assert.deepEqual(elsewhere, []);
    await page.getByText(/blocked/i).first().waitFor();
  });
});
