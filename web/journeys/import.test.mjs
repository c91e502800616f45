// An mbox of 10,000 messages, of our own making, comes in with its progress in sight; then the list shows it, and a word
// of one of them is found.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { tabs } from '../tests/support/tabs.mjs';
import { startCaliopen } from './support/caliopen.mjs';
import { ALICE, arrive } from './support/person.mjs';

const MESSAGES = 10_000;
const PEOPLE = 400;
/** On a machine that does other things too. */
const PATIENCE_MS = 120_000;
/** From the end of the import until what came in is found. */
const FOUND_MS_MOST = 30_000;
/** The one letter that speaks of it, and another that does in another year. */
const RARE = { word: 'clavichord', number: 4_321, later: 9_876 };

const spoken = (number) => (number === RARE.number || number === RARE.later ? `They tuned the ${RARE.word} of ${number}.\n` : '');

function mailbox() {
  const message = (number) => {
    const at = new Date(Date.UTC(2016, 0, 1) + number * 3_600_000).toUTCString().replace('GMT', '+0000');
    return `From p${number % PEOPLE}@old.test Fri Jan  1 00:00:00 2016\nFrom: Person ${number % PEOPLE} <p${number % PEOPLE}@old.test>\nTo: ${ALICE}\nSubject: Letter ${number}\nMessage-ID: <${number}@old.test>\nDate: ${at}\n\n${`Line of letter ${number}.\n`.repeat(10)}${spoken(number)}\n`;
  };
  return Array.from({ length: MESSAGES }, (_, number) => message(number)).join('');
}

const session = tabs();

/** Types the word until both letters are there, then narrows it by who wrote, and by when. */
async function findsIt(page, ended) {
  await page.evaluate(() => (location.hash = '#/inbox'));
  const field = page.locator('input[type=search]');
  const results = page.locator('.results [data-row]');
  const ask = async (words) => {
    await field.fill(words);
    await page.waitForURL((url) => decodeURIComponent(url.hash) === `#/search/${words}`);
    await page.locator('.results .rows[aria-busy=false]').waitFor();
  };
  await ask(RARE.word);
  // What is not in the index yet is asked for again.
  while ((await results.count()) < 2) {
    assert.ok(Date.now() - ended < FOUND_MS_MOST, `${await results.count()} of two found in time`);
    await ask(`${RARE.word} `.repeat(2).trim());
    await ask(RARE.word);
  }
  assert.deepEqual(await page.locator('.results mark').allInnerTexts(), [RARE.word, RARE.word]);
  const took = Date.now() - ended;
  for (const narrower of [`from:p${RARE.number % PEOPLE}@old.test`, 'before:2016-12-31']) {
    await ask(`${RARE.word} ${narrower}`);
    await page.waitForFunction(() => document.querySelectorAll('.results [data-row]').length === 1);
    assert.match(await page.locator('.results').innerText(), new RegExp(`${RARE.word} of ${RARE.number}`));
  }
  assert.ok(took <= FOUND_MS_MOST, `${took} ms`);
  return took;
}

test('10,000 old messages come in while one looks, and are there and found', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'caliopen-mbox-'));
  session.atEnd(() => rm(folder, { recursive: true }));
  const file = join(folder, 'old.mbox');
  await writeFile(file, mailbox());
  const server = await startCaliopen();
  session.atEnd(server.stop);
  const { page, complaints } = await session.open();
  await arrive(page, server.url);

  await page.evaluate(() => (location.hash = '#/settings/transfer'));
  await page.getByLabel('choose files').setInputFiles(file);
  const row = page.locator('li', { hasText: 'old.mbox' });
  await row.getByRole('progressbar').waitFor();
  const progress = new Set();
  const until = Date.now() + PATIENCE_MS;
  while (!(await row.getByText('Done').isVisible()) && Date.now() < until) {
    progress.add((await row.innerText()).match(/([\d,]+) messages/)?.[1]);
    await page.waitForTimeout(100);
  }
  assert.match(await row.innerText(), /10,000 messages/);
  assert.ok(progress.size >= 3, `progress was seen to move: ${[...progress].join(' ')}`);
  t.diagnostic(`found ${await findsIt(page, Date.now())} ms after the end of the import`);
  await page.evaluate(() => (location.hash = '#/inbox'));
  const first = page.locator('[data-row]').first();
  await first.waitFor();
  assert.match(await page.locator('.row').first().innerText(), /Person \d+/);
  await first.click();
  await page.getByText(/^Line of letter \d+\./).last().waitFor();
  assert.deepEqual(complaints.filter((text) => !/401/.test(text)), []);
});
