// The way to what is held back: a button wherever it is missing, "show that it is you", and where the focus goes then.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { start } from './support/mock-server.mjs';
import { tabs } from './support/tabs.mjs';

const session = tabs();
const SUBJECT = 'Dal mio Caliopen';
const CODE = 'K7QF-2M9X-PT4H-8WRC-V3ZD-6NJA';
const SHARED = 25;

async function visit(hash = '', prepare = () => {}) {
  const server = await start();
  session.atEnd(server.stop);
  const { gate, devices } = server.account;
  gate.score = SHARED;
  devices.all[0].isShared = true;
  prepare(server);
  const tab = await session.open();
  await tab.page.goto(`${server.url}/${hash}`);
  await tab.page.locator('section.list, main').first().waitFor();
  return { server, gate, account: server.account, ...tab };
}
const row = (page, text) => page.locator('.row').filter({ hasText: text }).locator('[data-row]').first();
const button = (place) => place.getByRole('button', { name: 'Unlock' });
/** Shows, in the dialog that stands there, that one is the account's person. */
async function show(page) {
  const dialog = page.getByRole('dialog', { name: 'Show that it is you' });
  await dialog.getByLabel('Recovery code').fill(CODE);
  await dialog.getByRole('button', { name: 'Continue' }).click();
}
const focused = (page, selector) => page.waitForFunction((wanted) => document.activeElement?.matches(wanted), selector);

describe('an unlock', () => {
  test('from above the list, by the keyboard: the focus goes on to a row', async () => {
    const { page } = await visit();
    await button(page.locator('section.list .held')).focus();
    await page.keyboard.press('Enter');
    await show(page);
    await row(page, 'Giulia').getByText(SUBJECT).waitFor();
    await page.locator('.standing').getByText(/Private messages are shown until/).waitFor();
    await focused(page, '[data-row]');
  });

  test('that is called off changes nothing, and the focus comes back to the button', async () => {
    const { page, gate } = await visit();
    await button(page.locator('section.list .held')).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await focused(page, '.held .button');
    assert.equal(gate.isOpen, false);
  });

  test('is ended before its time by a button beside what says so, and the words go', async () => {
    const { page, gate } = await visit();
    await button(page.locator('section.list .held')).click();
    await show(page);
    await row(page, 'Giulia').getByText(SUBJECT).waitFor();
    await page.locator('.standing').getByRole('button', { name: 'Hide now' }).click();
    await page.getByText('Private messages are hidden on this device again.').waitFor();
    await page.locator('section.list .held').waitFor();
    assert.equal(await page.getByText(SUBJECT).count(), 0);
    assert.equal(gate.isOpen, false);
    assert.notEqual(await page.evaluate(() => document.activeElement?.tagName), 'BODY');
  });

  test('from a message: the focus goes on to it', async () => {
    const { page } = await visit();
    await row(page, 'Giulia').click();
    await button(page.locator('article')).click();
    await show(page);
    await page.locator('article').getByText('guarda che indice').waitFor();
    await focused(page, 'article .why');
  });

  test('from a search finds what it left out', async () => {
    const { page } = await visit('#/search/indice');
    await button(page.locator('.left')).click();
    await show(page);
    await row(page, 'Giulia').waitFor();
  });

  test('is the same in another tab', async () => {
    const { page, context, server } = await visit();
    const other = await context.newPage();
    await other.goto(`${server.url}/#/inbox`);
    await row(other, 'Giulia').getByText('Private · hidden here').waitFor();
    await button(page.locator('section.list .held')).click();
    await show(page);
    await row(other, 'Giulia').getByText(SUBJECT).waitFor();
  });
});

test('a file that is held back by now is saved after an unlock', async () => {
  const { page, gate, account } = await visit('', ({ account }) => (account.gate.score = 64));
  await row(page, 'Ana Moreau').click();
  const save = page.getByRole('button', { name: 'Save rehearsals-winter.pdf' });
  await save.waitFor();
  for (const { summary } of account.messages.values()) if (summary.attachments.length) summary.privacy = { ...summary.privacy, score: 90, level: 5 };
  gate.score = SHARED;
  await save.click();
  await button(page.locator('.toast')).click();
  const download = page.waitForEvent('download');
  await show(page);
  assert.equal((await download).suggestedFilename(), 'rehearsals-winter.pdf');
});

test('less is asked of devices once it is unlocked', async () => {
  const { page, gate } = await visit('#/settings/shown', ({ account }) => (account.gate.thresholds = { sealed: 60, sealedAndKnown: 60, private: 60 }));
  await page.locator('fieldset').first().getByLabel('Any device of mine, also a shared one').click();
  await button(page.getByRole('alert')).click();
  await show(page);
  await page.getByText('Sealed: Any device of mine, also a shared one.').waitFor();
  assert.deepEqual(gate.asked, [20, 60, 60]);
});

test('where nothing would unlock it, that is said with what to do', async () => {
  const { page } = await visit('', ({ account }) => (account.gate.ways = []));
  await page.locator('section.list .held').getByText('confirm your recovery code').waitFor();
  assert.equal(await button(page).count(), 0);
});
