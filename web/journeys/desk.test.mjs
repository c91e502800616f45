// By keyboard alone, in Italian: read, answer with a template and a signature, send, take back, send. On a phone, in
// English: carry a message on with its file. The real Chromium against the real server.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { tabs } from '../tests/support/tabs.mjs';
import { deliver, startCaliopen } from './support/caliopen.mjs';

const GIULIA = 'giulia@example.org';
const ALIAS = 'coro@example.org';
const BOB = 'bob@example.org';
const PASSWORD = 'four unrelated words here';
const ARRIVES_MS = 40_000;
const LETTER = `From: Ana Moreau <ana@sender.test>
To: ${ALIAS}
Subject: Le prove di martedi
Message-ID: <prove@sender.test>
Date: Sun, 22 Nov 2026 10:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

Vieni martedi alle nove?
--b
Content-Type: text/plain; name="orari.txt"
Content-Disposition: attachment; filename="orari.txt"

martedi, ore 21
--b--
`;
const session = tabs();

/** What an administrator says on the command line, beside the running server. */
function administer(data, words, input = '') {
  const { status, stderr } = spawnSync(process.env.CALIOPEN_PROGRAM, ['--data', data, ...words], { input, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
}

async function host() {
  const server = await startCaliopen();
  session.atEnd(server.stop);
  administer(server.data, ['domain', 'add', 'example.org']);
  administer(server.data, ['account', 'add', GIULIA, '--language', 'it'], `${PASSWORD}\n`);
  administer(server.data, ['account', 'add', BOB, '--language', 'en'], `${PASSWORD}\n`);
  administer(server.data, ['account', 'alias', 'add', GIULIA, ALIAS]);
  await deliver(server.smtpPort, ALIAS, LETTER);
  return server;
}

async function signIn(server, address, options) {
  const tab = await session.open(options);
  const { page } = tab;
  const { origin } = new URL(server.url);
  await page.goto(origin);
  await page.locator('input[name=username]').fill(address);
  await page.locator('input[type=password]').fill(PASSWORD);
  await Promise.all([page.waitForResponse((answer) => answer.url().endsWith('/auth/login') && answer.ok()), page.locator('input[type=password]').press('Enter')]);
  await page.goto('about:blank');
  await page.goto(`${origin}/#/inbox`);
  await page.locator('section.list').waitFor();
  return tab;
}
const harmless = (complaints) => complaints.filter((one) => !/401/.test(one));

describe('around the letters', () => {
  test('keys alone, in Italian: a signature, a template, an answer that is taken back and sent', async () => {
    const server = await host();
    const { page, complaints } = await signIn(server, GIULIA, { locale: 'it' });
    await page.locator('[data-row]').first().waitFor();

    await page.keyboard.press('Control+k');
    await page.keyboard.type('scrittura');
    await page.locator('dialog [role=option]').first().waitFor();
    await page.keyboard.press('Enter');
    const form = page.locator('.identity').filter({ hasText: ALIAS });
    await form.getByLabel('Firma', { exact: true }).focus();
    await page.keyboard.type('Giulia, contralto');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText(`Salvato per ${ALIAS}.`).waitFor();

    await page.keyboard.press('Control+k');
    await page.keyboard.type('modelli');
    await page.locator('dialog [role=option]').first().waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Nuovo modello' }).focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Nome del modello').waitFor();
    await page.keyboard.type('Grazie');
    await page.getByLabel('Testo', { exact: true }).focus();
    await page.keyboard.type('Grazie mille, ci sarò!');
    await page.getByRole('button', { name: 'Salva', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Modello «Grazie» salvato.').waitFor();

    await page.keyboard.press('Control+k');
    await page.keyboard.type('ana moreau');
    await page.locator('dialog [role=option]').first().waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.card').getByText('Vieni martedi alle nove?').waitFor();
    await page.keyboard.press('r');
    const text = page.locator('.composer textarea');
    await text.waitFor();
    await page.locator('.signature').getByText('Giulia, contralto').waitFor();
    await page.keyboard.type('Ciao Ana. ;graz');
    await page.locator('.meant kbd').waitFor();
    await page.keyboard.press('Tab');
    await page.locator('.save[data-state=saved]').waitFor();
    await page.keyboard.press('Control+Enter');
    await page.locator('.toast').filter({ hasText: 'Inviato a' }).waitFor();
    await page.keyboard.press('z');
    await text.waitFor();
    assert.equal(await text.inputValue(), 'Ciao Ana. Grazie mille, ci sarò!', 'the signature is apart again');
    await page.locator('.save[data-state=saved]').waitFor();
    await page.keyboard.press('Control+Enter');
    const mine = page.locator('.card.mine');
    await mine.getByText('Grazie mille, ci sarò!').waitFor();
    await mine.getByText('Giulia, contralto').waitFor();
    assert.deepEqual(harmless(complaints), []);
  });

  test('a phone, in English: a message goes on with its file', async () => {
    const server = await host();
    const { page, complaints } = await signIn(server, GIULIA, { locale: 'en', viewport: { width: 380, height: 780 }, hasTouch: true });
    await page.goto(`${new URL(server.url).origin}/#/settings/looks`);
    await page.locator('#set-language').selectOption('en');
    await page.getByRole('heading', { level: 1, name: 'Language and looks' }).waitFor();
    await page.goto(`${new URL(server.url).origin}/#/inbox`);
    await page.locator('[data-row]').first().tap();
    await page.locator('.card .text').waitFor();
    await page.locator('.card [aria-haspopup=menu]').tap();
    await page.getByRole('menuitem', { name: 'Forward' }).tap();
    const to = page.getByRole('combobox', { name: 'To' });
    await to.fill(BOB);
    await to.press('Enter');
    await page.locator('.composer').getByText('orari.txt').waitFor();
    assert.ok((await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth)) <= 0);
    await page.locator('.composer .send').tap();
    await page.getByText(`Sent to ${BOB}`).waitFor();

    const bob = await signIn(server, BOB, { locale: 'en' });
    await bob.page.locator('[data-row]').first().waitFor({ timeout: ARRIVES_MS });
    await bob.page.locator('[data-row]').first().click();
    await bob.page.locator('.card summary').click();
    await bob.page.locator('.card').getByText('Vieni martedi alle nove?').waitFor();
    await bob.page.locator('.card button.look').filter({ hasText: 'orari.txt' }).click();
    await bob.page.getByRole('dialog').getByText('martedi, ore 21').waitFor();
    assert.deepEqual([...harmless(complaints), ...harmless(bob.complaints)], []);
  });
});
