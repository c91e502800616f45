// Who writes for the first time: a line over the inbox, a list of its own, accepted or refused, and taken back.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { start } from './support/mock-server.mjs';
import { tabs } from './support/tabs.mjs';

const session = tabs();

async function visit(hash = '', browserOptions = {}) {
  const server = await start();
  session.atEnd(server.stop);
  const { screener } = server.account;
  const ids = [
    screener.stranger(1, { name: 'Pia Keller', address: 'pia@keller.example', subject: 'Your violin' }),
    screener.stranger(2, { name: 'Tom Keller', address: 'tom@keller.example', subject: 'About my sister' }),
    screener.stranger(3, { name: 'Weekly Offers', address: 'news@offers.example', kind: 'automated', subject: 'Half price' }),
  ];
  const tab = await session.open(browserOptions);
  await tab.page.goto(`${server.url}/${hash}`);
  await tab.page.locator('[data-row]').first().waitFor();
  return { server, account: server.account, ids, ...tab };
}
const see = (page, text) => page.getByText(text, { exact: false }).first().waitFor();
const row = (page, text) => page.locator('.row').filter({ hasText: text });
const gone = (locator) => locator.waitFor({ state: 'detached' });

describe('new senders', () => {
  test('a line says that they wait; accepted they are in the inbox, and undo lets them wait again', async () => {
    const { page, account, ids } = await visit();
    await page.getByRole('link', { name: '3 new senders are waiting' }).click();
    await page.getByRole('heading', { name: 'New senders' }).waitFor();
    await page.locator('.row').nth(2).waitFor();
    assert.equal(await page.locator('.row').count(), 3);
    await row(page, 'Pia Keller').getByRole('button', { name: 'Accept Pia Keller' }).click();
    await see(page, 'Pia Keller is accepted');
    await gone(row(page, 'Your violin'));
    assert.equal(account.conversations.get(ids[0]).place, 'inbox');
    await page.getByRole('button', { name: 'Undo' }).click();
    await row(page, 'Your violin').waitFor();
    await see(page, 'Undone.');
    assert.equal(account.conversations.get(ids[0]).place, 'new-senders');
  });

  test('refused they are blocked and binned; undo takes both back', async () => {
    const { page, account, ids } = await visit('#/new-senders');
    await page.keyboard.press('#');
    await see(page, 'Weekly Offers is refused');
    assert.equal(account.screener.decisions.get(ids[2]).decision, 'refuse');
    assert.equal(account.conversations.get(ids[2]).place, 'bin');
    await page.keyboard.press('z');
    await see(page, 'Undone.');
    assert.equal(account.screener.decisions.size, 0);
    assert.equal(account.conversations.get(ids[2]).place, 'new-senders');
  });

  test('a domain is accepted as a whole', async () => {
    const { page, account, ids } = await visit('#/new-senders');
    await row(page, 'Pia Keller').getByRole('button', { name: 'Decide about Pia Keller' }).click();
    await page.getByRole('menuitem', { name: 'Accept everybody at keller.example' }).click();
    await see(page, 'keller.example is accepted');
    await gone(row(page, 'About my sister'));
    assert.deepEqual(ids.map((one) => account.conversations.get(one).place), ['inbox', 'inbox', 'new-senders']);
  });

  test('what waits can be read before one decides', async () => {
    const { page, account, ids } = await visit('#/new-senders');
    await row(page, 'Tom Keller').locator('[data-row]').click();
    await see(page, 'Tom Keller writes to you for the first time');
    await page.getByRole('group', { name: 'New senders' }).getByRole('button', { name: 'Accept', exact: true }).click();
    await see(page, 'Tom Keller is accepted');
    await gone(page.getByText('Tom Keller writes to you'));
    assert.equal(account.conversations.get(ids[1]).place, 'inbox');
  });

  test('what was read can be refused, and the list is there again', async () => {
    const { page, account, ids } = await visit('#/new-senders');
    await row(page, 'Tom Keller').locator('[data-row]').click();
    await page.getByRole('group', { name: 'New senders' }).getByRole('button', { name: 'Refuse', exact: true }).click();
    await see(page, 'Tom Keller is refused');
    await page.waitForURL(/#\/new-senders$/);
    assert.equal(account.conversations.get(ids[1]).place, 'bin');
  });

  test('who comes while one looks is counted by itself', async () => {
    const { page, account } = await visit();
    await see(page, '3 new senders are waiting');
    account.screener.stranger(4, { name: 'Una', address: 'una@late.example' });
    await see(page, '4 new senders are waiting');
  });
});
