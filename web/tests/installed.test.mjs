// The application as an installed one: its files are kept, it opens without a network, a new version is said.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { chromium } from 'playwright-core';
import { ARGUMENTS } from './support/browser.mjs';
import { start } from './support/mock-server.mjs';
import { tabs } from './support/tabs.mjs';

const session = tabs();
/** Installing begins some seconds after the first screen. */
const INSTALLED_MS = 20_000;

async function visit(options = {}) {
  const server = await start(options);
  session.atEnd(server.stop);
  const tab = await session.open({ serviceWorkers: 'allow' });
  await tab.page.goto(server.url);
  await tab.page.locator('[data-row]').first().waitFor();
  return { server, ...tab };
}
/** Until the files are kept and the page is served by the worker. */
const installed = (page) => page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated', null, { timeout: INSTALLED_MS });

describe('the files of the application', () => {
  test('are kept, with the page and its policy; nothing of the API is', async () => {
    const { page, complaints } = await visit();
    await installed(page);
    const kept = await page.evaluate(async () => {
      const names = await caches.keys();
      const requests = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname)));
      const policy = (await caches.match('/')).headers.get('content-security-policy');
      return { names, paths: requests.flat(), policy, html: await (await caches.match('/')).text() };
    });
    assert.equal(kept.names.length, 1);
    assert.ok(kept.paths.includes('/') && kept.paths.includes('/manifest.webmanifest'));
    assert.ok(kept.paths.some((path) => /^\/assets\/ConversationScreen-.*\.js$/.test(path)), 'what the first screen does not need is kept too');
    assert.ok(kept.paths.every((path) => !/^\/(?:jmap|auth|\.well-known)/.test(path)), `${kept.paths}`);
    const nonce = kept.html.match(/caliopen-nonce" content="([^"]+)"/)[1];
    assert.ok(kept.policy.includes(`'nonce-${nonce}'`), 'the kept page has the nonce of the kept policy');
    assert.deepEqual(complaints, []);
  });

  test('open the application without a network, and it says so', async () => {
    const { page, server } = await visit();
    await installed(page);
    server.cut();
    await page.reload();
    await page.getByText('Caliopen does not answer').waitFor();
    server.mend();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('[data-row]').first().waitFor();
  });

  test('are those of one build: a newer one is said, and taken over when the person agrees', async () => {
    const server = await start({ pages: {} });
    session.atEnd(server.stop);
    const { page } = await session.open({ serviceWorkers: 'allow' });
    await page.goto(server.url);
    await installed(page);
    server.state.newBuild = true;
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
    await page.getByText('A new version is there').waitFor();
    const loaded = page.waitForEvent('load');
    await page.getByRole('button', { name: 'Reload the page' }).click();
    await loaded;
    await page.locator('[data-row]').first().waitFor();
    assert.equal(await page.getByText('A new version is there').count(), 0);
    assert.equal(await page.evaluate(async () => (await caches.keys()).length), 2, 'a tab that still runs the former build finds its parts');
  });
});

describe('installing', () => {
  let folder, context;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'caliopen-profile-'));
    context = await chromium.launchPersistentContext(folder, { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ARGUMENTS });
  });
  after(async () => {
    await context.close();
    await rm(folder, { recursive: true });
  });

  test('is offered: the browser finds nothing missing', async () => {
    const server = await start();
    session.atEnd(server.stop);
    const page = context.pages()[0] ?? (await context.newPage());
    await page.goto(server.url);
    await page.locator('[data-row]').first().waitFor();
    const devtools = await context.newCDPSession(page);
    const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
    assert.deepEqual(installabilityErrors, []);
    const { errors } = await devtools.send('Page.getAppManifest');
    assert.deepEqual(errors, []);
  });
});
