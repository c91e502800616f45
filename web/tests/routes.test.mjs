// My routes: the ways to the user's contacts, ranked, with who can read each. In the real Chromium, against the mock.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';
import { start } from './support/mock-server.mjs';
import { tabs } from './support/tabs.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const session = tabs();

async function visit({ before = () => {}, hash = '#/settings/routes', ...options } = {}) {
  const server = await start({});
  session.atEnd(server.stop);
  before(server);
  const tab = await session.open(options);
  await tab.page.goto(`${server.url}/${hash}`);
  return { server, account: server.account, ...tab };
}
const cards = (page) => page.locator('li article');

describe('my routes', () => {
  test('stand by their index, the best first, in plain words, with who is reached', async () => {
    const { page, complaints } = await visit();
    await cards(page).nth(2).waitFor();
    assert.deepEqual(await page.locator('article header h3').allInnerTexts(), ['Servers that prove who they are', 'Encrypted, if the other server can', 'Mail that Gmail carries']);
    await cards(page).nth(2).getByText('Gmail can read this.').waitFor();
    await cards(page).nth(2).getByText('Reaches 1 person:').waitFor();
    await cards(page).nth(0).getByText('Privacy index about 19 of 100: In transit').waitFor();
    await page.getByText('Of 7 people the way was looked at. All of these are mail').waitFor();
    assert.deepEqual(complaints, []);
  });

  test('each says who can read it, what holds it down and what would raise it, and leads to the people', async () => {
    const { page } = await visit();
    await cards(page).nth(2).getByText('Who can read it, and why').click();
    for (const text of ['What holds it down', 'Who sees that you write', 'How the points add up', 'What would raise it']) await cards(page).nth(2).getByText(text).first().waitFor();
    await cards(page).nth(2).getByRole('link', { name: 'Ana Moreau' }).click();
    await page.getByRole('heading', { level: 1, name: 'Ana Moreau' }).waitFor();
  });

  test('are linked from “My privacy” and from where it says who can read', async () => {
    const { page } = await visit({ hash: '#/settings/mine' });
    await page.getByRole('link', { name: 'Your routes, ranked' }).click();
    await cards(page).first().waitFor();
    await page.evaluate(() => (location.hash = '#/people/p00000000000000000000000001'));
    await page.getByText('Why?').click();
    assert.equal(await page.getByRole('dialog').getByRole('link', { name: 'Your routes, ranked' }).getAttribute('href'), '#/settings/routes');
  });

  test('say what was not counted, and whom nothing would reach', async () => {
    const { page } = await visit({ before: ({ account }) => {
      account.routes.isComplete = false;
      account.people.make({ name: 'Gone', handles: ['email:gone@nowhere.example'] });
      account.people.looked.add('email:gone@nowhere.example');
    } });
    await page.getByText('Of 8 people the way was looked at. Nothing would reach 1 of them. There are more: the first 2,000 are counted.').waitFor();
  });

  test('while nobody was looked at, it says what to do', async () => {
    const { page } = await visit({ before: ({ account }) => account.people.looked.clear() });
    await page.getByText('Nobody’s way was looked at yet.').waitFor();
    assert.equal(await page.getByRole('link', { name: 'To the people' }).getAttribute('href'), '#/people');
  });

  test('are read in Italian, and what failed is tried again', async () => {
    const { page } = await visit({ locale: 'it-IT', before: ({ account, state }) => {
      account.language = 'it';
      state.failures.push({ method: 'Route/get', status: 503, type: 'server' });
    } });
    await page.getByRole('button', { name: 'Riprova' }).click();
    await page.getByText('Posta trasportata da Gmail').waitFor();
    await page.getByText('Gmail può leggere questo messaggio.').waitFor();
  });

  for (const options of [{ colorScheme: 'light' }, { colorScheme: 'dark' }, { viewport: { width: 320, height: 700 } }]) {
    test(`are accessible and fit: ${JSON.stringify(options)}`, async () => {
      const { page } = await visit(options);
      await cards(page).nth(2).waitFor();
      await cards(page).nth(2).getByText('Who can read it, and why').click();
      await page.evaluate(AXE);
      const { violations } = await page.evaluate((tags) => window.axe.run({ runOnly: tags }), TAGS);
      assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), []);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing stands beyond the edge');
    });
  }
});
