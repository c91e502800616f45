// How soon the index of a letter follows its recipients, from what is known of each of them.

import { launch, open } from '../tests/support/browser.mjs';
import { start } from '../tests/support/mock-server.mjs';
import { median, rounds } from './support.mjs';

const TIMES = 12;
const chipSays = (page, text) => page.locator('.bar .route').filter({ hasText: text }).waitFor();
const write = (page, addresses) => page.getByRole('combobox', { name: 'To' }).fill(`${addresses},`);

/** From the click that removes the last recipient to the chip's other words. */
const removing = (page, words) => page.evaluate((wanted) => new Promise((done) => {
  const began = performance.now();
  new MutationObserver((_, observer) => {
    if (!document.querySelector('.bar .route').textContent.includes(wanted)) return;
    observer.disconnect();
    done(performance.now() - began);
  }).observe(document.querySelector('.bar'), { childList: true, subtree: true, characterData: true });
  document.querySelector('.recipients .chip:last-of-type button').click();
}), words);

export async function composing(table) {
  const server = await start({});
  const browser = await launch();
  try {
    const { page } = await open(browser);
    await page.goto(`${server.url}/#/compose/new`);
    await page.locator('.composer').waitFor();
    await write(page, 'bo@example.net');
    await chipSays(page, 'In transit ~12');
    // Each time with somebody else as well: a combination that nobody asked for.
    const times = await rounds(TIMES, async (round) => {
      await write(page, `friend${round}@caliopen.example`);
      await write(page, 'ana@gmail.example');
      await chipSays(page, 'Postcard ~3');
      return removing(page, 'In transit');
    });
    table.row('chip after a change of recipients, known ones', median(times), 50, ' ms');
  } finally {
    await browser.close();
    await server.stop();
  }
}
