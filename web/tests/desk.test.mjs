// Around the letters: settings, the palette, the list of shortcuts. In the real
// Chromium under the real policy, against the mock of docs/api.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { start } from './support/mock-server.mjs';
import { tabs } from './support/tabs.mjs';

const session = tabs();

async function visit(hash = '', options = {}) {
  const server = await start({});
  session.atEnd(server.stop);
  const tab = await session.open(options);
  await tab.page.goto(`${server.url}/${hash}`);
  if (!hash) await tab.page.locator('[data-row]').first().waitFor();
  return { server, ...tab };
}
const see = (page, text) => page.getByText(text, { exact: false }).first().waitFor();
const body = (page) => page.getByRole('textbox', { name: 'Message', exact: true });

describe('the pages of the settings', () => {
  test('stand beside each other where there is room, and one after the other on a phone', async () => {
    const { page } = await visit('#/settings');
    await page.locator('#set-language').waitFor();
    await page.getByRole('link', { name: 'Keyboard' }).click();
    await page.getByRole('checkbox', { name: 'Keyboard shortcuts' }).waitFor();
    await page.setViewportSize({ width: 380, height: 780 });
    await page.getByRole('heading', { level: 1, name: 'Keyboard' }).waitFor();
    assert.equal(await page.locator('.settings nav').count(), 0);
    await page.getByRole('link', { name: 'Back' }).click();
    await page.getByRole('link', { name: 'Writing' }).waitFor();
    assert.equal(await page.locator('.settings .page').count(), 0);
  });

  test('an address of a page that does not exist says so', async () => {
    const { page } = await visit('#/settings/nothing');
    await see(page, 'This page does not exist');
  });
});

describe('the palette', () => {
  const open = async (page) => {
    await page.keyboard.press('Control+k');
    await page.locator('dialog [role=option]').first().waitFor();
  };
  const choose = async (page, typed) => {
    await page.keyboard.type(typed);
    await page.waitForTimeout(60);
    await page.keyboard.press('Enter');
  };

  test('goes where one wants, and opens over a field too', async () => {
    const { page } = await visit();
    await open(page);
    await choose(page, 'archive');
    await page.getByRole('heading', { name: 'Archive' }).waitFor();
    await page.goto(`${new URL(page.url()).origin}/#/compose/new`);
    await body(page).focus();
    await open(page);
    await choose(page, 'looks');
    await page.locator('#set-language').waitFor();
  });

  test('finds people and conversations whatever their accents', async () => {
    const { page } = await visit();
    await open(page);
    await choose(page, 'elise');
    await page.getByRole('heading', { level: 1, name: 'Élise Dubois' }).waitFor();
    await open(page);
    await choose(page, 'write ana');
    await page.locator('.chip').getByText('Ana').waitFor();
    await open(page);
    await choose(page, 'write bo');
    await page.locator('.chip').getByText('Bo').waitFor();
  });

  test('says when nothing fits; Escape closes it and leaves everything as it was', async () => {
    const { page } = await visit();
    await open(page);
    await page.keyboard.type('zzzz');
    await see(page, 'Nothing fits');
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    assert.match(page.url(), /#\/inbox$|\/$/);
  });
});

test('the list of shortcuts names every key of the table once', async () => {
  const { page } = await visit();
  await page.keyboard.press('?');
  await page.locator('dialog kbd').first().waitFor();
  const keys = await page.locator('dialog dt').evaluateAll((all) => all.map((one) => [...one.children].map((cap) => cap.textContent).join(' ')));
  assert.equal(new Set(keys).size >= keys.length - 1, true, 'Esc stands in two groups');
  for (const wanted of ['j', 'k', 'o', 'u', 'e', '#', 's', 'c', 'r', 'a', 'f', 'z', '?', 'g i', 'g a', 'g d', 'g t', 'g s', 'Ctrl k']) assert.ok(keys.includes(wanted), wanted);
});
