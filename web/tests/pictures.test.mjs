// Pictures that a message wants from elsewhere: held back, fetched by the server when the reader asks, or always for one sender.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { start } from './support/mock-server.mjs';
import { tabs } from './support/tabs.mjs';

const session = tabs();

async function newsletter() {
  const server = await start({});
  session.atEnd(server.stop);
  const { page } = await session.open();
  await page.goto(server.url);
  await page.locator('.row', { hasText: 'Night Train' }).locator('[data-row]').click();
  await page.locator('iframe').first().waitFor();
  const fetched = () => server.state.seen.filter((path) => path.startsWith('/jmap/picture/'));
  const map = page.frameLocator('iframe').first().locator('img[alt="map of the station"]');
  return { page, server, fetched, map };
}
const source = (image) => image.evaluate((one) => one.getAttribute('src'));

test('nothing is fetched until the reader asks; then the server is asked, and what cannot be had is said', async () => {
  const { page, fetched, map } = await newsletter();
  assert.equal(await source(map), null);
  await page.getByText('the sender learns that this was read, not where').first().waitFor();
  assert.deepEqual(fetched(), []);
  await page.getByRole('button', { name: 'Show the pictures' }).click();
  await page.getByText('1 picture could not be had.').waitFor();
  await page.frameLocator('iframe').first().locator('img[alt="map of the station"][src^="data:image/png"]').waitFor();
  assert.deepEqual(fetched().map((path) => path.split('/').at(-1)).toSorted(), ['0', '1']);
});

test('always for one sender: the next time they are there at once, until it is taken back in the settings', async () => {
  const { page, server, fetched } = await newsletter();
  await page.getByRole('button', { name: /^Always for/ }).click();
  await page.getByText('The pictures were fetched by your server').waitFor();
  const before = fetched().length;
  await page.goto(`${server.url}/#/settings/privacy`);
  await page.goto(server.url);
  await page.locator('.row', { hasText: 'Night Train' }).locator('[data-row]').click();
  await page.getByText('The pictures were fetched by your server').waitFor();
  assert.ok(fetched().length > before);
  const shop = [...server.account.contacts.values()].find((contact) => contact.showsPictures);
  assert.equal(shop.state, 'suggested');
});
