// Phones and other programs in the settings, in the real Chromium against the mock of docs/api.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PASSWORD, start } from './support/mock-server.mjs';
import { tabs } from './support/tabs.mjs';

const session = tabs();

async function visit(before = () => {}, shown = 'programs') {
  const server = await start({});
  before(server.account);
  session.atEnd(server.stop);
  const tab = await session.open({ permissions: ['clipboard-read', 'clipboard-write'] });
  await tab.page.goto(`${server.url}/#/settings/${shown}`);
  const section = tab.page.getByRole('region', { name: 'Phones and other programs' });
  await tab.page.locator('.settings section').first().waitFor();
  return { server, section, ...tab };
}

describe('phones and other programs', () => {
  test('a password is shown once, with everything that a program asks for', async () => {
    const { page, section, server } = await visit();
    await section.getByText('Scanner in the hall').waitFor();
    assert.ok(await section.getByRole('button', { name: 'Make a password' }).isDisabled());
    await section.getByLabel('What is it for?').fill('Laptop');
    await page.keyboard.press('Enter');
    const made = section.getByRole('group', { name: 'The password of Laptop' });
    await made.waitFor();
    for (const shown of ['bcdf ghjk mnpq rstv wxyz bcdf', 'mail.example.org', '465', 'SSL/TLS', 'alice@example.org']) await made.getByText(shown, { exact: true }).waitFor();
    await made.getByRole('button', { name: 'Copy' }).click();
    await made.getByRole('button', { name: 'Copied' }).waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'bcdf ghjk mnpq rstv wxyz bcdf');
    await made.getByRole('button', { name: 'Done' }).click();
    await section.locator('li').filter({ hasText: 'Laptop' }).getByText('Never used').waitFor();
    assert.ok(!(await page.content()).includes('bcdf'));
    await page.reload();
    await section.locator('li').filter({ hasText: 'Laptop' }).waitFor();
    assert.ok(!(await page.content()).includes('bcdf'));
    assert.equal(server.account.programs.all.length, 3);
  });

  test('revoking is asked for twice, by keyboard too, and can be given up', async () => {
    const { page, section, server } = await visit();
    const phone = section.locator('li').filter({ hasText: 'Phone' });
    await phone.getByRole('button', { name: 'Revoke the password of Phone' }).press('Enter');
    await phone.getByText('cannot be undone').waitFor();
    await phone.getByRole('button', { name: 'Cancel' }).click();
    assert.equal(server.account.programs.all.length, 2);
    await phone.getByRole('button', { name: 'Revoke the password of Phone' }).press('Enter');
    await page.keyboard.press('Enter');
    await page.getByText('Revoked: Phone sends nothing more.').waitFor();
    assert.deepEqual(server.account.programs.all.map((one) => one.name), ['Scanner in the hall']);
  });

  test('a new password of the account leaves them, says so, and offers to revoke them all', async () => {
    const { page, section, server } = await visit(undefined, 'entry');
    await page.getByText('go on sending with passwords of their own').waitFor();
    await page.getByLabel('Current password', { exact: true }).fill(PASSWORD);
    await page.getByLabel('New password', { exact: true }).fill('four unrelated words here');
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page.getByRole('button', { name: 'Revoke them all' }).click();
    await page.getByText('All revoked').waitFor();
    assert.deepEqual(server.account.programs.all, []);
    await page.getByRole('link', { name: 'Phones and other programs' }).click();
    await section.getByText('No program has a password yet.').waitFor();
  });

  test('where programs cannot send, no password is made; beyond the limit it says what to do', async () => {
    const off = await visit((account) => (account.programs.server = null));
    await off.section.getByText('takes no mail from other programs').waitFor();
    assert.equal(await off.section.getByLabel('What is it for?').count(), 0);
    const full = await visit((account) => Object.assign(account.programs, { most: 2, server: { host: 'mail.example.org', port: null, starttlsPort: 587 } }));
    await full.section.getByLabel('What is it for?').fill('Laptop');
    await full.page.keyboard.press('Enter');
    await full.page.getByText('Revoke one that you no longer use').waitFor();
    full.server.account.programs.most = 3;
    await full.page.keyboard.press('Enter');
    for (const shown of ['587', 'STARTTLS']) await full.section.getByText(shown, { exact: true }).waitFor();
  });
});
