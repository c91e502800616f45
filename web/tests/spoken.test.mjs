// What a screen reader says without being asked: politely what went well, at once what did not, each once; and every
// message in the language that it is in.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { visit } from './support/failing.mjs';
import { tabs } from './support/tabs.mjs';

const session = tabs();

/** Writes down what live regions say: how, and whether the region was there before its words, without which many readers say nothing. */
function listen() {
  const heard = (window.heard = []);
  const LIVE = '[role=status], [role=alert], [aria-live=polite], [aria-live=assertive]';
  const how = (region) => (region.closest('[role=alert], [aria-live=assertive]') ? 'assertive' : 'polite');
  const say = (region, isNew) => {
    const text = region.textContent.replaceAll(/\s+/g, ' ').trim();
    const last = heard.findLast((one) => one.region === region);
    if (text && last?.text !== text) heard.push({ region, text, how: how(region), isNew });
  };
  new MutationObserver((changes) => {
    const fresh = new Set();
    for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes])) {
      if (node.matches?.(LIVE)) fresh.add(node);
      for (const region of node.querySelectorAll?.(LIVE) ?? []) fresh.add(region);
    }
    for (const region of fresh) say(region, true);
    for (const { target } of changes) {
      const region = (target.nodeType === Node.TEXT_NODE ? target.parentElement : target)?.closest(LIVE);
      if (region && !fresh.has(region)) say(region, false);
    }
  }).observe(document, { subtree: true, childList: true, characterData: true });
}

async function listening(hash = '', options = {}) {
  const here = await visit(session, hash, options);
  await here.page.locator(hash ? '.composer' : '[data-row]').first().waitFor();
  await here.page.evaluate(listen);
  const heard = () => here.page.evaluate(() => window.heard.map(({ text, how, isNew }) => ({ text, how, isNew })));
  /** Waits for it, and says how it was said: `polite` or `assertive`, once, by a region that was there. */
  const said = async (words) => {
    let found = [];
    for (let tries = 0; tries < 80 && !found.length; tries++) {
      await here.page.waitForTimeout(50);
      found = (await heard()).filter(({ text }) => words.test(text));
    }
    assert.equal(found.length, 1, `${words} is said once: ${JSON.stringify(await heard())}`);
    assert.equal(found[0].isNew, false, `${words} is said by a region that was there`);
    return found[0].how;
  };
  return { ...here, said };
}

describe('said politely', () => {
  test('a deed that is done, and that it was taken back', async () => {
    const { page, said } = await listening();
    await page.locator('[data-row]').first().focus();
    await page.keyboard.press('e');
    assert.equal(await said(/^Archived/), 'polite');
    await page.keyboard.press('z');
    assert.equal(await said(/undone|back/i), 'polite');
  });

  test('how many a view has, and how many words were found', async () => {
    const { page, said } = await listening();
    await page.getByRole('button', { name: 'Unread', exact: true }).click();
    assert.equal(await said(/^\d+ conversations?$/), 'polite');
    await page.keyboard.press('Control+k');
    await page.keyboard.press('q');
    await page.waitForTimeout(300);
    await page.keyboard.press('z');
    assert.equal(await said(/^0 suggestions$/), 'polite');
  });

  test('that a draft is saved, whom it goes to and how private it will be', async () => {
    const { page, said } = await listening('#/compose/new');
    await page.getByRole('combobox', { name: 'To' }).fill('bo@example.net,');
    assert.equal(await said(/^By Email\. Expected privacy index/), 'polite');
    await page.getByRole('textbox', { name: 'Message', exact: true }).fill('Nine it is.');
    assert.equal(await said(/^Saved$/), 'polite');
  });
});

describe('said at once', () => {
  test('a deed that failed', async () => {
    const { page, said, ...here } = await listening();
    here.break('Conversation/setAll');
    await page.locator('[data-row]').first().focus();
    await page.keyboard.press('e');
    assert.equal(await said(/try .*again/i), 'assertive');
  });
});

describe('the language of a message', () => {
  const first = (account) => account.ordered({ place: 'inbox' }, 'latestAt')[0];

  test('is that of its words, and ours between them stay in the reader’s', async () => {
    const { page, account } = await visit(session, '', { arrange: ({ account: all }) => {
      const id = all.deliver(first(all), { type: 'text', text: 'Bonjour à tous !\n\n> one\n> two\n> three\n> four', quotedLines: [[2, 6]] });
      all.messages.get(id).content.language = 'fr';
    } });
    await page.goto(`${page.url().split('#')[0]}#/inbox/${first(account)}`);
    const words = page.locator('.text p', { hasText: 'Bonjour' });
    await words.waitFor();
    assert.equal(await words.evaluate((one) => one.closest('[lang]').lang), 'fr');
    const ours = page.locator('.text summary').last();
    assert.equal(await ours.evaluate((one) => one.closest('[lang]').lang), 'en');
  });

  test('is that of the frame of an HTML message', async () => {
    const { page, account } = await visit(session, '', { arrange: ({ account: all }) => {
      const id = all.deliver(first(all), { type: 'html', html: '<p>Ciao a tutti</p>', css: '', text: 'Ciao a tutti', remoteCount: 0, remoteImages: 0, contentIds: [] });
      all.messages.get(id).content.language = 'it';
    } });
    await page.goto(`${page.url().split('#')[0]}#/inbox/${first(account)}`);
    const frame = page.frameLocator('iframe').last();
    await frame.getByText('Ciao a tutti').waitFor();
    assert.equal(await frame.locator('html').getAttribute('lang'), 'it');
  });
});
