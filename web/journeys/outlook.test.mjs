// What the composer says before a message is sent is what the message says of itself once it was delivered: to somebody of
// this server, to a host elsewhere that wants it in clear, and to both, apart.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { tabs } from '../tests/support/tabs.mjs';
import { startCaliopen } from './support/caliopen.mjs';
import { quietPort, startHost } from './support/host.mjs';
import { begin as signUp, PASSWORD } from './support/person.mjs';

const BOB = 'bob@example.org';
const DANA = 'dana@example.net';
/** On a busy machine. */
const PATIENCE_MS = 30_000;

const session = tabs();
const config = (port) => `[dns]\nservers = ["127.0.0.1:9"]\ndnssec = false\n[deliver.routes."example.net"]\nhost = "127.0.0.1"\nport = ${port}\ntls = "none"\n`;

async function begin() {
  const host = await startHost(await quietPort());
  session.atEnd(host.stop);
  const server = await startCaliopen(config(host.port));
  session.atEnd(server.stop);
  const tab = await session.open({ locale: 'en-GB' });
  await signUp(tab, server.url);
  const { status, stderr } = spawnSync(process.env.CALIOPEN_PROGRAM, ['--data', server.data, 'account', 'add', BOB], { input: `${PASSWORD}\n`, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return { ...tab, host };
}

async function write(page, subject, ...people) {
  await page.evaluate(() => (location.hash = '#/inbox'));
  await page.locator('section.list').waitFor();
  await page.evaluate(() => (location.hash = '#/compose/new'));
  const to = page.locator('.composer [role=combobox]').first();
  for (const person of people) {
    await to.fill(person);
    await to.press('Enter');
  }
  await page.getByLabel('Subject').fill(subject);
  await page.locator('.composer textarea').fill('Shall we climb it on Sunday?');
  await page.locator('.save[data-state=saved]').waitFor();
}
/** The level and number that the chip shows, once it is known. */
async function expected(page) {
  const chip = page.locator('.bar button.route b');
  await chip.waitFor({ timeout: PATIENCE_MS });
  return chip.innerText();
}
/** The level and number of the newest message that is open, once it was delivered. */
async function index(page, count = 1) {
  await page.locator('.card.mine').nth(count - 1).locator('.fate .delivered').waitFor({ timeout: PATIENCE_MS });
  const badge = page.locator('.card.mine').nth(count - 1).locator('.why');
  return `${await badge.locator('.word').innerText()} ${await badge.locator('.number').innerText()}`;
}
const send = (page) => page.locator('.composer textarea').press('Control+Enter');

test('the index that is foreseen is the one that the message has', async () => {
  const { page, host, complaints } = await begin();

  await write(page, 'The lighthouse', BOB);
  const inside = await expected(page);
  assert.match(inside, /^In transit ~?19$/);
  await send(page);
  assert.equal(await index(page), inside);

  await write(page, 'The pier', DANA);
  const clear = await expected(page);
  assert.match(clear, /^Postcard ~?1$/);
  await page.locator('.bar button.route').click();
  await page.getByRole('dialog').getByText('In clear with 127.0.0.1').first().waitFor({ state: 'attached' });
  await page.keyboard.press('Escape');
  await send(page);
  assert.equal(await index(page), clear);
  assert.equal(host.taken.length, 1);

  await write(page, 'Nobody', 'nobody@example.org');
  await page.locator('.bar .wrong').getByText('nobody@example.org does not exist').waitFor();
  await page.locator('.composer').getByRole('button', { name: 'Throw away' }).click();

  await write(page, 'The island', BOB, DANA);
  assert.equal(await expected(page), clear);
  await page.locator('.interruption').getByText(`${DANA} makes this “Postcard” for everybody.`).waitFor();
  await page.locator('.interruption').getByRole('button', { name: 'Send separately…' }).click();
  await page.getByRole('button', { name: 'Send two messages' }).click();
  await page.getByText(/^Sent to bob@example\.org, and separately to dana@example\.net$/i).waitFor();
  assert.equal(await index(page, 2), inside, 'bob’s own message is no postcard');
  for (let tries = 0; tries < 300 && host.taken.length < 2; tries++) await new Promise((done) => setTimeout(done, 100));
  assert.deepEqual(host.taken.map(({ to }) => to), [[DANA], [DANA]]);
  assert.match(host.taken[1].text, /^To: <?dana@example\.net>?$/m, 'bob is not named in it');
  assert.deepEqual(complaints.filter((one) => !/401/.test(one)), []);
});
