// Leaving a list: by one click where its signed message offers it, by a message, on a page; what is said when it fails, and
// when a list that was left still writes. In the real Chromium under the real policy, against the mock of docs/api.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { start } from './support/mock-server.mjs';
import { ME } from './support/sample.mjs';
import { tabs } from './support/tabs.mjs';

const session = tabs();
const CLICK = '<https://lists.example/leave?u=1>';
const BOTH = `${CLICK}, <mailto:announce-leave@lists.example?subject=leave%20me%0D%0ABcc:x@example.net&cc=y@example.net>`;
const LIST = 'Debian announcements';

/** The conversation of this name, after the account was prepared. */
async function visit(name, prepare, options = {}) {
  const server = await start({});
  session.atEnd(server.stop);
  const { account } = server;
  prepare(account);
  const tab = await session.open(options);
  await tab.page.goto(server.url);
  await tab.page.locator('.row').filter({ hasText: name }).locator('[data-row]').first().click();
  await tab.page.locator('.card').first().waitFor();
  return { ...tab, account, url: server.url };
}
const see = (page, text) => page.getByText(text, { exact: false }).first().waitFor();
const head = (page) => page.locator('header:has(h1):has(.about)');
const button = (scope, name = 'Unsubscribe') => scope.getByRole('button', { name, exact: true });
const asked = (account) => account.calls.filter(([name]) => name === 'Message/unsubscribe');
const ofKind = (account, kind) => [...account.messages.values()].filter(({ summary }) => account.conversations.get(summary.conversationId).kind === kind);

describe('a list that its signed message lets one leave', () => {
  test('is left by one click, at once, for good', async () => {
    const { page, account, complaints } = await visit(LIST, (all) => all.leaving.offer(BOTH, { signed: true }));
    await button(head(page)).click();
    await see(page, 'You are off the list: lists.example confirmed it.');
    await see(page, 'You left this list on');
    assert.equal(asked(account).length, 1);
    assert.equal(await button(page).count(), 0);
    await page.reload();
    await see(page, 'You left this list on');
    assert.equal(await button(page).count(), 0);
    assert.deepEqual(complaints, []);
  });

  test('by the keyboard alone', async () => {
    const { page, account } = await visit(LIST, (all) => all.leaving.offer(CLICK, { signed: true }));
    await button(head(page)).focus();
    await page.keyboard.press('Enter');
    await see(page, 'You left this list on');
    assert.equal(asked(account).length, 1);
  });

  test('says why it was not left, and what else can be done', async () => {
    const { page, account } = await visit(LIST, (all) => all.leaving.offer(BOTH, { signed: true }));
    account.leaving.refuses = 'unreachable';
    await button(head(page)).click();
    await page.getByRole('alert').getByText('lists.example did not answer').waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Try again', 'the focus is where one can go on');
    assert.equal(await page.getByRole('link', { name: 'Unsubscribe on lists.example' }).getAttribute('href'), 'https://lists.example/leave?u=1');
    account.leaving.refuses = 'refused';
    await button(page, 'Try again').click();
    await page.getByRole('alert').getByText('lists.example refused').waitFor();
    await button(page, 'Send a message to announce-leave@lists.example').click();
    await see(page, 'This sends a message from alice@example.org to announce-leave@lists.example');
    await button(page, 'Cancel').click();
    account.leaving.refuses = null;
    await button(head(page)).click();
    await see(page, 'You left this list on');
    assert.equal(asked(account).length, 3);
  });

  test('and that writes on is told of, to be left again or reported', async () => {
    const prepare = (all) => {
      all.leaving.offer(CLICK, { signed: true });
      all.leaving.leftAll('2026-11-03T10:00:00.000Z');
    };
    const { page, account } = await visit(LIST, prepare);
    await see(page, 'You left this list on 3 November, and it still writes to you.');
    await button(page, 'Unsubscribe again').click();
    await see(page, 'You are off the list');
    assert.equal(await page.getByText('still writes').count(), 0);
    const other = await visit(LIST, prepare);
    await button(other.page, 'Report as spam').click();
    await button(other.page, 'Undo').waitFor();
    assert.equal([...other.account.conversations.values()].find((one) => one.kind === 'list').place, 'spam');
    assert.equal(asked(account).length, 1);
  });

  test('is offered once, and never on one’s own messages', async () => {
    const { page, account } = await visit(LIST, (all) => all.leaving.offer(CLICK, { signed: true }));
    const [{ summary, content }] = ofKind(account, 'list');
    const own = { ...summary, id: 'mOWN', direction: 'sent', from: [ME], receivedAt: '2026-11-22T09:00:00.000Z', sending: 'delivered', keywords: { $seen: true } };
    account.messages.set('mOWN', { summary: own, content: { ...content, id: 'mOWN' } });
    account.record('Message', 'mOWN', 'created');
    account.push();
    await page.locator('.card.mine').waitFor();
    await button(head(page)).waitFor();
    assert.equal(await button(page).count(), 1);
    assert.equal(await page.locator('.card').getByText('Unsubscribe').count(), 0);
  });
});

describe('the machines of a house', () => {
  test('are left on the newest message that says how', async () => {
    const { page, account } = await visit('Night Train Tickets', (all) => {
      const [{ summary }] = ofKind(all, 'automated');
      all.deliver(summary.conversationId, { type: 'text', text: 'More offers', quotedLines: [] }, 'Offers');
      all.leaving.offer('<https://tickets.example/leave>', { kind: 'automated', signed: true });
    });
    await button(page).waitFor();
    assert.equal(await button(page).count(), 1);
    await button(page.locator('.card').last()).click();
    await page.locator('.card').last().getByText('You left this list on').waitFor();
    assert.equal(asked(account)[0][1].id, ofKind(account, 'automated').at(-1).summary.id);
  });
});

describe('a list whose message is not signed', () => {
  test('is left by a message that is shown first, and can be taken back', async () => {
    const { page, account } = await visit(LIST, (all) => all.leaving.offer(`<https://lists.example/leave>, ${BOTH.split(', ')[1]}`));
    await button(head(page)).click();
    await see(page, 'This sends a message from alice@example.org to announce-leave@lists.example');
    await button(page, 'Send it').click();
    await see(page, 'Asked announce-leave@lists.example to take you off the list.');
    await see(page, 'You left this list on');
    const { submissions, waiting, drafts } = account.sending;
    const [submission] = submissions.values();
    assert.deepEqual(submission.recipients.map((one) => one.handle), ['email:announce-leave@lists.example']);
    const [{ draft }] = waiting.values();
    assert.equal(draft.subject, 'leave me  Bcc:x@example.net', 'no line of a header ends in it');
    assert.deepEqual([draft.cc, draft.bcc], [[], []]);
    assert.ok(ofKind(account, 'list')[0].summary.leftAt);
    await page.getByRole('button', { name: 'Undo' }).click();
    await button(head(page)).waitFor();
    await page.waitForTimeout(300);
    assert.deepEqual([submissions.size, drafts.size, ofKind(account, 'list')[0].summary.leftAt, asked(account).length], [0, 0, null, 0]);
  });

  test('and that is only left on a page leads there', async () => {
    const { page } = await visit(LIST, (all) => all.leaving.offer('<https://lists.example/leave?u=1>, <https://me@evil.example/>, <javascript:alert(1)>'));
    const link = head(page).getByRole('link', { name: 'Unsubscribe on lists.example' });
    assert.equal(await link.getAttribute('href'), 'https://lists.example/leave?u=1');
    assert.equal(await link.getAttribute('rel'), 'noopener noreferrer');
    assert.equal(await button(page).count(), 0);
  });

  test('offers nothing when it pretends to be somebody', async () => {
    const { page } = await visit('security@paypal.example', (all) => {
      for (const { summary, content } of all.messages.values()) {
        if (!summary.suspicious) continue;
        all.conversations.get(summary.conversationId).kind = 'automated';
        content.headers.push(['List-Unsubscribe', '<https://evil.example/>, <mailto:yes@evil.example>']);
      }
    });
    await page.locator('.card .text').waitFor();
    assert.equal(await page.getByText('Unsubscribe').count(), 0);
  });
});

test('in French and Italian too, at 320 px', async () => {
  for (const [locale, name, done] of [['fr-FR', 'Se désabonner', 'Vous avez quitté cette liste le'], ['it-IT', 'Annulla l’iscrizione', 'Hai lasciato questa lista']]) {
    const { page } = await visit(LIST, (all) => {
      all.language = locale.slice(0, 2);
      all.leaving.offer(CLICK, { signed: true });
    }, { locale, viewport: { width: 320, height: 640 } });
    await button(head(page), name).click();
    await see(page, done);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing is wider than the screen');
  }
});
