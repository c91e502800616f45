// Without a network, with the real binary: what was read is read again, what is written waits and leaves once.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { tabs } from '../tests/support/tabs.mjs';
import { deliver, startCaliopen } from './support/caliopen.mjs';
import { wire } from './support/wire.mjs';
import { ALICE, arrive, PASSWORD } from './support/person.mjs';

const SLOW = { timeout: 40_000 };
const session = tabs();

/** Alice at her own computer: mail stays readable on it. */
async function begin(locale) {
  const server = await startCaliopen();
  session.atEnd(server.stop);
  const between = await wire(server.url);
  session.atEnd(between.stop);
  const tab = await session.open({ locale, serviceWorkers: 'allow' });
  await tab.context.addInitScript(() => {
    if (location.protocol !== 'http:') return;
    const stored = JSON.parse(localStorage.getItem('caliopen.preferences') ?? '{}');
    localStorage.setItem('caliopen.preferences', JSON.stringify({ ...stored, offline: true, undoMs: 0 }));
  });
  const { page } = tab;
  page.setDefaultTimeout(20_000);
  await arrive(page, server.url.replace(new URL(server.url).origin, between.origin));
  await deliver(server.smtpPort, ALICE, `From: Bob <bob@example.org>\nTo: ${ALICE}\nSubject: The viola\nMessage-ID: <one@sender.test>\n\nShall we play on Sunday?`);
  await page.locator('[data-row]').first().waitFor(SLOW);
  await page.locator('[data-row]').first().click();
  await page.locator('.card').getByText('Shall we play on Sunday?').waitFor();
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated', null, SLOW);
  await kept(page, 'content');
  const lose = async () => {
    between.cut();
    await tab.context.setOffline(true);
  };
  const regain = async () => {
    between.mend();
    await tab.context.setOffline(false);
  };
  return { server, between, lose, regain, ...tab };
}
const rooms = (page) => page.evaluate(() => new Promise((resolve) => {
  const request = indexedDB.open('caliopen');
  request.onsuccess = () => {
    const all = request.result.transaction('records').objectStore('records').getAllKeys();
    all.onsuccess = () => (request.result.close(), resolve(all.result.map(([, room]) => room)));
  };
}));
async function kept(page, room) {
  for (let tries = 0; tries < 200; tries++) {
    if ((await rooms(page)).includes(room)) return;
    await page.waitForTimeout(100);
  }
  assert.fail(`${room} is not kept`);
}
/** Everything that the server has of the conversation, as another program of Alice's sees it. */
async function sent({ url }) {
  const post = async (path, body, headers = {}) => {
    const answer = await fetch(new URL(path, new URL(url).origin), { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) });
    return answer.json();
  };
  const { token, accountId } = await post('/auth/login', { address: ALICE, password: PASSWORD, client: 'a script' });
  const methodCalls = [
    ['Draft/query', { accountId }, 'dq'],
    ['Draft/get', { accountId, '#ids': { resultOf: 'dq', name: 'Draft/query', path: '/ids' } }, 'd'],
    ['Submission/query', { accountId }, 'q'],
    ['Submission/get', { accountId, '#ids': { resultOf: 'q', name: 'Submission/query', path: '/ids' } }, 's'],
  ];
  const { methodResponses } = await post('/jmap/api', { using: ['urn:ietf:params:jmap:core', 'urn:caliopen:params:jmap:correspondence'], methodCalls }, { Authorization: `Bearer ${token}` });
  const [, drafts, , submissions] = methodResponses.map(([, args]) => args);
  return { drafts: drafts.list.length, submissions: submissions.list.length };
}

describe('without a network', () => {
  test('what was read is read again after a reload (English)', async () => {
    const { page, lose, regain, complaints } = await begin('en-GB');
    await lose();
    await page.reload();
    await page.locator('.card').getByText('Shall we play on Sunday?').waitFor();
    await page.getByText('You are offline').first().waitFor();
    await regain();
    await page.getByText('You are offline').first().waitFor({ state: 'detached', ...SLOW });
    assert.deepEqual(complaints.filter((one) => !/401|ERR_|Failed to load/.test(one)), []);
  });

  test('one writes on, sends, and the message leaves once, though the network breaks while it does (français)', async () => {
    const { server, page, between, lose, regain } = await begin('fr-FR');
    await page.locator('.answer .line').click();
    const text = page.getByRole('textbox', { name: 'Message', exact: true });
    await text.fill('Dimanche,');
    await page.locator('.save[data-state=saved]').waitFor();
    await lose();
    await text.fill('Dimanche, avec plaisir.');
    await page.getByText('Gardé sur cet appareil jusqu’au retour du réseau').waitFor();
    await kept(page, 'writing');
    await page.waitForTimeout(600);
    await page.reload();
    await text.waitFor();
    assert.equal(await text.inputValue(), 'Dimanche, avec plaisir.');
    await text.press('Control+Enter');
    await page.locator('[data-outgoing]').getByText('Attend le réseau').waitFor();
    await page.waitForTimeout(600);
    await page.reload();
    await page.locator('[data-outgoing]').getByText('Attend le réseau').waitFor();

    between.deafTo('Submission/set');
    await regain();
    await page.locator('[data-outgoing]').getByText('Le réseau s’est coupé pendant le départ').waitFor(SLOW);
    await page.reload();
    await page.locator('[data-outgoing]').getByText('Le réseau s’est coupé pendant le départ').waitFor();
    between.mend();
    await page.locator('.card.mine').getByText('Dimanche, avec plaisir.').waitFor(SLOW);
    await page.waitForFunction(() => !document.querySelector('[data-outgoing]'), null, SLOW);
    assert.deepEqual(await sent(server), { drafts: 0, submissions: 1 });
    assert.equal(await page.locator('.card.mine').count(), 1);
  });
});
