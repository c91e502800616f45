// How soon a message that the server accepted stands on the screen: the real binary, over SMTP, in the real browser.

import { launch, open } from '../tests/support/browser.mjs';
import { deliver, startCaliopen } from '../journeys/support/caliopen.mjs';
import { quantile, rounds } from './support.mjs';

const ALICE = 'alice@example.org';
const TIMES = 20;

async function begin(page, url) {
  await page.goto(url);
  await page.locator('input[name=username]').fill(ALICE);
  await page.locator('input[type=password]').fill('four unrelated words here');
  await page.getByRole('button', { name: 'Create the account' }).click();
  await page.getByRole('button', { name: 'Skip' }).click();
  const code = (await page.locator('.code').innerText()).replace(/\s/g, '');
  await page.locator('#tail').fill(code.split('-').at(-1));
  await page.getByRole('button', { name: 'I have kept it' }).click();
  await page.locator('section.list').waitFor();
}

async function arrival(page, port, number) {
  const subject = `Arrival ${number} ${Date.now()}`;
  const shown = page.evaluate((text) => new Promise((done) => {
    const observer = new MutationObserver(() => {
      if (!document.querySelector('section.list')?.textContent.includes(text)) return;
      observer.disconnect();
      requestAnimationFrame(() => done(Date.now()));
    });
    observer.observe(document.body, { childList: true, subtree: true, characterData: true });
  }), subject);
  let accepted = 0;
  await deliver(port, ALICE, `From: Bob <bob${number}@sender.test>\nTo: ${ALICE}\nSubject: ${subject}\nMessage-ID: <${number}@sender.test>\n\nHello.`, () => (accepted = Date.now()));
  return (await shown) - accepted;
}

export async function arriving(table) {
  const server = await startCaliopen();
  const browser = await launch();
  try {
    const { page } = await open(browser);
    await begin(page, server.url);
    await page.waitForTimeout(1_500);
    const times = await rounds(TIMES, (round) => arrival(page, server.smtpPort, round));
    table.row('accepted message on the screen, 95 of 100', quantile(times, 0.95), 1_000, ' ms');
  } finally {
    await browser.close();
    await server.stop();
  }
}
