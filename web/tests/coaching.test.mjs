// Quests: things to do once, what they bring, an invitation, colours, and one word that hides all of it.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { start } from './support/mock-server.mjs';
import { tabs } from './support/tabs.mjs';

const session = tabs();
async function visit(hash = '#/settings/mine', options = {}) {
  const server = await start();
  session.atEnd(server.stop);
  const tab = await session.open(options);
  await tab.page.goto(`${server.url}/${hash}`);
  return { account: server.account, coaching: server.account.coaching, sending: server.account.sending, ...tab };
}
const section = (page) => page.getByRole('region', { name: 'Steps for you' });

describe('quests', () => {
  test('say what each would bring, best first, and what is done', async () => {
    const { page } = await visit();
    const items = section(page).locator('.open li');
    await items.first().waitFor();
    assert.deepEqual(await items.locator('h3').allInnerTexts(), ['Sign in with a passkey', 'Write down a recovery code', 'Add a second device', 'Invite Ana Moreau']);
    assert.match(await items.first().innerText(), /What you control:\s+41\s+49/);
    assert.match(await items.nth(2).innerText(), /It adds no point to your index/);
    await section(page).locator('.done').getByText('Name your network at home').waitFor();
  });

  test('one is put aside, comes back by undo or later, and all of them are hidden by one button', async () => {
    const { page, coaching } = await visit();
    const first = section(page).locator('.open li').first();
    await first.getByRole('button', { name: 'Not now' }).click();
    await page.getByText('“Sign in with a passkey” is put aside.').waitFor();
    assert.deepEqual(coaching.aside, ['passkey']);
    await section(page).getByText('1 step put aside').click();
    await section(page).locator('.aside').getByRole('button', { name: 'Show it again' }).click();
    await section(page).locator('.open').getByText('Sign in with a passkey').waitFor();
    await section(page).getByRole('button', { name: 'Hide all of this' }).click();
    await section(page).getByText('You asked to hear no more of this.').waitFor();
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await section(page).locator('.open li').first().waitFor();
    assert.equal(coaching.isMuted, false);
  });

  test('an invitation is a letter that one reads before it is sent', async () => {
    const { page, coaching } = await visit();
    await section(page).getByRole('button', { name: 'Write the invitation' }).click();
    const body = page.getByRole('textbox', { name: 'Message', exact: true });
    await body.waitFor();
    assert.match(await body.inputValue(), /Hello Ana Moreau,[\s\S]*\/domain\/gmail\.example/);
    await page.waitForTimeout(100);
    assert.match(String(coaching.invited), /^p/);
  });

  test('colours that were given are chosen among the looks, and others are not there', async () => {
    const { page } = await visit('#/settings/looks');
    await page.getByRole('radio', { name: 'Harbour' }).check();
    assert.equal(await page.getByRole('radio', { name: 'Dusk' }).count(), 0);
    const brand = () => page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--brand'));
    assert.match(await brand(), /1a4f8f/);
    await page.reload();
    await page.getByRole('radio', { name: 'Harbour', checked: true }).waitFor();
  });
});

describe('what the host gives', () => {
  test('is listed with what it takes, and what is there leads to where it is used', async () => {
    const { page } = await visit();
    const gifts = section(page).locator('.gifts li');
    await gifts.first().waitFor();
    assert.deepEqual((await gifts.allInnerTexts()).map((text) => text.replace(/\s+/g, ' ')), [
      'Colours “Harbour” yours', '1 GB more for your mail after 2 steps', 'Colours “Dusk” after 3 steps', '1 address more, which you choose after 3 steps',
    ]);
    await gifts.getByRole('link', { name: 'Colours “Harbour”' }).click();
    await page.getByRole('radio', { name: 'Harbour' }).waitFor();
  });

  test('an address is chosen by its name, and what is wrong with one is said', async () => {
    const { page, coaching } = await visit('#/settings/mine');
    coaching.addressesAllowed = 1;
    await page.evaluate(() => (location.hash = '#/settings/writing'));
    const form = page.getByRole('form', { name: 'Choose 1 more address' });
    const take = async (name) => {
      await form.getByRole('textbox', { name: 'Name' }).fill(name);
      await form.getByRole('button', { name: 'Take this address' }).click();
    };
    await take('a b');
    await form.getByText('3 to 40 letters a to z and digits').waitFor();
    await take('bob');
    await form.getByText('Somebody has this address, or had it. Try another name.').waitFor();
    await take('postmaster');
    await form.getByText('This name speaks for the host.').waitFor();
    await take(' Ana ');
    await page.getByText('ana@example.org is yours now.').first().waitFor();
    await page.getByRole('heading', { name: 'ana@example.org' }).waitFor();
    await form.waitFor({ state: 'detached' });
  });

  test('an address that was chosen rests and wakes, and none is written from it meanwhile', async () => {
    const { page, account } = await visit('#/settings/mine');
    Object.assign(account.desk.addIdentity('ana@example.org'), { isChosen: true });
    await page.evaluate(() => (location.hash = '#/settings/writing'));
    await page.getByRole('button', { name: 'Let it rest', description: 'ana@example.org' }).click();
    await page.getByText('It rests: mail to it is refused, as if nobody had it.').waitFor();
    await page.evaluate(() => (location.hash = '#/compose/new'));
    await page.getByRole('textbox', { name: 'Message', exact: true }).waitFor();
    assert.equal(await page.locator('option', { hasText: 'ana@example.org' }).count(), 0);
    await page.evaluate(() => (location.hash = '#/settings/writing'));
    await page.getByRole('button', { name: 'Wake it' }).click();
    await page.getByText('ana@example.org takes mail again.').first().waitFor();
    assert.equal(await page.getByRole('button', { name: 'Let it rest' }).count(), 1, 'what the host gave does not rest');
  });
});
