// Reading without a network: what a browser keeps, when, and that no word of it lies on its disk in clear.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { chromium } from 'playwright-core';
import { ARGUMENTS } from './support/browser.mjs';
import { PASSWORD, start } from './support/mock-server.mjs';
import { tabs } from './support/tabs.mjs';

const session = tabs();
const SECRET = 'The lighthouse keeper plays the viola.';
const INSTALLED_MS = 20_000;

/** A tab that keeps mail, or not, on a server of its own. */
async function visit({ keeping = true, hash = '' } = {}) {
  const server = await start();
  session.atEnd(server.stop);
  const tab = await session.open({ serviceWorkers: 'allow' });
  await tab.context.addInitScript((offline) => localStorage.setItem('caliopen.preferences', JSON.stringify({ offline })), keeping);
  await tab.page.goto(`${server.url}/${hash}`);
  await tab.page.locator('[data-row]').first().waitFor();
  return { server, ...tab };
}
const row = (page, text) => page.locator('.row').filter({ hasText: text }).locator('[data-row]').first();
const installed = (page) => page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated', null, { timeout: INSTALLED_MS });
const records = (page) => page.evaluate(() => new Promise((resolve) => {
  const request = indexedDB.open('caliopen');
  request.onsuccess = () => {
    const all = request.result.transaction('records').objectStore('records').getAllKeys();
    all.onsuccess = () => (request.result.close(), resolve(all.result.map(([, room, id]) => `${room} ${id}`)));
  };
}));
/** Waits until a record of a room is on the disk. */
async function stored(page, room) {
  for (let tries = 0; tries < 60; tries++) {
    if ((await records(page)).some((one) => one.startsWith(room))) return;
    await page.waitForTimeout(100);
  }
  assert.fail(`${room} was not kept`);
}

describe('mail that was read', () => {
  test('is there after a reload without a network; what was not read says that it needs one', async () => {
    const { page, server, context } = await visit();
    await row(page, 'Ana Moreau').click();
    await page.locator('.card').getByText('Perfect, thank you.').first().waitFor();
    await stored(page, 'content');
    await stored(page, 'list');
    await installed(page);
    await context.setOffline(true);
    server.cut();
    await page.goto(`${server.url}/#/inbox`);
    await page.reload();
    await page.locator('[data-row]').first().waitFor();
    await page.getByText('You are offline').first().waitFor();
    await row(page, 'Ana Moreau').click();
    await page.locator('.card').getByText('Perfect, thank you. I have put').first().waitFor();
    await row(page, 'Giulia').click();
    await page.getByText('You are offline. Check your connection').first().waitFor();

    server.account.deliver([...server.account.conversations.keys()][3], { type: 'text', text: 'Back again?', quotedLines: [] }, 'While you were away');
    server.mend();
    await context.setOffline(false);
    await page.getByText('While you were away').first().waitFor({ timeout: 15_000 });
  });

  test('is kept only when the person asked for it, and erased when they no longer want it', async () => {
    const { page } = await visit({ keeping: false });
    await row(page, 'Ana Moreau').click();
    await page.locator('.card').last().waitFor();
    await page.waitForTimeout(1_500);
    assert.deepEqual(await records(page), []);
    await page.goto(`${page.url().split('#')[0]}#/settings/entry`);
    await page.getByRole('checkbox', { name: 'Keep mail readable' }).check();
    await page.getByText('stays readable without a network').waitFor();
    await stored(page, 'list');
    await stored(page, 'thread');
    await page.getByRole('checkbox', { name: 'Keep mail readable' }).uncheck();
    await page.getByText('is erased').waitFor();
    assert.deepEqual(await records(page), []);
  });

  test('is erased when the session ends, by hand or by itself', async () => {
    for (const how of ['by hand', 'by itself']) {
      const { page, server } = await visit();
      await stored(page, 'list');
      if (how === 'by itself') {
        server.state.signedIn = false;
        await page.reload();
      } else {
        await page.goto(`${server.url}/#/settings/entry`);
        await page.getByRole('button', { name: 'Sign out' }).click();
      }
      await page.getByText('Welcome back').waitFor();
      await page.waitForFunction(() => new Promise((resolve) => {
        const request = indexedDB.open('caliopen');
        request.onsuccess = () => {
          const kept = request.result.transaction('facts').objectStore('facts').get('kept');
          kept.onsuccess = () => (request.result.close(), resolve(kept.result === undefined));
        };
      }));
      assert.deepEqual(await records(page), [], how);
    }
  });
});

test('no word of correspondence lies in clear in the profile of the browser', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'caliopen-profile-'));
  session.atEnd(() => rm(folder, { recursive: true, force: true }));
  const server = await start({ signedIn: false });
  session.atEnd(server.stop);
  const context = await chromium.launchPersistentContext(folder, { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ARGUMENTS, locale: 'en-GB' });
  const page = await context.newPage();
  await page.goto(server.url);
  await page.locator('input[name=username]').fill('alice@example.org');
  await page.locator('input[type=password]').fill(PASSWORD);
  await page.getByRole('checkbox', { name: 'Keep mail readable' }).check();
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('[data-row]').first().waitFor();
  const id = [...server.account.conversations.keys()][0];
  server.account.deliver(id, { type: 'text', text: SECRET, quotedLines: [] }, 'Lighthouse');
  await page.goto(`${server.url}/#/inbox/${id}`);
  await page.getByText(SECRET).first().waitFor();
  await stored(page, 'content');
  await stored(page, 'list');
  await context.close();

  const found = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path);
    for (const word of ['lighthouse keeper', 'Lighthouse', 'Rehearsal on Tuesday', 'ana@gmail', 'Moreau']) {
      for (const encoding of ['utf8', 'utf16le']) if (bytes.includes(Buffer.from(word, encoding))) found.push(`${word} in ${path}`);
    }
  }
  assert.deepEqual(found, []);
});
