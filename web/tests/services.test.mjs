// How services are classed: the table, reviewed by whoever wants to.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, open } from './support/browser.mjs';
import { start } from './support/mock-server.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

async function visit(options = {}, before = () => {}) {
  const server = await start();
  before(server);
  const { context, page } = await open(browser, options);
  after(async () => {
    await context.close();
    await server.stop();
  });
  await page.goto(`${server.url}/#/settings/services`);
  return { page, server };
}

describe('the table of services', () => {
  test('stands by class, the worst first, and says why', async () => {
    const { page } = await visit();
    await page.getByText('Gmail', { exact: true }).click();
    await page.getByText('Its company lives on advertising').first().waitFor();
    await page.getByText('gmail.com, googlemail.com').waitFor();
    assert.deepEqual(await page.locator('.letter').evaluateAll((all) => all.map((one) => one.firstChild.textContent)), ['E', 'D', 'C', 'B', 'A']);
  });

  test('says what the administrator knows to be worse, and stands by it', async () => {
    const { page } = await visit();
    const of = (letter) => page.locator('.class').filter({ has: page.locator(`[data-class=${letter}]`) });
    await of('D').getByText('Posteo', { exact: true }).click();
    await of('D').getByText('Lowered by the administrator of this server.').waitFor();
    await of('D').getByText('The table says B.').waitFor();
    await of('E').getByText('mail.village.example', { exact: true }).first().waitFor();
  });

  test('is searched by a name, a domain or an address, and says what is in no table', async () => {
    const { page } = await visit();
    const field = page.getByLabel('Find a service or a domain');
    for (const [text, name] of [['posteo', 'Posteo'], ['googlemail', 'Gmail'], ['ana@yahoo.fr', 'Yahoo'], ['mx1.ovh.net', 'OVHcloud']]) {
      await field.fill(text);
      await page.waitForFunction(([name]) => [...document.querySelectorAll('.class summary b')].map((one) => one.textContent).join() === name, [name]);
    }
    await field.fill('example.org');
    await page.getByText('No service of the table is called “example.org”').waitFor();
  });

  test('is read in the reader’s language', async () => {
    const { page } = await visit({ locale: 'fr-FR' }, ({ account }) => (account.language = 'fr'));
    await page.getByText('Posteo', { exact: true }).click();
    await page.locator('details[open]').getByText('Sans but lucratif').waitFor();
  });

  test('says what failed, and tries again', async () => {
    const { page } = await visit({}, ({ state }) => state.failures.push({ method: 'Handler/get', status: 503, type: 'server' }));
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Posteo', { exact: true }).waitFor();
  });
});
