// Somebody writes to a host that is down, in French: the message waits in sight, with the time of the next attempt;
// the host comes up, and the screen says by itself that it has the message.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tabs } from '../tests/support/tabs.mjs';
import { startCaliopen } from './support/caliopen.mjs';
import { quietPort, startHost } from './support/host.mjs';
import { begin as signUp } from './support/person.mjs';

const ANA = 'ana@example.net';
/** On a busy machine. */
const PATIENCE_MS = 30_000;
/** The queue's first wait is a minute. */
const SECOND_TRY_MS = 60_000 + PATIENCE_MS;

const session = tabs();
const config = (port) => `[dns]\nservers = ["127.0.0.1:9"]\ndnssec = false\n[deliver.routes."example.net"]\nhost = "127.0.0.1"\nport = ${port}\ntls = "none"\n`;

async function begin(port) {
  const server = await startCaliopen(config(port));
  session.atEnd(server.stop);
  const tab = await session.open({ locale: 'fr-FR' });
  await signUp(tab, server.url);
  return tab;
}

test('un message pour un hôte en panne attend à la vue de tous, puis est remis, sans recharger la page', async () => {
  const port = await quietPort();
  const { page, complaints } = await begin(port);
  await page.keyboard.press('c');
  const to = page.locator('.composer [role=combobox]').first();
  await to.fill(ANA);
  await to.press('Enter');
  await page.getByLabel('Objet').fill('Le phare');
  await page.locator('.composer textarea').fill('On y monte dimanche ?');
  await page.locator('.save[data-state=saved]').waitFor();
  await page.locator('.composer textarea').press('Control+Enter');
  await page.locator('.card.mine').getByText('On y monte dimanche ?').waitFor();
  // What a reload would wipe out.
  await page.evaluate(() => (window.sameDocument = true));

  await page.locator('.fate').getByText('Nouvel essai').click({ timeout: PATIENCE_MS });
  const panel = page.locator('li.deferred');
  const said = await panel.innerText();
  assert.match(said, /Nouvel essai à \d{2}:\d{2} : example\.net ne répond pas/i);
  assert.match(said, /on essaie pendant cinq jours/);

  const host = await startHost(port);
  session.atEnd(host.stop);
  await page.locator('li.delivered').waitFor({ timeout: SECOND_TRY_MS });
  assert.match(await page.locator('li.delivered').innerText(), /Remis à 127\.0\.0\.1 à \d{2}:\d{2}, sans chiffrement en chemin/i);
  await page.keyboard.press('Escape');
  await page.locator('.fate').getByText('Remis').waitFor();
  assert.equal(await page.evaluate(() => window.sameDocument), true);
  assert.equal(host.taken.length, 1, 'once');
  assert.deepEqual(host.taken[0].to, [ANA]);
  assert.match(host.taken[0].from, /^alice\+b-[\w-]+@example\.org$/, 'what is sent back finds its message');
  assert.match(host.taken[0].text, /^Subject: Le phare$/m);
  assert.deepEqual(complaints.filter((one) => !/401/.test(one)), []);
});
