// Devices: what is asked for is signed by the browser that signed in, and the first answer is sealed to it.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch } from './support/browser.mjs';
import { PASSWORD, start } from './support/mock-server.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

async function signIn({ shared = false, ...options } = {}) {
  const server = await start({ signedIn: false, ...options });
  const context = await browser.newContext({ locale: 'en-GB' });
  const page = await context.newPage();
  after(async () => {
    await context.close();
    await server.stop();
  });
  Object.assign(server.state, { clockAhead: options.clockAhead ?? 0 });
  await page.goto(server.url);
  await page.getByLabel('Address').fill('alice@example.org');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  if (shared) await page.getByLabel('This is a shared computer').check();
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('[data-row]').first().waitFor();
  return { server, page, devices: server.account.devices };
}

describe('a device', () => {
  test('signs everything that it asks for, and opens the first answer after a reload', async () => {
    const { page, server, devices } = await signIn();
    assert.ok(devices.keys, 'it enrolled');
    await page.reload();
    await page.locator('[data-row]').first().waitFor();
    await page.locator('[data-row]').first().click();
    await page.locator('article').first().waitFor();
    assert.deepEqual(devices.unproved, []);
    assert.ok(server.state.seen.some((url) => url.startsWith('/jmap/events') && url.includes('&proof=')), 'the stream of events is signed in its address');
  });

  test('has keys that no script can read', async () => {
    const { page } = await signIn();
    const extractable = await page.evaluate(async () => {
      const opened = indexedDB.open('caliopen');
      await new Promise((done) => opened.addEventListener('success', done));
      const asked = opened.result.transaction('facts').objectStore('facts').get('keys');
      await new Promise((done) => asked.addEventListener('success', done));
      return [asked.result.signing.privateKey.extractable, asked.result.agreement.privateKey.extractable];
    });
    assert.deepEqual(extractable, [false, false]);
  });

  test('goes by the clock of the server when its own is wrong', async () => {
    const { page, devices } = await signIn({ clockAhead: 3600 });
    await page.locator('[data-row]').first().click();
    await page.locator('article').first().waitFor();
    await page.reload();
    await page.locator('[data-row]').first().waitFor();
    await page.locator('[data-row]').nth(1).click();
    await page.locator('article').first().waitFor();
    assert.deepEqual(devices.unproved, []);
  });

  test('a shared one keeps no key once somebody signs out', async () => {
    const { page, server, devices } = await signIn({ shared: true });
    assert.equal(devices.all[0].isShared, true);
    await page.goto(`${server.url}/#/settings/entry`);
    await page.getByText('you are signed out after half an hour').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('Welcome back').waitFor();
    const kept = await page.evaluate(async () => {
      const opened = indexedDB.open('caliopen');
      await new Promise((done) => opened.addEventListener('success', done));
      const asked = opened.result.transaction('facts').objectStore('facts').getAllKeys();
      await new Promise((done) => asked.addEventListener('success', done));
      return asked.result.filter((name) => name.startsWith('keys'));
    });
    assert.deepEqual(kept, []);
  });
});

describe('the list of devices', () => {
  async function settings() {
    const visit = await signIn();
    await visit.page.goto(`${visit.server.url}/#/settings/entry`);
    await visit.page.getByText('Firefox · Android').waitFor();
    return visit;
  }

  test('names one, and takes the name back with Escape', async () => {
    const { page, devices } = await settings();
    await page.getByRole('button', { name: 'Rename Firefox · Android' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Rename Firefox · Android' }).click();
    await page.getByLabel('Name of the device').fill('The old phone');
    await page.keyboard.press('Enter');
    await page.getByText('Device renamed: The old phone.').waitFor();
    assert.equal(devices.all[1].name, 'The old phone');
  });

  test('says how much may be trusted to each, why, and what would raise it', async () => {
    const { page } = await settings();
    await page.getByText('Why?').first().click();
    await page.getByText('A key that cannot leave it signs its sessions.').waitFor();
    await page.getByText('Add a passkey: it shows that it is you.').waitFor();
  });

  test('remembers what one says of the network', async () => {
    const { page, devices } = await settings();
    await page.getByLabel('This network').selectOption({ label: 'Open to everybody' });
    await page.getByText('Remembered for this network.').waitFor();
    assert.equal(devices.all[0].network, 'open');
  });

  test('removes one that was lost, and never the one in the hand', async () => {
    const { page, devices } = await settings();
    assert.equal(await page.getByRole('button', { name: /^Remove Chromium/ }).count(), 0);
    await page.getByRole('button', { name: /^Remove Firefox/ }).click();
    await page.getByText('Device removed: Firefox · Android.').waitFor();
    assert.equal(devices.all.length, 1);
  });

  test('says what failed, and tries again', async () => {
    const { page, server, devices } = await settings();
    server.state.failures.push({ method: 'Device/set', status: 503, type: 'server' });
    await page.getByRole('button', { name: /^Remove Firefox/ }).click();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Device removed: Firefox · Android.').waitFor();
    assert.equal(devices.all.length, 1);
  });
});
