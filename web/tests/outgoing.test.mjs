// What a person writes and does without a network: it waits, survives the page, and reaches the server once.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { start } from './support/mock-server.mjs';
import { tabs } from './support/tabs.mjs';

const session = tabs();
/** Broken connections are tried again after pauses that grow. */
const BACK = { timeout: 20_000 };

async function visit({ keeping = true } = {}) {
  const server = await start();
  session.atEnd(server.stop);
  const tab = await session.open({ serviceWorkers: 'allow' });
  await tab.context.addInitScript((offline) => localStorage.setItem('caliopen.preferences', JSON.stringify({ offline, undoMs: 0 })), keeping);
  await tab.page.goto(server.url);
  await tab.page.locator('[data-row]').first().waitFor();
  await ready(tab.page);
  const lose = async () => {
    server.cut();
    await tab.context.setOffline(true);
  };
  const regain = async () => {
    server.mend();
    await tab.context.setOffline(false);
  };
  return { server, sending: server.account.sending, lose, regain, ...tab };
}
/** Until the worker serves the page, and the browser has the key of what it keeps. */
async function ready(page) {
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated', null, { timeout: 20_000 });
  await page.waitForFunction(() => indexedDB.databases().then((all) => all.some((one) => one.name === 'caliopen')));
}
const row = (page, text) => page.locator('.row').filter({ hasText: text }).locator('[data-row]').first();
const body = (page) => page.getByRole('textbox', { name: 'Message', exact: true });
const written = (page) => page.evaluate(() => new Promise((resolve) => {
  const request = indexedDB.open('caliopen');
  request.onsuccess = () => {
    const all = request.result.transaction('records').objectStore('records').getAllKeys();
    all.onsuccess = () => (request.result.close(), resolve(all.result.filter(([, room]) => room === 'writing' || room === 'deeds').length));
  };
}));
async function until(check, what) {
  for (let tries = 0; tries < 150; tries++) {
    if (await check()) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  assert.fail(what);
}
const sentTexts = (server) => [...server.account.messages.values()].filter(({ summary }) => summary.direction === 'sent' && /^m0+\w+$/.test(summary.id) && summary.excerpt.includes('viola')).map(({ summary }) => summary.excerpt);
async function answer(page, text) {
  await row(page, 'Ana Moreau').click();
  await page.getByRole('button', { name: 'Answer Ana Moreau…' }).click();
  await body(page).fill(text);
}

describe('words that are written without a network', () => {
  test('are kept here, outlive the page, and become one draft', async () => {
    const { page, server, sending, lose, regain } = await visit();
    await row(page, 'Ana Moreau').click();
    await page.locator('.card').getByText('Perfect, thank you.').first().waitFor();
    await lose();
    await page.getByRole('button', { name: 'Answer Ana Moreau…' }).click();
    await body(page).fill('I bring the viola');
    await page.getByText('Kept on this device').waitFor(BACK);
    await body(page).fill('I bring the viola and the chairs.');
    await page.waitForTimeout(800);
    assert.equal(sending.drafts.size, 0);
    await page.reload();
    await page.locator('.composer textarea').waitFor(BACK);
    assert.equal(await body(page).inputValue(), 'I bring the viola and the chairs.');
    await regain();
    await page.locator('.save[data-state=saved]').waitFor(BACK);
    assert.deepEqual([...sending.drafts.values()].map(({ text }) => text), ['I bring the viola and the chairs.']);
    await until(async () => (await written(page)) === 0, 'what the server has is no longer kept here');
    assert.ok(server.account.sending.drafts.size === 1);
  });

  test('go on with a draft that the server has; the signature stays one', async () => {
    const { page, server, sending, lose, regain } = await visit();
    for (const one of server.account.desk.identities.values()) one.textSignature = 'Alice Martin';
    await answer(page, 'The viola');
    await page.locator('.save[data-state=saved]').waitFor();
    await lose();
    await body(page).fill('The viola is yours.');
    await page.getByText('Kept on this device').waitFor(BACK);
    await until(async () => (await written(page)) === 1, 'the words are kept here');
    await page.reload();
    await body(page).waitFor(BACK);
    assert.equal(await body(page).inputValue(), 'The viola is yours.');
    await regain();
    await page.locator('.save[data-state=saved]').waitFor(BACK);
    assert.deepEqual([...sending.drafts.values()].map(({ text }) => text), ['The viola is yours.\n\n-- \nAlice Martin\n']);
    await until(async () => (await written(page)) === 0, 'what the server has is no longer kept here');
  });

  test('make one draft when the answer to saving them is lost, and no conflict with themselves', async () => {
    const { page, server, sending, lose, regain } = await visit();
    server.state.deafTo = 'Draft/set';
    await answer(page, 'The viola is mended.');
    await page.getByText('Kept on this device').waitFor(BACK);
    assert.equal(sending.drafts.size, 1, 'the server has it, and nobody here knows');
    await body(page).fill('The viola is mended. Come and see.');
    await regain();
    await page.locator('.save[data-state=saved]').waitFor(BACK);
    assert.deepEqual([...sending.drafts.values()].map(({ text }) => text), ['The viola is mended. Come and see.']);

    server.state.deafTo = 'Draft/set';
    await body(page).fill('The viola is mended. Come and see it.');
    await page.getByText('Kept on this device').waitFor(BACK);
    await lose();
    await body(page).fill('The viola is mended. Come and hear it.');
    await regain();
    await page.locator('.save[data-state=saved]').waitFor(BACK);
    assert.deepEqual([...sending.drafts.values()].map(({ text, conflictOf }) => [text, conflictOf]), [['The viola is mended. Come and hear it.', null]]);
  });
});

describe('a message that is sent without a network', () => {
  test('waits, outlives the page, can be taken back, and leaves once', async () => {
    const { page, server, sending, lose, regain } = await visit();
    await answer(page, 'I bring the viola.');
    await page.locator('.save[data-state=saved]').waitFor();
    await lose();
    await page.getByText('You are offline').first().waitFor();
    await page.locator('.composer .send').click();
    await page.locator('[data-outgoing]').getByText('Waits for the network').waitFor();
    await page.getByText('1 thing waits').waitFor();
    await page.locator('[data-outgoing]').getByRole('button', { name: 'Take back' }).click();
    await body(page).waitFor();
    assert.equal(await body(page).inputValue(), 'I bring the viola.');
    await body(page).fill('I bring the viola, and Bo.');
    await page.locator('.composer .send').click();
    await page.locator('[data-outgoing]').getByText('Waits for the network').waitFor();
    await until(async () => (await written(page)) > 0, 'it is kept here');
    await page.waitForTimeout(300);
    await page.reload();
    await page.locator('[data-outgoing]').getByText('Waits for the network').waitFor(BACK);
    await page.goto(`${server.url}/#/drafts`);
    await page.getByRole('heading', { name: 'Waiting for the network' }).waitFor();
    await page.getByText('I bring the viola, and Bo.').first().waitFor();
    assert.equal(sending.submissions.size, 0);
    await regain();
    await until(() => sending.submissions.size === 1, 'it leaves');
    await until(async () => (await written(page)) === 0, 'nothing waits here any more');
    await page.reload();
    await page.locator('[data-row]').first().waitFor();
    await page.waitForTimeout(1_500);
    assert.deepEqual(sentTexts(server), ['I bring the viola, and Bo.']);
    assert.equal(sending.drafts.size, 0);
  });

  test('is not sent again when only the answer was lost', async () => {
    const { page, server, sending, regain } = await visit();
    await answer(page, 'The viola, once.');
    await page.locator('.save[data-state=saved]').waitFor();
    server.state.deafTo = 'Submission/set';
    await page.locator('.composer .send').click();
    await page.locator('[data-outgoing]').getByText('The network broke while it left').waitFor();
    assert.equal(await page.locator('[data-outgoing]').getByRole('button', { name: 'Take back' }).count(), 0, 'nobody can say yet whether that is true');
    await page.waitForTimeout(300);
    await page.reload();
    await page.locator('[data-outgoing]').getByText('The network broke while it left').waitFor(BACK);
    await regain();
    await page.locator('.card.mine').getByText('The viola, once.').waitFor(BACK);
    await until(async () => (await written(page)) === 0, 'nothing waits here any more');
    assert.equal(sending.submissions.size, 1);
    assert.deepEqual(sentTexts(server), ['The viola, once.']);
    assert.equal(sending.drafts.size, 0);
  });

  test('leaves from a browser that keeps no mail too, once the server says who it is', async () => {
    const { page, server, sending, lose, regain } = await visit({ keeping: false });
    await answer(page, 'The viola, from a stranger’s desk.');
    await page.locator('.save[data-state=saved]').waitFor();
    await lose();
    await page.getByText('You are offline').first().waitFor();
    await page.locator('.composer .send').click();
    await page.locator('[data-outgoing]').getByText('Waits for the network').waitFor();
    await until(async () => (await written(page)) === 1, 'it is kept here, sealed');
    await page.reload();
    await page.getByText('Caliopen does not answer').waitFor(BACK);
    assert.equal(await page.getByText('viola').count(), 0);
    await regain();
    await page.getByRole('button', { name: 'Try again' }).click();
    await until(() => sending.submissions.size === 1, 'it leaves');
    assert.deepEqual(sentTexts(server), ['The viola, from a stranger’s desk.']);
  });
});

describe('deeds without a network', () => {
  test('show at once, outlive the page, and are done in their order; the server has the last word', async () => {
    const { page, server, lose, regain } = await visit();
    const ids = [...server.account.conversations.keys()];
    const place = (index) => server.account.conversations.get(ids[index]).place;
    const archive = async (id) => {
      await page.locator(`a[data-row][href$="${id}"]`).focus();
      await page.keyboard.press('e');
      await page.locator(`a[data-row][href$="${id}"]`).waitFor({ state: 'detached' });
    };
    await lose();
    await page.getByText('You are offline').first().waitFor();
    await archive(ids[0]);
    await archive(ids[1]);
    await page.getByText('2 things wait').waitFor();
    await page.keyboard.press('z');
    await page.locator(`a[data-row][href$="${ids[1]}"]`).waitFor();
    assert.deepEqual([place(0), place(1)], ['inbox', 'inbox']);
    await until(async () => (await written(page)) === 3, 'three deeds are kept');
    await page.waitForTimeout(2_000);
    await page.reload();
    await page.locator(`a[data-row][href$="${ids[1]}"]`).waitFor(BACK);
    assert.equal(await page.locator(`a[data-row][href$="${ids[0]}"]`).count(), 0);
    server.account.refuses = ids[0];
    await regain();
    await page.getByText('could not be done').waitFor(BACK);
    await page.locator(`a[data-row][href$="${ids[0]}"]`).waitFor();
    await until(() => place(1) === 'inbox', 'the last deed follows the others');
    assert.equal(place(0), 'inbox');
    const asked = server.account.calls.filter(([name]) => name === 'Conversation/set').map(([, { update }]) => Object.entries(update).map(([id, patch]) => `${ids.indexOf(id)} ${patch.place}`).join(', '));
    assert.deepEqual(asked, ['0 archive, 1 archive', '1 inbox']);
    await until(async () => (await written(page)) === 0, 'nothing waits here any more');
  });
});
