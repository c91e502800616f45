// How soon the inbox can be used: the first time, and again, with and without a network.

import { launch, open } from '../tests/support/browser.mjs';
import { PASSWORD, start } from '../tests/support/mock-server.mjs';
import { median, rounds, slow } from './support.mjs';

const WORD = 'usable after';
/**
 * Says when the first conversation stands on the screen, in milliseconds since the page was asked for. It says it by the
 * console: a script that waits for it would be compiled, and asked again and again, in the time that is measured.
 */
const WATCH = (word) => {
  let isSaid = false;
  const say = () => setTimeout(() => {
    if (!isSaid) console.debug(word, performance.now());
    isSaid = true;
  });
  const seen = () => !isSaid && document.querySelector('[data-row]') && requestAnimationFrame(say);
  new MutationObserver(seen).observe(document, { childList: true, subtree: true });
};
/** What the page says after this navigation. */
async function usable(page, navigate) {
  const said = page.waitForEvent('console', { predicate: (message) => message.text().startsWith(WORD), timeout: 30_000 });
  await navigate();
  return Number((await said).text().slice(WORD.length));
}

/** As people do: what is asked for is signed from then on, and the first answer sealed. */
async function signIn(page, url) {
  await page.goto(url);
  await page.locator('input[name=username]').fill('alice@example.org');
  await page.locator('input[type=password]').fill(PASSWORD);
  await page.locator('button.primary').click();
  await page.locator('[data-row]').first().waitFor();
}

/** A browser that has its keys and nothing else. */
async function cold(browser, server) {
  const { url } = server;
  server.state.signedIn = false;
  const { context, page: before } = await open(browser);
  await signIn(before, url);
  await before.close();
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.clearBrowserCache');
  await page.addInitScript(WATCH, WORD);
  await slow(page);
  const ms = await usable(page, () => page.goto(url, { waitUntil: 'commit' }));
  await context.close();
  return ms;
}

/** A browser that was here before, and keeps its mail. */
async function known(browser, server) {
  const { url } = server;
  server.state.signedIn = false;
  const { context, page } = await open(browser, { serviceWorkers: 'allow' });
  await context.addInitScript(() => location.protocol === 'http:' && localStorage.setItem('caliopen.preferences', JSON.stringify({ offline: true })));
  await signIn(page, url);
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated', null, { timeout: 60_000 });
  await page.waitForFunction(() => indexedDB.databases().then((all) => all.some(({ name }) => name === 'caliopen')));
  await page.waitForTimeout(3_000);
  await page.addInitScript(WATCH, WORD);
  return { context, page };
}

const again = (page) => usable(page, () => page.reload({ waitUntil: 'commit' }));

export async function loading(table, { times }) {
  const server = await start({ conversations: 500 });
  const browser = await launch();
  try {
    await cold(browser, server);
    table.row('inbox usable, first time (Fast 4G, CPU × 4)', median(await rounds(times, () => cold(browser, server))), 1_200, ' ms');
    const { context, page } = await known(browser, server);
    table.row('inbox usable again', median(await rounds(times, () => again(page))), 300, ' ms');
    const asBefore = await slow(page);
    table.row('inbox usable again (Fast 4G, CPU × 4)', median(await rounds(times, () => again(page))), 600, ' ms');
    await asBefore();
    await context.setOffline(true);
    server.cut();
    table.row('inbox usable again, without a network', median(await rounds(times, () => again(page))), 300, ' ms');
    await context.close();
  } finally {
    await browser.close();
    await server.stop();
  }
}
