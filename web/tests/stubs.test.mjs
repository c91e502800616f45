// A reply to fewer people stands in another conversation: a quiet line at both ends says so, and leads there.

import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { launch, open } from './support/browser.mjs';
import { start } from './support/mock-server.mjs';

let browser, end;
before(async () => (browser = await launch()));
after(() => browser?.close());
afterEach(() => end?.());

async function visit(arrange, options = {}) {
  const server = await start();
  const order = server.account.ordered({ place: 'inbox' }, 'latestAt');
  const [group, direct] = [order[3], order.findLast((id) => server.account.conversations.get(id).people[0].name === 'Bo Lindqvist')];
  const bo = server.account.conversations.get(direct).people[0];
  const [first, second] = server.account.of(group).map(({ summary }) => summary);
  const between = new Date((Date.parse(first.receivedAt) + Date.parse(second.receivedAt)) / 2).toISOString();
  const scene = { server, group, direct, bo, between, first };
  arrange?.(scene);
  const tab = await open(browser, options);
  end = async () => {
    await tab.context.close();
    await server.stop();
  };
  if (options.locale) server.account.language = options.locale;
  await tab.page.goto(`${server.url}/#/inbox/${group}`);
  await tab.page.locator('article').last().waitFor();
  return { ...scene, ...tab };
}
const answerAlone = ({ server, group, direct, bo, between }) => server.account.answerAlone(group, direct, bo, between);

describe('a stub', () => {
  test('stands at its place in time, and leads there and back by keyboard', async () => {
    const { page, group, direct, complaints } = await visit(answerAlone);
    const link = page.getByRole('link', { name: 'Bo Lindqvist answered only you. Open' });
    await link.waitFor();
    const order = await page.locator('.stream article, .stream .stub').evaluateAll((all) => all.map((one) => one.className.split(' ')[0]));
    assert.deepEqual(order, ['folded', 'stub', 'folded', 'card'], 'after the message that it answers, before the next');
    await link.focus();
    await page.keyboard.press('Enter');
    const back = page.getByRole('link', { name: 'This continues the conversation with Hanna Weiß, Bo Lindqvist, and Chiara Bianchi. Open' });
    await back.waitFor();
    assert.ok(page.url().endsWith(direct));
    const before = await page.locator('.stream article, .stream .stub').evaluateAll((all) => all.map((one) => one.className.includes('stub') ? 'stub' : one.innerText.includes('Between us') ? 'answer' : 'other'));
    assert.equal(before[before.indexOf('stub') + 1], 'answer', 'before the message that came from there');
    await back.press('Enter');
    await link.waitFor();
    assert.ok(page.url().endsWith(group));
    assert.deepEqual(complaints, []);
  });

  test('comes while one reads', async () => {
    const scene = await visit();
    await scene.page.waitForTimeout(500);
    assert.equal(await scene.page.locator('.stub').count(), 0);
    answerAlone(scene);
    await scene.page.getByRole('link', { name: 'Bo Lindqvist answered only you' }).waitFor();
  });

  test('does not say that somebody answered when the user did, or when the message is gone', async () => {
    const { page } = await visit(({ server, group, direct, bo, between }) => {
      const id = server.account.answerAlone(group, direct, bo, between);
      server.account.messages.get(id).summary.direction = 'sent';
      const [stub] = server.account.related.get(group);
      server.account.related.set(group, [stub, { ...stub, messageId: null }, { ...stub, messageId: null }]);
    });
    await page.getByRole('link', { name: 'You answered only Bo Lindqvist.' }).waitFor();
    await page.getByRole('link', { name: 'This goes on with Bo Lindqvist alone.' }).waitFor();
    assert.equal(await page.locator('.stub').count(), 2, 'the same is said once');
  });

  for (const [locale, sentence] of [['fr', 'Bo Lindqvist n’a répondu qu’à vous. Ouvrir'], ['it', 'Bo Lindqvist ha risposto solo a te. Apri']]) {
    test(`speaks the language: ${locale}`, async () => {
      const { page } = await visit(answerAlone, { locale });
      await page.getByRole('link', { name: sentence }).waitFor();
    });
  }

  test('is nothing where the server does not know of it', async () => {
    const { page, complaints } = await visit(({ server }) => (server.account.related = null));
    await page.waitForTimeout(700);
    assert.equal(await page.locator('.stub, [role=alert] .toast').count(), 0);
    assert.deepEqual(complaints, []);
  });
});
