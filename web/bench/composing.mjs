// How soon the index of a letter follows its recipients, from what is known of each of them.

import { launch, open } from '../tests/support/browser.mjs';
import { chipSays, removing } from '../tests/support/chip.mjs';
import { start } from '../tests/support/mock-server.mjs';
import { median, rounds } from './support.mjs';

const TIMES = 12;
const write = (page, addresses) => page.getByRole('combobox', { name: 'To' }).fill(`${addresses},`);

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
