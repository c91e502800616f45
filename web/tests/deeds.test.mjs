// What one does with conversations in a list: select, pin, mute, snooze, label; one, several and all; undo for each.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { start } from './support/mock-server.mjs';
import { tabs } from './support/tabs.mjs';

const session = tabs();

async function visit(options = {}, hash = '', browserOptions = {}) {
  const server = await start(options);
  session.atEnd(server.stop);
  const tab = await session.open(browserOptions);
  await tab.page.goto(`${server.url}/${hash}`);
  await tab.page.locator('[data-row]').first().waitFor();
  return { server, account: server.account, ...tab };
}
const see = (page, text) => page.getByText(text, { exact: false }).first().waitFor();
const row = (page, number) => page.locator('.row').nth(number);
const pick = (page, number) => row(page, number).getByRole('checkbox');
const inbox = (account) => account.ordered({ place: 'inbox' }, 'latestAt');
/** What is shown at once is told to the server a moment later. */
async function until(holds) {
  for (let turn = 0; turn < 100 && !holds(); turn++) await new Promise((done) => setTimeout(done, 50));
  assert.ok(holds());
}
const gone = (page, locator) => page.locator(locator).waitFor({ state: 'detached' });

async function choose(page, number, item) {
  await row(page, number).hover();
  await row(page, number).getByRole('button', { name: 'Actions for' }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

const inMenu = async (page, name) => {
  await page.locator('main header [aria-haspopup=menu]').first().click();
  await page.getByRole('menuitem', { name }).click();
};

describe('one conversation', () => {
  test('pinned it stands first, muted it is unread nowhere; both are taken back', async () => {
    const { page, account } = await visit();
    const [, , third] = inbox(account);
    await choose(page, 2, 'Pin to the top');
    await row(page, 0).getByText('Pinned').waitFor();
    assert.equal(inbox(account)[0], third);
    await page.getByRole('button', { name: 'Undo' }).click();
    await row(page, 2).getByText('Night Train Tickets').waitFor();
    assert.equal(inbox(account)[2], third);
    await page.locator('.row.unread').first().waitFor();
    await choose(page, 0, 'Mute');
    await row(page, 0).getByText('Muted').waitFor();
    assert.ok(!(await row(page, 0).getAttribute('class')).includes('unread'));
    account.deliver(inbox(account)[0], { type: 'text', text: 'Still here', quotedLines: [] });
    await row(page, 0).getByText('Still here').waitFor();
  });

  for (const [name, done, place, act] of [
    ['archived', 'Archived.', 'archive', (page) => page.locator('main header').getByRole('button', { name: 'Archive', exact: true }).click()],
    ['deleted', 'Moved to the bin.', 'bin', (page) => page.locator('main header').getByRole('button', { name: 'Delete', exact: true }).click()],
    ['reported', 'Reported as spam', 'spam', (page) => inMenu(page, 'Report as spam')],
    ['blocked', 'is blocked', 'bin', (page) => inMenu(page, /^Block /)],
    ['marked as unread', 'Marked as unread.', 'inbox', (page) => inMenu(page, 'Mark as unread')],
  ]) {
    test(`open, it is ${name} by the mouse, and the list is there again`, async () => {
      const { page, account, complaints } = await visit();
      const [first] = inbox(account);
      await row(page, 0).locator('[data-row]').click();
      await page.locator('.card .text').first().waitFor();
      await until(() => account.conversations.get(first).unreadCount === 0);
      await act(page);
      await see(page, done);
      await page.waitForURL(/#\/inbox$/);
      await until(() => account.conversations.get(first).place === place && account.conversations.get(first).unreadCount > 0 === (name === 'marked as unread'));
      assert.deepEqual(complaints, []);
    });
  }

  test('snoozed until tomorrow it leaves the inbox, waits in its list, and comes back on top by itself', async () => {
    const { page, account } = await visit();
    const [, second] = inbox(account);
    await choose(page, 1, 'Snooze…');
    await page.getByRole('button', { name: 'Tomorrow' }).click();
    await see(page, 'Snoozed.');
    assert.equal(account.conversations.get(second).place, 'snoozed');
    assert.ok(Date.parse(account.conversations.get(second).snoozedUntil) > Date.now());
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('link', { name: 'Snoozed' }).click();
    await page.getByRole('heading', { name: 'Snoozed' }).waitFor();
    await row(page, 0).getByText('Until').waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('i');
    await page.getByRole('heading', { name: 'Inbox' }).waitFor();
    account.deeds.bringBack(new Date().toISOString());
    await row(page, 0).getByText('Back from a snooze').waitFor();
    assert.equal(inbox(account)[0], second);
  });

  test('reported as spam it leaves, stays away whatever comes in it, and comes back when it is none', async () => {
    const { page, account } = await visit();
    const [first, second] = inbox(account);
    await choose(page, 1, 'Report as spam');
    await see(page, 'Reported as spam');
    await until(() => account.conversations.get(second).place === 'spam');
    account.deliver(second, { type: 'text', text: 'Buy more', quotedLines: [] });
    await page.keyboard.press('g');
    await page.keyboard.press('x');
    await page.getByRole('heading', { name: 'Spam' }).waitFor();
    await see(page, 'leaves for good after 30 days');
    await row(page, 0).getByText('Buy more').waitFor();
    assert.ok(!inbox(account).includes(second));
    await row(page, 0).locator('[data-row]').focus();
    await page.keyboard.press('!');
    await see(page, 'There is no spam');
    await until(() => account.conversations.get(second).place === 'inbox');
    await page.keyboard.press('z');
    await row(page, 0).getByText('Buy more').waitFor();
    assert.equal(account.conversations.get(first).place, 'inbox');
  });

  test('any time that is still to come can be picked', async () => {
    const { page, account } = await visit();
    const [first] = inbox(account);
    await page.keyboard.press('b');
    const field = page.getByLabel('Another day and time');
    await field.fill('2001-01-01T10:00');
    await field.evaluate((input) => input.form.noValidate = true);
    await page.getByRole('button', { name: 'Snooze', exact: true }).click();
    await see(page, 'Choose a time that is still to come');
    await field.fill('2038-01-01T10:00');
    await page.getByRole('button', { name: 'Snooze', exact: true }).click();
    await gone(page, 'dialog');
    await see(page, 'Snoozed.');
    assert.equal(account.conversations.get(first).snoozedUntil, '2038-01-01T10:00:00.000Z');
  });

  test('a label is made in place, shown on the row, and lists its conversations', async () => {
    const { page, account } = await visit();
    const [first] = inbox(account);
    await page.keyboard.press('l');
    await page.getByLabel('Find a label').fill('Choir');
    await page.keyboard.press('Enter');
    await page.getByRole('checkbox', { name: 'Choir' }).waitFor();
    await page.keyboard.press('Escape');
    await row(page, 0).locator('.label').getByText('Choir').waitFor();
    const [id] = account.deeds.labels.keys();
    assert.deepEqual(account.conversations.get(first).labels, { [id]: true });
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.locator('nav').getByRole('link', { name: 'Choir' }).click();
    await page.getByRole('heading', { name: 'Choir' }).waitFor();
    assert.equal(await page.locator('.row').count(), 1);
    await page.keyboard.press('l');
    await page.getByRole('checkbox', { name: 'Choir' }).click();
    await page.keyboard.press('Escape');
    await see(page, 'No conversation has this label');
    await page.keyboard.press('z');
    await row(page, 0).waitFor();
  });

  test('a folder takes it out of the inbox', async () => {
    const { page, account } = await visit();
    const [first] = inbox(account);
    account.deeds.addLabel('Receipts', 'teal');
    account.push();
    await page.waitForTimeout(500);
    await page.keyboard.press('v');
    await page.locator('dialog').getByRole('button', { name: 'Receipts' }).click();
    await see(page, 'Moved to the folder.');
    assert.equal(account.conversations.get(first).place, 'archive');
    await page.keyboard.press('z');
    await see(page, 'Undone.');
    assert.equal(account.conversations.get(first).place, 'inbox');
    assert.deepEqual(account.conversations.get(first).labels, {});
  });

  test('labels are renamed and removed; their conversations stay', async () => {
    const { page, account } = await visit();
    const id = account.deeds.addLabel('Trips');
    account.conversations.get(inbox(account)[0]).labels = { [id]: true };
    await page.reload();
    await row(page, 0).locator('.label').getByText('Trips').waitFor();
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('button', { name: 'Your labels' }).click();
    await page.getByRole('button', { name: 'Change Trips' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Journeys');
    await page.getByLabel('Colour').selectOption('purple');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Remove Journeys' }).click();
    await see(page, 'Its 1 conversation stays where it is');
    await page.getByRole('button', { name: 'Remove the label' }).click();
    await see(page, 'You have no label yet');
    assert.equal(account.deeds.labels.size, 0);
    await page.keyboard.press('Escape');
    await gone(page, '.row .label');
  });
});

describe('several', () => {
  test('selected by checkbox and range, archived at once, and back exactly as they were', async () => {
    const { page, account } = await visit();
    const before = inbox(account);
    await row(page, 1).hover();
    await pick(page, 1).click();
    await see(page, '1 selected');
    await row(page, 4).hover();
    await pick(page, 4).click({ modifiers: ['Shift'] });
    await see(page, '4 selected');
    await page.getByRole('toolbar').getByRole('button', { name: 'Archive' }).click();
    await see(page, '4 conversations archived.');
    assert.deepEqual(inbox(account).slice(0, 2), [before[0], before[5]]);
    await gone(page, '[role=toolbar]');
    await page.getByRole('button', { name: 'Undo' }).click();
    await see(page, 'Undone.');
    assert.deepEqual(inbox(account), before);
    assert.equal(await page.locator('.row').nth(1).locator('[data-row]').getAttribute('href'), `#/inbox/${before[1]}`);
  });

  test('all that match, in batches, also those that were never fetched; and undone', async () => {
    const { page, account } = await visit({ conversations: 1_300 });
    const before = inbox(account);
    await page.keyboard.press('x');
    await page.getByRole('button', { name: `Select all ${before.length.toLocaleString('en')} conversations` }).click();
    await see(page, `All ${before.length.toLocaleString('en')} conversations of this list are selected`);
    await page.keyboard.press('e');
    await see(page, `${before.length.toLocaleString('en')} conversations archived.`);
    await see(page, 'Nothing waits for you');
    assert.equal(inbox(account).length, 0);
    const calls = account.calls.filter(([name]) => name === 'Conversation/setAll').map(([, args]) => args);
    assert.equal(calls.length, Math.ceil(before.length / 500));
    assert.ok(calls.slice(1).every((args) => args.operationId && args.filter.place === 'inbox'));
    await page.keyboard.press('z');
    await row(page, 0).waitFor();
    assert.deepEqual(inbox(account), before);
  });

  test('the keyboard alone selects, labels and lets go', async () => {
    const { page, account } = await visit();
    const [first, second] = inbox(account);
    for (const key of ['x', 'j', 'x', 'l']) await page.keyboard.press(key);
    await page.getByLabel('Find a label').fill('Work');
    await page.keyboard.press('Enter');
    await page.getByRole('checkbox', { name: 'Work' }).waitFor();
    await page.keyboard.press('Escape');
    await see(page, 'Label added to 2 conversations.');
    const [id] = account.deeds.labels.keys();
    assert.ok([first, second].every((one) => account.conversations.get(one).labels[id]));
    for (const key of ['*', 'a']) await page.keyboard.press(key);
    await page.getByRole('toolbar').waitFor();
    await page.keyboard.press('Escape');
    await gone(page, '[role=toolbar]');
  });

  test('a refused deed comes back, and says so', async () => {
    const { page, server } = await visit();
    await page.keyboard.press('x');
    server.state.failures.push({ method: 'Conversation/setAll', status: 500, type: 'x' });
    await page.keyboard.press('#');
    await see(page, 'Something went wrong on the server');
    await row(page, 0).getByText('Ana Moreau').waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await see(page, 'Moved to the bin.');
  });

  test('unread first: what is read stays in sight until the list is shown again', async () => {
    const { page } = await visit();
    await page.getByLabel('Sort by').selectOption('unread');
    await page.locator('.row.unread').nth(1).waitFor();
    const unread = await page.locator('.row.unread').count();
    await page.waitForFunction((count) => [...document.querySelectorAll('.row')].slice(0, count).every((one) => one.classList.contains('unread')), unread);
    await page.keyboard.press('I');
    await see(page, 'Marked as read.');
    assert.ok(!(await row(page, 0).getAttribute('class')).includes('unread'));
  });
});

describe('a finger', () => {
  const phone = { viewport: { width: 380, height: 780 }, hasTouch: true };

  async function swipe(page, number, by) {
    const box = await row(page, number).boundingBox();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const client = await page.context().newCDPSession(page);
    await client.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y }] });
    for (let step = 1; step <= 6; step++) await client.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [{ x: x + (by * step) / 6, y }] });
    await client.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  }

  test('moved aside it archives or snoozes; a short move does nothing', async () => {
    const { page, account } = await visit({}, '', phone);
    const [first, second] = inbox(account);
    await swipe(page, 0, -60);
    await page.waitForTimeout(100);
    assert.equal(account.conversations.get(first).place, 'inbox');
    await swipe(page, 0, -180);
    await see(page, 'Archived.');
    await until(() => account.conversations.get(first).place === 'archive');
    await swipe(page, 0, 180);
    await page.getByRole('button', { name: 'Tomorrow' }).click();
    await see(page, 'Snoozed.');
    await until(() => account.conversations.get(second).place === 'snoozed');
    assert.match(page.url(), /\/$|inbox$/);
  });

  test('held it selects, and the row does not open', async () => {
    const { page } = await visit({}, '', phone);
    const box = await row(page, 1).boundingBox();
    const client = await page.context().newCDPSession(page);
    const at = { x: box.x + 200, y: box.y + 30 };
    await client.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at] });
    await page.waitForTimeout(650);
    await client.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await see(page, '1 selected');
    assert.match(page.url(), /\/$|inbox$/);
  });
});
