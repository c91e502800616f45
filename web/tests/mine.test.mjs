// My privacy: the user's own index, always in sight and explained on a page of its own.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, open } from './support/browser.mjs';
import { start } from './support/mock-server.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

async function visit(hash = '#/settings/mine', options = {}, prepare = () => {}) {
  const server = await start();
  prepare(server);
  const { context, page } = await open(browser, options);
  after(async () => {
    await context.close();
    await server.stop();
  });
  await page.goto(`${server.url}/${hash}`);
  return { page, server };
}

describe('my privacy', () => {
  test('is in sight on every screen, and follows what happens', async () => {
    const { page, server } = await visit('#/inbox');
    const link = page.getByRole('link', { name: 'My privacy: ' });
    await link.getByText('23').waitFor();
    server.account.mine.score = 31;
    server.account.deliver([...server.account.conversations.keys()][0], { type: 'text', text: 'News.', quotedLines: [] });
    await link.getByText('31').waitFor();
    await link.click();
    await page.getByRole('heading', { name: 'What to do next' }).waitFor();
  });

  test('says what the user controls, what depends on others, and what to do next', async () => {
    const { page } = await visit();
    await page.locator('dt').getByText('What you control').waitFor();
    assert.deepEqual(await page.locator('dd.half').evaluateAll((all) => all.map((one) => Number.parseInt(one.textContent, 10))), [41, 15]);
    await page.getByText('Keep a recovery code that only you hold.').waitFor();
    await page.getByText('Deleting messages or contacts changes nothing here.').waitFor();
  });

  test('what is not known is said, never a number', async () => {
    const { page } = await visit('#/settings/mine', {}, ({ account }) => (account.mine.others = null));
    await page.getByText('Not known yet').waitFor();
  });

  test('draws the last days, and says the same as a table', async () => {
    const { page } = await visit();
    await page.getByRole('img', { name: /^From 12 on .* to 23 on / }).waitFor();
    await page.getByText('The same as a table').click();
    assert.equal(await page.locator('tbody tr').count(), 6);
  });

  test('is read in French, and failing to load it is said', async () => {
    const { page } = await visit('#/settings/mine', { locale: 'fr-FR' }, ({ account, state }) => {
      account.language = 'fr';
      for (let turn = 0; turn < 2; turn++) state.failures.push({ method: 'UserPrivacy/get', status: 503, type: 'server' });
    });
    await page.getByRole('button', { name: 'Réessayer' }).click();
    await page.locator('dt').getByText('Ce qui dépend de vous').waitFor();
  });
});
