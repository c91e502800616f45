// Room for one's mail: how much there is, a word when it runs out, and how to make some.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { start } from './support/mock-server.mjs';
import { tabs } from './support/tabs.mjs';

const session = tabs();
async function visit(hash = '', before = () => {}) {
  const server = await start();
  session.atEnd(server.stop);
  await before(server.account);
  const tab = await session.open();
  await tab.page.goto(`${server.url}/${hash}`);
  return { account: server.account, ...tab };
}
const binned = (count) => (account) => {
  for (const one of [...account.conversations.values()].slice(2, 2 + count)) one.place = 'bin';
};
const FULL = { status: 507, contentType: 'application/problem+json', body: JSON.stringify({ type: 'urn:caliopen:error:mailbox-full', status: 507 }) };

describe('storage', () => {
  test('says what is used of what, what steps brought of it, and follows the server', async () => {
    const { page, account } = await visit('#/settings/storage', ({ storage }) => Object.assign(storage, { used: 2_500_000_000, earned: 1_000_000_000 }));
    await page.getByText('2.5 GB of 10 GB').waitFor();
    await page.getByText('1 GB of it came with steps for your privacy.').waitFor();
    assert.equal(await page.getByRole('meter').getAttribute('value'), '2500000000');
    account.storage.say({ used: 3_000_000_000, hardLimit: null });
    await page.getByText('3 GB used').waitFor();
    await page.getByText('This server sets no limit.').waitFor();
    assert.equal(await page.getByRole('meter').count(), 0);
  });

  test('a mailbox that fills is a line over everything, which leads to where room is made', async () => {
    const { page, account } = await visit();
    await page.locator('[data-row]').first().waitFor();
    assert.equal(await page.getByText('Your mailbox is').count(), 0);
    account.storage.say({ used: 9_100_000_000 });
    await page.getByText('Your mailbox is almost full: 9.1 GB of 10 GB.').waitFor();
    account.storage.say({ used: 10_000_000_000 });
    const line = page.getByText('Your mailbox is full: new messages wait at their senders’, for some days.');
    await line.waitFor();
    await page.getByRole('link', { name: 'Make room' }).click();
    await page.getByRole('heading', { name: 'Storage' }).waitFor();
    account.storage.say({ used: 1_000_000 });
    await line.first().waitFor({ state: 'detached' });
  });
});

describe('emptying', () => {
  test('the bin asks first, says how far it is, and takes nothing else along', async () => {
    const { page, account } = await visit('#/bin', binned(5));
    account.storage.batch = 2;
    await page.getByRole('button', { name: 'Empty it now' }).click();
    const dialog = page.getByRole('dialog', { name: 'Empty the bin?' });
    await dialog.getByText('5 conversations are removed for good. Nothing brings them back.').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    assert.equal(account.calls.filter(([name]) => name === 'Conversation/empty').length, 0);
    await page.getByRole('button', { name: 'Empty it now' }).click();
    await dialog.getByRole('button', { name: 'Remove for good' }).click();
    await page.getByText('5 conversations were removed for good.').first().waitFor();
    await page.getByText('The bin is empty').waitFor();
    assert.equal(account.calls.filter(([name]) => name === 'Conversation/empty').length, 3);
    assert.ok([...account.conversations.values()].some(({ place }) => place === 'inbox'));
  });

  test('is offered where room is made, for the bin and for spam, where there is something', async () => {
    const { page } = await visit('#/settings/storage', (account) => {
      binned(3)(account);
      [...account.conversations.values()][0].place = 'spam';
    });
    const row = (name) => page.locator('.settings li').filter({ hasText: name });
    await row('Bin').getByText('3 conversations').waitFor();
    await row('Spam').getByRole('button', { name: 'Empty it now' }).click();
    const dialog = page.getByRole('dialog', { name: 'Remove all spam?' });
    await dialog.getByText('1 conversation is removed for good. Nothing brings it back.').waitFor();
    await dialog.getByRole('button', { name: 'Remove for good' }).click();
    await row('Spam').getByText('Nothing is there.').waitFor();
    await row('Bin').getByText('3 conversations').waitFor();
  });

  test('destroys nothing that may not be read here: it is unlocked first', async () => {
    const { page, account } = await visit('#/bin', (all) => {
      binned(8)(all);
      all.gate.score = 25;
    });
    await page.getByRole('button', { name: 'Empty it now' }).click();
    const dialog = page.getByRole('dialog', { name: 'Empty the bin?' });
    await dialog.getByRole('button', { name: 'Remove for good' }).click();
    await dialog.getByText('Private messages are among them, hidden on this device.').waitFor();
    await dialog.getByRole('button', { name: 'Unlock' }).waitFor();
    assert.equal([...account.conversations.values()].filter(({ place }) => place === 'bin').length, 8);
    account.gate.score = 100;
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Empty it now' }).click();
    await dialog.getByRole('button', { name: 'Remove for good' }).click();
    await page.getByText('8 conversations were removed for good.').first().waitFor();
  });

  test('is not offered for a part of the list, which it would go beyond', async () => {
    const { page } = await visit('#/bin', binned(5));
    await page.getByRole('button', { name: 'Empty it now' }).waitFor();
    await page.getByRole('button', { name: 'Unread' }).click();
    await page.getByRole('button', { name: 'Empty it now' }).waitFor({ state: 'detached' });
  });
});

describe('a full mailbox', () => {
  test('says what to do where a file is attached', async () => {
    const { page } = await visit('#/compose/new');
    await page.route('**/jmap/upload/**', (route) => route.fulfill(FULL));
    await page.locator('.composer input[type=file]').setInputFiles({ name: 'plan.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-') });
    await page.getByText('Your mailbox is full. Delete what you do not need and empty the bin, then try again.').waitFor();
  });

  test('says what to do where old mail is brought in', async () => {
    const { page } = await visit('#/settings/transfer');
    await page.route('**/jmap/import/**', (route) => route.fulfill(FULL));
    await page.locator('.drop input[type=file]').setInputFiles({ name: 'old.mbox', mimeType: 'application/mbox', buffer: Buffer.from('From a\n\nb\n') });
    await page.getByText('Your mailbox is full. Delete what you do not need and empty the bin, then try again.').first().waitFor();
  });
});
