// Write → take back → send → be answered → see it delivered: two people of one server, each in their own language.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { tabs } from '../tests/support/tabs.mjs';
import { startCaliopen } from './support/caliopen.mjs';
import { arrive, PASSWORD } from './support/person.mjs';

const BOB = 'bob@example.org';
const UNDO_MS = 5_000;
/** The queue sends when its time has come; the rest is room for a busy machine. */
const ARRIVES_MS = UNDO_MS + 30_000;

const session = tabs();

async function tab(locale) {
  const made = await session.open({ locale });
  await made.context.addInitScript((undoMs) => {
    if (location.protocol === 'http:') localStorage.setItem('caliopen.preferences', JSON.stringify({ undoMs }));
  }, UNDO_MS);
  return made;
}

function addBob(data) {
  const { status, stderr } = spawnSync(process.env.CALIOPEN_PROGRAM, ['--data', data, 'account', 'add', BOB, '--language', 'it'], { input: `${PASSWORD}\n`, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
}

async function signIn(page, url) {
  await page.goto(new URL(url).origin);
  await page.locator('input[name=username]').fill(BOB);
  await page.locator('input[type=password]').fill(PASSWORD);
  await Promise.all([page.waitForResponse((answer) => answer.url().endsWith('/auth/login') && answer.ok()), page.locator('button.primary').click()]);
  // The welcome is another journey's.
  await page.goto('about:blank');
  await page.goto(`${new URL(url).origin}/#/inbox`);
  await page.locator('section.list').waitFor();
}

describe('write, take back, send, be answered', () => {
  test('alice writes to bob, takes it back once, sends it; bob answers; alice sees it delivered', async () => {
    const server = await startCaliopen();
    session.atEnd(server.stop);
    const alice = await tab('en');
    await arrive(alice.page, server.url);
    addBob(server.data);
    const bob = await tab('it');
    await signIn(bob.page, server.url);

    const { page } = alice;
    await page.keyboard.press('c');
    await page.getByRole('combobox', { name: 'To' }).fill(BOB);
    await page.getByRole('combobox', { name: 'To' }).press('Enter');
    await page.getByLabel('Subject').fill('The lighthouse');
    const text = page.getByRole('textbox', { name: 'Message', exact: true });
    await text.fill('Shall we climb it on Sundy?');
    await page.locator('.save[data-state=saved]').waitFor();
    await text.press('Control+Enter');
    await page.getByRole('button', { name: 'Undo' }).click();
    await text.waitFor();
    assert.equal(await text.inputValue(), 'Shall we climb it on Sundy?');
    await text.fill('Shall we climb it on Sunday?');
    await page.locator('.save[data-state=saved]').waitFor();
    await text.press('Control+Enter');
    await page.locator('.card.mine').getByText('on Sunday?').waitFor();

    await bob.page.locator('[data-row]').first().waitFor({ timeout: ARRIVES_MS });
    assert.equal(await bob.page.locator('[data-row]').count(), 1, 'what was taken back never left');
    await bob.page.locator('[data-row]').first().click();
    await bob.page.locator('.card').getByText('Shall we climb it on Sunday?').waitFor();
    await page.locator('.fate').getByText('Delivered').click({ timeout: ARRIVES_MS });
    await page.getByText('without leaving this server').waitFor();
    await page.keyboard.press('Escape');

    await bob.page.locator('.answer .line').click();
    await bob.page.locator('.composer textarea').fill('Volentieri, alle dieci.');
    await bob.page.locator('.composer textarea').press('Control+Enter');
    await page.locator('.card').getByText('Volentieri, alle dieci.').waitFor({ timeout: ARRIVES_MS });
    assert.equal(await page.locator('[data-row]').count(), 1, 'the answer stands in the same conversation');
    assert.deepEqual(alice.complaints.filter((one) => !/401/.test(one)), []);
    assert.deepEqual(bob.complaints.filter((one) => !/401/.test(one)), []);
  });
});
