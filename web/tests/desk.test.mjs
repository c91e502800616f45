// Around the letters: settings, the palette, the list of shortcuts, paper, the source, leaving a list. In the real
// Chromium under the real policy, against the mock of docs/api.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { start } from './support/mock-server.mjs';
import { tabs } from './support/tabs.mjs';

const session = tabs();

async function visit(hash = '', options = {}, prepare = () => {}) {
  const server = await start({});
  prepare(server);
  session.atEnd(server.stop);
  const tab = await session.open(options);
  await tab.page.goto(`${server.url}/${hash}`);
  if (!hash) await tab.page.locator('[data-row]').first().waitFor();
  return { server, ...tab };
}
const see = (page, text) => page.getByText(text, { exact: false }).first().waitFor();
const body = (page) => page.getByRole('textbox', { name: 'Message', exact: true });

describe('the pages of the settings', () => {
  test('stand beside each other where there is room, and one after the other on a phone', async () => {
    const { page } = await visit('#/settings');
    await page.locator('#set-language').waitFor();
    await page.getByRole('link', { name: 'Keyboard' }).click();
    await page.getByRole('checkbox', { name: 'Keyboard shortcuts' }).waitFor();
    await page.setViewportSize({ width: 380, height: 780 });
    await page.getByRole('heading', { level: 1, name: 'Keyboard' }).waitFor();
    assert.equal(await page.locator('.settings nav').count(), 0);
    await page.getByRole('link', { name: 'Back' }).click();
    await page.getByRole('link', { name: 'Writing' }).waitFor();
    assert.equal(await page.locator('.settings .page').count(), 0);
  });

  test('an address of a page that does not exist says so', async () => {
    const { page } = await visit('#/settings/nothing');
    await see(page, 'This page does not exist');
  });
});

describe('the palette', () => {
  const open = async (page) => {
    await page.keyboard.press('Control+k');
    await page.locator('dialog [role=option]').first().waitFor();
  };
  const choose = async (page, typed) => {
    await page.keyboard.type(typed);
    await page.waitForTimeout(60);
    await page.keyboard.press('Enter');
  };

  test('goes where one wants, and opens over a field too', async () => {
    const { page } = await visit();
    await open(page);
    await choose(page, 'archive');
    await page.getByRole('heading', { name: 'Archive' }).waitFor();
    await page.goto(`${new URL(page.url()).origin}/#/compose/new`);
    await body(page).focus();
    await open(page);
    await choose(page, 'looks');
    await page.locator('#set-language').waitFor();
  });

  test('finds people and conversations whatever their accents', async () => {
    const { page } = await visit();
    await open(page);
    await choose(page, 'elise');
    await page.getByRole('heading', { level: 1, name: 'Élise Dubois' }).waitFor();
    await open(page);
    await choose(page, 'write ana');
    await page.locator('.chip').getByText('Ana').waitFor();
    await open(page);
    await choose(page, 'write bo');
    await page.locator('.chip').getByText('Bo').waitFor();
  });

  test('says when nothing fits; Escape closes it and leaves everything as it was', async () => {
    const { page } = await visit();
    await open(page);
    await page.keyboard.type('zzzz');
    await see(page, 'Nothing fits');
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    assert.match(page.url(), /#\/inbox$|\/$/);
  });
});

test('the list of shortcuts names every key of the table once', async () => {
  const { page } = await visit();
  await page.keyboard.press('?');
  await page.locator('dialog kbd').first().waitFor();
  const keys = await page.locator('dialog dt').evaluateAll((all) => all.map((one) => [...one.children].map((cap) => cap.textContent).join(' ')));
  assert.equal(new Set(keys).size >= keys.length - 1, true, 'Esc stands in two groups');
  for (const wanted of ['j', 'k', 'o', 'u', 'e', '#', 's', 'c', 'r', 'a', 'f', 'z', '?', 'g i', 'g a', 'g d', 'g t', 'g s', 'Ctrl k']) assert.ok(keys.includes(wanted), wanted);
});

describe('a message', () => {
  const card = (page) => page.locator('.card').last();
  const menu = async (page, name) => {
    await card(page).getByRole('button', { name: 'Actions for this message' }).click();
    await page.getByRole('menuitem', { name }).click();
  };
  const openRow = async (page, text) => {
    await page.locator('.row').filter({ hasText: text }).locator('[data-row]').first().click();
    await card(page).waitFor();
  };

  test('is printed alone or with its conversation, black on white, with its index in words', async () => {
    const { page } = await visit('', { colorScheme: 'dark' });
    await page.evaluate(() => {
      window.printed = [];
      window.print = () => {
        window.dispatchEvent(new Event('beforeprint'));
        window.printed.push([...document.querySelectorAll('article')].map((one) => one.classList.contains('no-print')));
      };
    });
    await openRow(page, 'Ana Moreau');
    await card(page).locator('.text').waitFor();
    await menu(page, 'Print this message');
    await page.waitForFunction(() => window.printed.length === 1);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const shown = await page.evaluate(() => [...document.querySelectorAll('article, nav, .answer, section.list')].filter((one) => one.checkVisibility()).map((one) => one.className.split(' ')[0]));
    assert.deepEqual(shown, ['card']);
    const [ink, ground] = await card(page).evaluate((one) => [getComputedStyle(one).color, getComputedStyle(document.body).backgroundColor]);
    assert.deepEqual([ink, ground], ['rgb(0, 0, 0)', 'rgb(255, 255, 255)']);
    assert.ok(await card(page).locator('.why .word').isVisible());
    await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
    await page.emulateMedia({ media: 'screen', colorScheme: 'dark' });
    await page.locator('main header [aria-haspopup=menu]').first().click();
    await page.getByRole('menuitem', { name: 'Print', exact: true }).click();
    await page.waitForFunction(() => window.printed.length === 2);
    assert.ok((await page.evaluate(() => window.printed[1])).every((hidden) => !hidden), 'nothing of the conversation is missing');
  });

  test('is shown as it came, and none of it runs', async () => {
    const { page, complaints } = await visit();
    const eml = Buffer.from('From: Ana <ana@gmail.example>\r\nSubject: Caffè\r\n\r\n<script>window.ran=1</script>\r\n');
    await page.route('**/jmap/download/**', (route) => route.fulfill({ body: eml, contentType: 'application/octet-stream' }));
    await openRow(page, 'Ana Moreau');
    await card(page).locator('.text').waitFor();
    await menu(page, 'Source');
    await card(page).getByRole('button', { name: 'Show everything as it came' }).click();
    await card(page).locator('.source pre').getByText('<script>window.ran=1</script>').waitFor();
    assert.equal(await page.evaluate(() => window.ran), undefined);
    assert.deepEqual(complaints, []);
  });

  const listed = (value) => (server) => {
    for (const { summary, content } of server.account.messages.values()) if (server.account.conversations.get(summary.conversationId).kind === 'list') content.headers.push(['List-Unsubscribe', value]);
  };

  test('of a list says how to leave it; the request is shown first, and can be taken back', async () => {
    const { page, server } = await visit('', {}, listed('<https://lists.example/leave>, <mailto:announce-leave@lists.example?subject=leave%20me%0D%0ABcc:x@example.net&cc=y@example.net>'));
    await openRow(page, 'Debian announcements');
    await card(page).getByRole('button', { name: 'Unsubscribe' }).click();
    await see(page, 'This sends a message from alice@example.org to announce-leave@lists.example');
    await card(page).getByRole('button', { name: 'Send it' }).click();
    await see(page, 'Asked announce-leave@lists.example to take you off the list.');
    const { submissions, waiting, drafts } = server.account.sending;
    const [submission] = submissions.values();
    assert.deepEqual(submission.recipients.map((one) => one.handle), ['email:announce-leave@lists.example']);
    const [{ draft }] = waiting.values();
    assert.equal(draft.subject, 'leave me  Bcc:x@example.net', 'no line of a header ends in it');
    assert.deepEqual([draft.cc, draft.bcc], [[], []]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.waitForTimeout(300);
    assert.deepEqual([submissions.size, drafts.size], [0, 0]);
  });

  test('of a list that is only left on a page leads there; one that pretends to be a list does not', async () => {
    const { page, server } = await visit('', {}, listed('<https://lists.example/leave?u=1>, <https://me@evil.example/>, <javascript:alert(1)>'));
    await openRow(page, 'Debian announcements');
    const link = card(page).getByRole('link', { name: 'Unsubscribe on lists.example' });
    assert.equal(await link.getAttribute('href'), 'https://lists.example/leave?u=1');
    assert.equal(await link.getAttribute('rel'), 'noopener noreferrer');
    for (const { summary, content } of server.account.messages.values()) if (summary.suspicious) content.headers.push(['List-Unsubscribe', '<mailto:yes@evil.example>']);
    await openRow(page, 'security@paypal.example');
    await card(page).locator('.text').waitFor();
    assert.equal(await page.locator('.leaving').count(), 0);
  });
});

test('a compact list has lower rows, and remembers it', async () => {
  const { page } = await visit();
  const height = () => page.locator('.row').first().evaluate((one) => one.offsetHeight);
  const before = await height();
  await page.goto(`${page.url().split('#')[0]}#/settings/looks`);
  await page.getByRole('radio', { name: 'Compact' }).check();
  await page.goto(`${page.url().split('#')[0]}#/inbox`);
  await page.reload();
  await page.locator('[data-row]').first().waitFor();
  assert.ok((await height()) < before * 0.75);
});
