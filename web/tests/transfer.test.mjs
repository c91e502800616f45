// Import and export: a file goes in with its progress, is paused, goes on, loses its connection, is cancelled, says
// what it could not read; everything comes out as a file.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { start } from './support/mock-server.mjs';
import { tabs } from './support/tabs.mjs';

const POSTMARK = 'From ana@example.org Fri Mar  1 12:00:00 2024\n';
const mbox = (messages) => Buffer.from(`${POSTMARK}Subject: old\n\n${'A line of an old letter.\n'.repeat(40)}\n`.repeat(messages));
const file = (name, buffer) => ({ name, mimeType: 'application/mbox', buffer });

const session = tabs();

async function arrive() {
  const server = await start();
  session.atEnd(server.stop);
  const { page, complaints } = await session.open();
  await page.goto(`${server.url}/#/settings/transfer`);
  await page.getByText('Nothing yet.').waitFor();
  return { page, server, complaints };
}

const row = (page, name) => page.locator('li', { hasText: name });

describe('import', () => {
  test('files come in one after the other, and the report says what could not be read', async () => {
    const { page, complaints } = await arrive();
    const broken = Buffer.concat([mbox(3), Buffer.from(`${POSTMARK}broken\n`)]);
    await page.getByLabel('choose files').setInputFiles([file('old.mbox', mbox(20)), file('worse.mbox', broken)]);
    await row(page, 'old.mbox').getByText('Done').waitFor();
    await row(page, 'worse.mbox').getByText('Done').waitFor();
    assert.match(await row(page, 'old.mbox').innerText(), /20 messages/);
    assert.match(await row(page, 'worse.mbox').innerText(), /3 messages · 1 could not be read/);
    await row(page, 'worse.mbox').getByText('What could not be read').click();
    assert.match(await row(page, 'worse.mbox').innerText(), /Message 3, at byte \d.*: it has no header, so it is no message/);
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save the report' }).click();
    assert.match(await readFile(await (await saving).path(), 'utf8'), /^worse\.mbox\n\nMessage 3/);
    await page.getByRole('button', { name: 'Remove worse.mbox from this list' }).click();
    await row(page, 'worse.mbox').waitFor({ state: 'detached' });
    assert.deepEqual(complaints, []);
  });

  test('the place that is chosen is the one that is asked for', async () => {
    const { page, server } = await arrive();
    await page.getByLabel('to the archive').check();
    await page.getByLabel('choose files').setInputFiles(file('old.mbox', mbox(1)));
    await row(page, 'old.mbox').getByText('Done').waitFor();
    assert.equal([...server.account.transfers.all.values()][0].place, 'archive');
  });

  test('a file that is dropped comes in', async () => {
    const { page } = await arrive();
    const dropped = await page.evaluateHandle((text) => {
      const carried = new DataTransfer();
      carried.items.add(new File([text], 'dropped.mbox'));
      return carried;
    }, mbox(2).toString());
    await page.locator('.drop').dispatchEvent('drop', { dataTransfer: dropped });
    await row(page, 'dropped.mbox').getByText('Done').waitFor();
  });

  test('it is paused and goes on, and shows how far it came', async () => {
    const { page, server } = await arrive();
    server.account.transfers.pause = 150;
    await page.getByLabel('choose files').setInputFiles(file('large.mbox', mbox(600)));
    const bar = page.getByRole('progressbar', { name: 'large.mbox' });
    await bar.waitFor();
    await page.getByText(/\d+ messages/).first().waitFor();
    await page.getByRole('button', { name: 'Pause large.mbox' }).click();
    await row(page, 'large.mbox').getByText('Paused').waitFor();
    const [one] = server.account.transfers.all.values();
    assert.ok(one.bytes < one.size, 'it did not come in whole');
    server.account.transfers.pause = 0;
    await page.getByRole('button', { name: 'Go on with large.mbox' }).click();
    await row(page, 'large.mbox').getByText('Done').waitFor();
    assert.equal(server.account.transfers.all.get(one.id).bytes, one.size, 'each byte once');
  });

  test('a connection that is lost is found again by itself', async () => {
    const { page, server } = await arrive();
    server.account.transfers.breakAt = 100_000;
    await page.getByLabel('choose files').setInputFiles(file('large.mbox', mbox(600)));
    await row(page, 'large.mbox').getByText('Done').waitFor();
    const [one] = server.account.transfers.all.values();
    assert.equal(one.bytes, one.size, 'each byte once');
    const asked = server.state.seen.filter((url) => url.startsWith('/jmap/import/'));
    assert.match(asked.at(-1), /offset=[1-9]\d*$/, 'from where it stood');
  });

  test('after a reload the same file is asked for, and no other', async () => {
    const { page, server } = await arrive();
    server.account.transfers.add({ name: 'old.mbox', size: mbox(9).length, bytes: 500, resumeAt: 500, state: 'paused' });
    await page.reload();
    await page.getByText('Choose this file again to go on').waitFor();
    const again = row(page, 'old.mbox').locator('input[type=file]');
    await again.setInputFiles(file('other.mbox', mbox(9)));
    await page.getByText('This is another file').waitFor();
    await again.setInputFiles(file('old.mbox', mbox(9)));
    await row(page, 'old.mbox').getByText('Done').waitFor();
    const asked = server.state.seen.find((url) => url.startsWith('/jmap/import/'));
    assert.match(asked, /offset=500$/);
  });

  test('it is cancelled, and what came in stays', async () => {
    const { page, server } = await arrive();
    server.account.transfers.pause = 150;
    await page.getByLabel('choose files').setInputFiles(file('large.mbox', mbox(600)));
    await page.getByText(/[1-9]\d* messages/).first().waitFor();
    await page.getByRole('button', { name: 'Cancel large.mbox' }).click();
    await page.getByText('What had come in stays.').waitFor();
    await row(page, 'large.mbox').getByText('Cancelled').waitFor();
    assert.ok([...server.account.transfers.all.values()][0].stored > 0);
  });
});

test('everything comes out as a file', async () => {
  const { page, server } = await arrive();
  for (const [name, as] of [['Export everything', 'archive'], ['Messages alone, as mbox', 'mbox']]) {
    const saving = page.waitForEvent('download');
    await page.getByRole('link', { name }).click();
    assert.equal(await readFile(await (await saving).path(), 'utf8'), 'everything');
    assert.ok(server.state.seen.some((url) => url.endsWith(`?as=${as}`)));
  }
});
