// How fast the application answers a person: opening, sending, keys, scrolling through a hundred thousand conversations.

import { launch, open } from '../tests/support/browser.mjs';
import { start } from '../tests/support/mock-server.mjs';
import { median, quantile, rounds } from './support.mjs';

const CONVERSATIONS = 100_000;
const SCROLL_MS = 4_000;
const MIB = 1024 * 1024;

/** From a click to an element in the document that was not there, and the frame that shows it. */
const reaction = (page, clicked, awaited) => page.evaluate(([click, wait]) => new Promise((done) => {
  const began = performance.now();
  const look = () => {
    if (!document.querySelector(wait)) return;
    observer.disconnect();
    done(performance.now() - began);
  };
  const observer = new MutationObserver(look);
  observer.observe(document.body, { childList: true, subtree: true, characterData: true });
  document.querySelector(click).click();
}), [clicked, awaited]);

/** Opens some conversations, so that they are known; then goes back and forth between two of them. */
async function opening(page) {
  const hrefs = await page.locator('[data-row]').evaluateAll((all) => all.slice(8, 12).map((row) => row.getAttribute('href')));
  const known = [];
  for (const href of hrefs) {
    await page.locator(`[data-row][href="${href}"]`).click();
    await page.waitForFunction((wanted) => location.hash === wanted && document.querySelector('article.card:not(:has(.wait))'), href);
    await page.waitForTimeout(500);
    known.push({ href, message: await page.locator('article.card').last().getAttribute('data-message') });
  }
  return rounds(12, async (round) => {
    const { href, message } = known[round % 2];
    const ms = await reaction(page, `[data-row][href="${href}"]`, `article.card[data-message="${message}"]:not(:has(.wait))`);
    await page.waitForTimeout(250);
    return ms;
  });
}

const sending = (page) => rounds(5, async () => {
  await page.locator('.answer .line').click();
  await page.locator('.composer textarea').fill('Once more.');
  await page.locator('.save[data-state=saved]').waitFor();
  const ms = await reaction(page, '.composer .send', '[data-outgoing]');
  await page.waitForFunction(() => !document.querySelector('[data-outgoing]') && document.querySelector('.answer .line'));
  return ms;
});

/** The longest of what the browser itself measured between an input and the frame after it (Event Timing). */
async function inputs(page, act) {
  await page.evaluate(() => {
    window.inputMs = [];
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => entry.interactionId && window.inputMs.push(entry.duration))).observe({ type: 'event', durationThreshold: 16, buffered: false });
  });
  await act();
  await page.waitForTimeout(500);
  return page.evaluate(() => window.inputMs);
}

async function keys(page) {
  await page.locator('[data-row]').first().focus();
  for (let press = 0; press < 25; press++) {
    await page.keyboard.press(press % 5 === 4 ? 'k' : 'j');
    await page.waitForTimeout(60);
  }
  for (const name of ['Unread', 'Unread']) await page.getByRole('button', { name, exact: true }).click();
}

async function scrolling(page) {
  await page.mouse.move(300, 500);
  await page.evaluate((ms) => {
    window.frames16 = [];
    window.rowsMost = 0;
    let last = performance.now();
    const end = last + ms;
    const frame = (now) => {
      window.frames16.push(now - last);
      last = now;
      window.rowsMost = Math.max(window.rowsMost, document.querySelectorAll('section.list li').length);
      if (now < end) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }, SCROLL_MS);
  const end = Date.now() + SCROLL_MS;
  for (let turn = 0; Date.now() < end; turn++) {
    await page.mouse.wheel(0, turn % 60 === 59 ? 400_000 : 120);
    await page.waitForTimeout(16);
  }
  await page.waitForTimeout(500);
  return page.evaluate(() => ({ frames: window.frames16.slice(1), rows: window.rowsMost }));
}

export async function doing(table) {
  const server = await start({ conversations: CONVERSATIONS });
  const browser = await launch();
  try {
    const { page } = await open(browser);
    page.setDefaultTimeout(30_000);
    await page.goto(server.url);
    await page.locator('[data-row]').first().waitFor();
    table.row('a message that was read, opened again', median(await opening(page)), 50, ' ms');
    table.row('Send to the bubble', median(await sending(page)), 50, ' ms');
    await page.goto(`${server.url}/#/inbox`);
    table.row('input to the next frame, 98 of 100 (list keys, clicks)', quantile(await inputs(page, () => keys(page)), 0.98) ?? 0, 80, ' ms');
    const { frames, rows } = await scrolling(page);
    table.row(`frames a second, scrolling ${CONVERSATIONS} conversations`, frames.length / (frames.reduce((sum, ms) => sum + ms, 0) / 1000), 55, '', { atLeast: true });
    table.row('rows in the document meanwhile', rows, 60, '');
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('HeapProfiler.collectGarbage');
    table.row('heap after it', (await devtools.send('Runtime.getHeapUsage')).usedSize / MIB, 50, ' MiB');
  } finally {
    await browser.close();
    await server.stop();
  }
}
