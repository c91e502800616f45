// The page of a domain, which anybody can open: why mail to it has its index, and what its administrator can do.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { start } from './support/mock-server.mjs';
import { tabs } from './support/tabs.mjs';

const session = tabs();
async function visit(domain, options = {}) {
  const server = await start({ signedIn: false });
  session.atEnd(server.stop);
  const tab = await session.open(options);
  await tab.page.goto(`${server.url}/domain/${domain}`);
  return { server, ...tab };
}

describe('the page of a domain', () => {
  test('says to a stranger what is found, host by host, and what would raise it', async () => {
    const { page, server } = await visit('village.example');
    await page.getByRole('heading', { name: 'How private is mail to village.example?' }).waitFor();
    await page.getByText('mx1.village.example').waitFor();
    await page.getByText('nothing demands it, and nobody proves who answers').first().waitFor();
    await page.getByText('publish a TLSA record for each mail host').waitFor();
    await page.locator('.verdict .number').waitFor();
    assert.ok(server.state.seen.every((path) => !path.startsWith('/jmap/api') && !path.startsWith('/auth/')), 'nobody is asked to sign in');
  });

  test('advises nothing where each host is proven, and stays silent about people here', async () => {
    const { page } = await visit('kolab.example');
    await page.getByText('encrypted, and proven by DANE (RFC 7672)').waitFor();
    assert.equal(await page.getByText('What its administrator can do').count(), 0);
    await page.goto(page.url().replace('kolab.example', 'example.org'));
    await page.getByText('Its mail stays on this server.').waitFor();
  });

  test('says what is wrong with a name that is no domain, or takes no mail', async () => {
    const { page } = await visit('nothing');
    await page.getByRole('alert').getByText('This domain could not be looked up').waitFor();
    await page.goto(page.url().replace('/nothing', '/nowhere.example'));
    await page.getByText('nowhere.example takes no mail').waitFor();
  });

  test('is read in three languages, light and dark, on a phone', async () => {
    for (const [options, language, title] of [
      [{}, 'en', 'How private is mail to'],
      [{ colorScheme: 'dark' }, 'fr', 'Le courrier vers'],
      [{ viewport: { width: 320, height: 700 } }, 'it', 'Quanto è riservata la posta'],
    ]) {
      const { page } = await visit('gmail.example', options);
      await page.getByLabel(/Language|Langue|Lingua/).selectOption(language);
      await page.getByRole('heading', { level: 1 }).filter({ hasText: title }).waitFor();
      await page.locator('.verdict .sentence').waitFor();
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${language}: nothing is wider than the page`);
    }
  });

  test('is one step from what one writes', async () => {
    const server = await start({});
    session.atEnd(server.stop);
    const { page } = await session.open();
    await page.goto(`${server.url}/#/compose/new`);
    await page.getByRole('combobox', { name: 'To' }).fill('bo@village.example,');
    await page.locator('.bar .route').filter({ hasText: 'Email' }).click();
    const link = page.getByRole('link', { name: 'A page about village.example to send to its administrator' });
    assert.equal(await link.getAttribute('href'), '/domain/village.example');
  });
});
