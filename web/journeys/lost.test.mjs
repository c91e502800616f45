// Una via che perde la sua prova, in italiano: il primo messaggio va a un host che il suo DNS firmato descrive (DANE); poi
// l'host mostra un altro certificato. Niente parte senza protezione: il messaggio aspetta, e lo si dice; chi scrive ancora
// è interrotto una volta; quando l'host è riparato, tutto è consegnato. Knot and Postfix are real.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { tabs } from '../tests/support/tabs.mjs';
import { startCaliopen } from './support/caliopen.mjs';
import { startPeers } from './support/peers.mjs';
import { begin, PATIENCE_MS } from './support/person.mjs';

const GIULIA = 'giulia@scuola.test';
const HOST = 'mx.scuola.test';
/** The queue's first wait is a minute. */
const SECOND_TRY_MS = 60_000 + PATIENCE_MS;
/** A connection that was proven stays so, and is used again for 20 s: what comes later is a new one. */
const LEFT_MS = 26_000;

const session = tabs();

/** A school whose signed DNS describes the certificate of its mail host. */
async function world() {
  const peers = startPeers();
  session.atEnd(peers.stop);
  const folder = await mkdtemp(join(tmpdir(), 'caliopen-journey-'));
  session.atEnd(() => rm(folder, { recursive: true }));
  const address = await peers.say(`postfix ${HOST} tls scuola.test`);
  await peers.zone('scuola.test', 'signed', [`record @ MX 10 ${HOST}.`, 'record mx A 1.1.1.1', `describe _25._tcp.mx ${HOST}`]);
  const dns = await peers.say(`dns ${folder}/anchors`);
  const server = await startCaliopen(`[dns]\nservers = ["${dns}"]\ntrust_anchors = "${folder}/anchors"\n[deliver.hosts]\n"${HOST}" = "${address}"\n`);
  session.atEnd(server.stop);
  const tab = await session.open({ locale: 'it-IT' });
  await begin(tab, server.url);
  return { peers, ...tab };
}

const text = (page) => page.locator('.composer textarea');
async function write(page, words) {
  await text(page).fill(words);
  await page.locator('.save[data-state=saved]').waitFor();
}
const send = (page) => text(page).press('Control+Enter');
const card = (page, words) => page.locator('.card.mine').filter({ hasText: words });

test('una via che perde DANE: interrotta una volta, rimandata, detta; poi consegnata', async () => {
  const { page, peers, complaints } = await world();
  const line = page.locator('.interruption');

  await page.keyboard.press('c');
  const to = page.locator('.composer [role=combobox]').first();
  await to.fill(GIULIA);
  await to.press('Enter');
  await page.getByLabel('Oggetto').fill('Il faro');
  await write(page, 'Saliamo domenica?');
  const expected = await page.locator('.bar button.route b').innerText();
  assert.match(expected, /^In viaggio ~?19$/);
  await send(page);
  await card(page, 'Saliamo domenica?').locator('.fate .delivered').click({ timeout: PATIENCE_MS });
  assert.match(await page.locator('li.delivered').innerText(), /consegnato a mx\.scuola\.test alle \d{2}:\d{2}, con TLS, a un host che ha provato il suo nome/i);
  await page.keyboard.press('Escape');

  await peers.say(`turn ${HOST}`);
  await page.waitForTimeout(LEFT_MS);
  await page.locator('.answer .line').click();
  await write(page, 'Porto io il pane.');
  assert.equal(await line.count(), 0, 'nobody knows yet');
  await send(page);
  await card(page, 'Porto io il pane.').locator('.fate').getByText('Nuovo tentativo').click({ timeout: PATIENCE_MS });
  const said = await page.locator('li.deferred').innerText();
  assert.match(said, /nuovo tentativo alle \d{2}:\d{2}: scuola\.test vuole la cifratura, e l’host non ha potuto provare chi è/i);
  assert.match(said, /Aspetta invece di partire senza protezione\. Di’ loro che il loro host ha un certificato sbagliato\./);
  await page.keyboard.press('Escape');
  // What a reload would wipe out.
  await page.evaluate(() => (window.sameDocument = true));

  await page.locator('.answer .line').click();
  await write(page, 'E il formaggio.');
  await line.getByText(/^L’host di giulia@scuola\.test non prova più chi è, come faceva fino al .*aspetta invece di partire senza protezione\.$/).waitFor();
  await page.locator('.bar .wrong').getByText('scuola.test non prova chi è').waitFor();
  await line.getByRole('button', { name: 'Lascia così' }).click();
  await line.waitFor({ state: 'detached' });
  await write(page, 'E anche il formaggio.');
  assert.equal(await line.count(), 0, 'once');
  await send(page);
  await card(page, 'E anche il formaggio.').locator('.fate').getByText('Nuovo tentativo').waitFor({ timeout: PATIENCE_MS });
  const log = await peers.log(HOST);
  assert.equal(log.filter((one) => /smtpd\[\d+\]: \w+: client=/.test(one)).length, 1, 'nothing was begun that was not proven');

  await peers.say(`turn ${HOST}`);
  for (const words of ['Porto io il pane.', 'E anche il formaggio.']) await card(page, words).locator('.fate .delivered').waitFor({ timeout: SECOND_TRY_MS });
  assert.equal(await page.evaluate(() => window.sameDocument), true);
  await page.locator('.answer .line').click();
  await write(page, 'A domenica!');
  await page.locator('.bar button.route b').getByText(/^In viaggio ~?19$/).waitFor();
  assert.equal(await line.count(), 0, 'it is proven again');
  assert.deepEqual(complaints.filter((one) => !/401/.test(one)), []);
});
