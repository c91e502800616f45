// Une correspondante chez Google, en français : sa lettre est une carte postale, dite par le mot, le nombre et la forme ; le
// panneau dit qui la lit, et ce qui l'augmenterait ; l'une de ces voies est prise, une autre adresse d'elle, et le gain promis
// est atteint, au nombre près, dans les deux sens. Knot, Postfix and swaks are real; no name of the network is asked.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { tabs } from '../tests/support/tabs.mjs';
import { startCaliopen } from './support/caliopen.mjs';
import { deliverFrom, startPeers } from './support/peers.mjs';
import { ALICE, begin, PATIENCE_MS } from './support/person.mjs';

const AT_WORK = 'camille@entreprise.test';
const AT_HOME = 'camille@posteo.de';
const HOST = 'mx01.posteo.de';

const session = tabs();

/** A company whose mail is at Google, as its MX says; and a service with a charter, on a host that has TLS. */
async function world() {
  const peers = startPeers();
  session.atEnd(peers.stop);
  const folder = await mkdtemp(join(tmpdir(), 'caliopen-journey-'));
  session.atEnd(() => rm(folder, { recursive: true }));
  const address = await peers.say(`postfix ${HOST} tls posteo.de`);
  const proves = ['text @ v=spf1 ip4:127.0.0.1 -all', 'text _dmarc v=DMARC1; p=reject'];
  await peers.zone('entreprise.test', 'unsigned', [...proves, 'record @ MX 1 aspmx.l.google.com.']);
  await peers.zone('posteo.de', 'unsigned', [...proves, `record @ MX 10 ${HOST}.`, 'record mx01 A 1.1.1.1']);
  const dns = await peers.say(`dns ${folder}/anchors`);
  const server = await startCaliopen(`[dns]\nservers = ["${dns}"]\ntrust_anchors = "${folder}/anchors"\n[deliver.hosts]\n"${HOST}" = "${address}"\n`);
  session.atEnd(server.stop);
  const tab = await session.open({ locale: 'fr-FR' });
  await begin(tab, server.url);
  return { server, ...tab };
}

const letter = (from, subject, text) => `From: Camille Petit <${from}>\nTo: ${ALICE}\nSubject: ${subject}\nMessage-ID: <${subject.replaceAll(' ', '')}@lettres.test>\nDate: Sun, 22 Nov 2026 10:00:00 +0000\nContent-Type: text/plain; charset=utf-8\n\n${text}\n`;
const write = (server, from, subject, text) => deliverFrom(server.smtpPort, { from, to: ALICE, message: letter(from, subject, text) });
/** The number and the word beside a message, and the level of its shape. */
async function shown(card) {
  const badge = card.locator('.why').first();
  const score = Number((await badge.locator('.number').innerText()).replace('~', ''));
  return { score, word: await badge.locator('.word').innerText(), level: await badge.locator('svg').getAttribute('data-level') };
}

test('une correspondante chez Google : carte postale, pourquoi, et une autre adresse tient sa promesse', async () => {
  const { page, server, complaints } = await world();
  await write(server, AT_WORK, 'Le phare', 'On y monte dimanche ? Mon adresse à moi : camille@posteo.de');
  const row = page.locator('[data-row]').first();
  await row.waitFor({ timeout: PATIENCE_MS });
  assert.match(await page.locator('.row').first().innerText(), /Carte postale/);
  await row.click();
  const hers = page.locator('.card').filter({ hasText: 'On y monte dimanche' });
  assert.deepEqual(await shown(hers), { score: 3, word: 'Carte postale', level: '1' });

  await hers.locator('.why').first().click();
  const panel = page.getByRole('dialog').or(page.getByRole('complementary')).last();
  await panel.getByRole('heading', { name: 'Qui peut le lire' }).waitFor();
  assert.match(await panel.locator('.audience section').first().innerText(), /Google Workspace/);
  const steps = panel.locator('section').filter({ hasText: 'Ce qui l’augmenterait' }).locator('li');
  const gains = (await steps.locator('.gain b').allInnerTexts()).map(Number);
  assert.ok(gains.length > 0 && gains.length <= 3, 'three at most');
  assert.deepEqual(gains, gains.toSorted((a, b) => b - a), 'best gain first');
  const step = steps.filter({ hasText: 'Passer par une autre adresse de votre contact' });
  assert.match(await step.innerText(), /plutôt que par Google Workspace/);
  const promised = Number(await step.locator('.gain b').innerText());
  assert.ok(promised > 3);
  await page.keyboard.press('Escape');

  // The step is taken: her other address comes onto her card, and the answer goes there.
  await page.goto(`${new URL(server.url).origin}/#/people`);
  await page.getByRole('button', { name: /^Tout le monde/ }).click();
  await page.locator('[data-person]').filter({ hasText: 'Camille' }).first().click();
  await page.getByRole('link', { name: 'Modifier' }).click();
  await page.getByRole('button', { name: 'Ajouter une adresse' }).click();
  await page.getByRole('textbox', { name: 'Adresse 2' }).fill(AT_HOME);
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText(AT_HOME).first().waitFor();
  await page.goto(`${new URL(server.url).origin}/#/inbox`);
  await row.click();
  await page.locator('.answer .line').click();
  await page.locator('.composer textarea').fill('Volontiers, à dix heures.');
  const chip = page.locator('.bar button.route');
  await chip.getByText(/^Carte postale ~?3$/).waitFor();
  await chip.click();
  const ways = page.getByRole('dialog').locator('li').filter({ hasText: AT_HOME });
  await ways.getByText('plus confidentielle').waitFor();
  await ways.getByRole('button', { name: /^Écrire plutôt là/ }).click();
  await page.keyboard.press('Escape');
  await chip.getByText(new RegExp(`^En chemin ~?${promised}$`)).waitFor();
  await page.locator('.save[data-state=saved]').waitFor();
  await page.locator('.composer textarea').press('Control+Enter');
  const mine = page.locator('.card.mine').filter({ hasText: 'Volontiers, à dix heures.' });
  await mine.locator('.fate .delivered').waitFor({ timeout: PATIENCE_MS });
  assert.deepEqual(await shown(mine), { score: promised, word: 'En chemin', level: '2' }, 'what was promised is reached');

  await write(server, AT_HOME, 'Re Le phare', 'Dix heures, au pied de l’escalier.');
  await page.getByText('Dix heures, au pied de l’escalier.').first().waitFor({ timeout: PATIENCE_MS });
  await page.locator('[data-row]').first().click();
  const next = page.locator('.card').filter({ hasText: 'au pied de l’escalier' });
  assert.deepEqual(await shown(next), { score: promised, word: 'En chemin', level: '2' }, 'in both directions');
  assert.deepEqual(complaints.filter((one) => !/401/.test(one)), []);
});
