// What a host gives for a step of privacy, in French: more room, and an address that is chosen, reached by the network, put to
// rest; then the mail that it brought is removed for good. The real server all the way.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tabs } from '../tests/support/tabs.mjs';
import { deliver, startCaliopen } from './support/caliopen.mjs';
import { begin } from './support/person.mjs';

const session = tabs();
const GIFTS = '[storage]\naccount_max = "1 GB"\n[coaching]\nstorage = [{ quests = 1, more = "1 GB" }]\naddresses = [{ quests = 1, more = 1 }, { quests = 6, more = 1 }]\n[coaching.themes]\n';
const CHOSEN = 'marchande@example.org';
const LETTER = `From: Boutique <bob@sender.test>\nTo: ${CHOSEN}\nSubject: Votre commande\nDate: Fri, 27 Nov 2026 10:00:00 +0000\nMessage-ID: <1@sender.test>\n\nElle est partie.\n`;

test('a step brings room and an address, which is reached until it rests', async () => {
  const server = await startCaliopen(GIFTS);
  session.atEnd(server.stop);
  const tab = await session.open({ locale: 'fr-FR' });
  const { page } = tab;
  await begin(tab, server.url);
  const go = (hash) => page.evaluate((to) => (location.hash = to), hash);

  // The recovery code was kept at the first start: that is one step.
  await go('#/settings/mine');
  const gifts = page.locator('.gifts li');
  await gifts.filter({ hasText: '1 Go de plus pour votre courrier' }).getByText('à vous').waitFor();
  await gifts.filter({ hasText: '1 adresse de plus, que vous choisissez' }).getByText('après 6 étapes').waitFor();
  await gifts.getByRole('link', { name: '1 Go de plus' }).click();
  const used = page.locator('#storage-used');
  await used.filter({ hasText: /^0\s.*sur 2\sGo$/ }).waitFor();

  await go('#/settings/writing');
  const form = page.getByRole('form', { name: 'Choisir 1 adresse de plus' });
  await form.getByRole('textbox', { name: 'Nom' }).fill('Marchande');
  await form.getByRole('button', { name: 'Prendre cette adresse' }).click();
  await page.getByRole('heading', { name: CHOSEN }).waitFor();
  await deliver(server.smtpPort, CHOSEN, LETTER);
  await go('#/inbox');
  await page.getByText('Votre commande').first().waitFor();

  await go('#/settings/writing');
  await page.getByRole('button', { name: 'La laisser reposer' }).click();
  await page.getByText(`${CHOSEN} repose.`).first().waitFor();
  await assert.rejects(deliver(server.smtpPort, CHOSEN, LETTER.replace('<1@', '<2@')), /550/);
  await page.getByRole('button', { name: 'La réveiller' }).click();
  await page.getByText(`${CHOSEN} reçoit de nouveau du courrier.`).first().waitFor();
  await deliver(server.smtpPort, CHOSEN, LETTER.replace('<1@', '<3@'));

  await go('#/inbox');
  await page.locator('[data-row]').first().focus();
  await page.keyboard.press('#');
  await go('#/bin');
  await page.getByRole('button', { name: 'Vider maintenant' }).click();
  await page.getByRole('dialog', { name: 'Vider la corbeille ?' }).getByRole('button', { name: 'Supprimer pour de bon' }).click();
  await page.getByText('1 conversation a été supprimée pour de bon.').first().waitFor();
  await page.getByText('La corbeille est vide').waitFor();
  await go('#/settings/storage');
  await used.filter({ hasText: /^0\s.*sur 2\sGo$/ }).waitFor();
});
