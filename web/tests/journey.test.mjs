// What a person does, in the real Chromium under the real policy, against the mock of docs/api.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { PASSWORD, start } from './support/mock-server.mjs';
import { tabs } from './support/tabs.mjs';

const session = tabs();
const FRAMES = 120;
const FRAME_MS = 1_000 / 60;

async function visit(options = {}, hash = '', browserOptions = {}) {
  const server = await start(options);
  session.atEnd(server.stop);
  const tab = await session.open(browserOptions);
  await tab.page.goto(`${server.url}/${hash}`);
  return { server, ...tab };
}
const row = (page, number) => page.locator('[data-row]').nth(number);
const see = (page, text) => page.getByText(text, { exact: false }).first().waitFor();

describe('the way in', () => {
  test('the first account: form, three cards, recovery code, inbox; the token never travels', async () => {
    const { page, server, requests, complaints } = await visit({ firstStart: true, signedIn: false }, '#first-start=TOKEN');
    await page.getByLabel('Your address').fill('alice@example.org');
    await page.getByLabel('Choose a password', { exact: true }).fill('short');
    await see(page, 'Too short');
    await page.getByLabel('Choose a password', { exact: true }).fill('four unrelated words here');
    await see(page, 'Very good');
    await page.getByRole('button', { name: 'Create the account' }).click();
    await see(page, 'Every message has a privacy index');
    assert.ok(!page.url().includes('TOKEN'));
    await page.getByRole('button', { name: 'Next' }).click();
    await see(page, 'One rule to remember');
    await page.getByRole('button', { name: 'Skip' }).click();
    await see(page, 'K7QF-2M9X');
    const keep = page.getByRole('button', { name: 'I have kept it' });
    await page.getByLabel('To confirm').fill('nope');
    assert.ok(await keep.isDisabled());
    await page.getByLabel('To confirm').fill('6nja');
    await keep.click();
    await row(page, 0).waitFor();
    assert.ok(server.state.confirmed);
    assert.ok(requests.every((url) => !new URL(url).pathname.includes('TOKEN') && !url.includes('?token')));
    assert.deepEqual(complaints.filter((text) => !/401/.test(text)), []);
  });

  test('a wrong password says what to do; the limit counts down', async () => {
    const { page, server } = await visit({ signedIn: false });
    await page.getByLabel('Address').fill('alice@example.org');
    await page.getByLabel('Password', { exact: true }).fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await see(page, 'The address or the password is wrong');
    server.state.failures.push({ path: '/auth/login', status: 429, type: 'rate', retryAfter: 2 });
    await page.getByRole('button', { name: 'Sign in' }).click();
    await see(page, 'Try again in 2 seconds');
    assert.ok(await page.getByRole('button', { name: 'Sign in' }).isDisabled());
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.locator('button.primary:enabled').click();
    await row(page, 0).waitFor();
  });

  test('a session that ends leads back to the form, and says so', async () => {
    const { page, server } = await visit();
    await row(page, 0).waitFor();
    server.state.signedIn = false;
    // Whoever asks the server next finds out: this click, or a part of the page that loads later and takes the row away.
    await page.evaluate(() => document.querySelectorAll('[data-row]')[1]?.click());
    await see(page, 'Your session has ended');
  });

  test('a server that is away is said, and tried again', async () => {
    const server = await start({});
    session.atEnd(server.stop);
    // A browser that was here before opens with what it kept: this one has nothing.
    server.state.failures.push({ path: '/jmap/start', status: 503, type: 'x' });
    const { page } = await session.open();
    await page.goto(`${server.url}/#/nowhere`);
    await see(page, 'Caliopen does not answer');
    await page.getByRole('button', { name: 'Try again' }).click();
    await row(page, 0).waitFor();
  });
});

describe('a list of a hundred thousand conversations', () => {
  let server;
  before(async () => (server = await start({ conversations: 100_000 })));
  after(() => server.stop());

  test('has few rows in the document, and asks for each page by its anchor', async () => {
    const { page } = await session.open();
    await page.goto(server.url);
    await row(page, 0).waitFor();
    const viewport = page.locator('section.list .viewport');
    const counts = [];
    for (const share of [0.00002, 0.0005, 0.001, 0.3, 0.77, 1, 0.5, 0]) {
      await viewport.evaluate((element, part) => (element.scrollTop = part * element.scrollHeight), share);
      await page.waitForFunction(() => document.querySelectorAll('section.list li').length > 0 && !document.querySelector('section.list li .skeleton'));
      counts.push(await page.locator('section.list li').count());
    }
    assert.ok(Math.max(...counts) <= 60, String(counts));
    const queries = server.account.calls.filter(([name, args]) => name === 'Conversation/query' && args.filter.place === 'inbox').map(([, args]) => args);
    assert.ok(queries.some((args) => args.anchor && args.anchorOffset === 1), 'the page after a known row goes by its anchor');
    assert.equal(queries.filter((args) => args.calculateTotal).length, 1, 'the total is counted once');
  });

  test('keeps the rhythm while one scrolls: less work for a frame than there is time', async (run) => {
    const { page, context } = await session.open();
    await page.goto(server.url);
    await row(page, 0).waitFor();
    const devtools = await context.newCDPSession(page);
    // The time of the page's own thread, whatever else the machine does.
    await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
    const busyMs = async () => (await devtools.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration').value * 1_000;
    const busyBefore = await busyMs();
    const frames = await page.evaluate((most) => new Promise((done) => {
      const viewport = document.querySelector('section.list .viewport');
      const times = [];
      let last = performance.now();
      const step = (now) => {
        times.push(now - last);
        last = now;
        viewport.scrollTop += 70;
        if (times.length < most) requestAnimationFrame(step);
        else done(times.slice(5).toSorted((a, b) => a - b));
      };
      requestAnimationFrame(step);
    }), FRAMES);
    const work = ((await busyMs()) - busyBefore) / FRAMES;
    run.diagnostic(`work ${work.toFixed(1)} ms a frame; median frame ${frames[Math.floor(frames.length / 2)].toFixed(1)} ms, p95 ${frames[Math.floor(frames.length * 0.95)].toFixed(1)} ms`);
    assert.ok(work < FRAME_MS, `${work} ms of work a frame`);
  });
});

describe('the list', () => {
  test('archive, undo; delete; mark; a refused change comes back', async () => {
    const { page, server } = await visit();
    const first = server.account.ordered({ place: 'inbox' }, 'latestAt')[0];
    await row(page, 0).waitFor();
    await row(page, 0).hover();
    await page.locator('.row').first().getByRole('button', { name: 'Archive' }).click();
    await see(page, 'Archived.');
    await page.waitForFunction(() => document.querySelectorAll('[data-row]').length > 0);
    assert.equal(server.account.conversations.get(first).place, 'archive');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.locator('.row').first().getByText('Ana Moreau').waitFor();
    assert.equal(server.account.conversations.get(first).place, 'inbox');
    server.state.failures.push({ method: 'Conversation/setAll', status: 500, type: 'x' });
    await row(page, 0).hover();
    await page.locator('.row').first().getByRole('button', { name: 'Delete' }).click();
    await see(page, 'Something went wrong on the server');
    await page.locator('.row').first().getByText('Ana Moreau').waitFor();
  });

  test('block asks for nothing and can be undone', async () => {
    const { page, server } = await visit();
    await row(page, 1).hover();
    await page.locator('.row').nth(1).getByRole('button', { name: 'Actions for' }).click();
    await page.getByRole('menuitem', { name: 'Block Giulia Conti' }).click();
    await see(page, 'Giulia Conti is blocked');
    const giulia = [...server.account.contacts.values()].find((one) => one.displayName === 'Giulia Conti');
    assert.ok(giulia.blocked);
    await page.getByRole('button', { name: 'Undo' }).first().click();
    await page.locator('.row').nth(1).getByText('Giulia Conti').waitFor();
    assert.ok(!giulia.blocked);
  });

  test('unread alone, and by importance', async () => {
    const { page } = await visit();
    await row(page, 0).waitFor();
    await page.getByRole('button', { name: 'Unread', exact: true }).click();
    await see(page, '4 conversations');
    await page.getByRole('button', { name: 'Unread', exact: true }).click();
    await page.getByLabel('Sort by').selectOption('importance');
    await page.locator('.row').first().getByText('Ana Moreau').waitFor();
    await page.reload();
    assert.equal(await page.getByLabel('Sort by').inputValue(), 'importance');
  });

  test('new mail appears by itself, on top', async () => {
    const { page, server } = await visit();
    await row(page, 0).waitFor();
    const last = server.account.ordered({ place: 'inbox' }, 'latestAt').at(-1);
    await page.waitForTimeout(200);
    server.account.deliver(last, { type: 'text', text: 'Just arrived', quotedLines: [] }, 'Fresh');
    await page.locator('.row').first().getByText('Just arrived').waitFor({ timeout: 2_000 });
    await page.waitForTimeout(200);
    assert.match(await page.locator('section.list header p').first().innerText(), /59 conversations/, 'it moved up; it is not counted twice');
  });

  test('mail that comes before push stands is there once it does', async () => {
    const server = await start();
    session.atEnd(server.stop);
    const { page } = await session.open();
    let open;
    const opened = new Promise((done) => (open = done));
    await page.route('**/jmap/events*', (route) => opened.then(() => route.continue()));
    await page.goto(server.url);
    await row(page, 0).waitFor();
    server.account.deliver(server.account.ordered({ place: 'inbox' }, 'latestAt').at(-1), { type: 'text', text: 'Just before', quotedLines: [] }, 'Early');
    open();
    await page.locator('.row').first().getByText('Just before').waitFor();
  });
});

describe('a conversation', () => {
  test('opens at its address, marks as read what was seen, and shows why', async () => {
    const { page, server, complaints } = await visit({}, '#/inbox');
    await row(page, 0).click();
    await see(page, 'See you on Tuesday');
    await page.waitForFunction(() => !document.querySelector('.row.unread [data-cursor=true]'));
    await page.waitForTimeout(1_300);
    assert.equal(server.account.conversations.get(server.account.ordered({ place: 'inbox' }, 'latestAt')[0]).unreadCount, 0);
    await page.reload();
    await see(page, 'See you on Tuesday');
    await page.locator('article .why').last().click();
    await see(page, 'Gmail lives on advertising');
    assert.match(page.url(), /\/why\/m/);
    await page.getByText('Content', { exact: true }).click();
    await see(page, 'MTA-STS policy enforced');
    assert.equal(await page.locator('section[aria-labelledby=why-raises] li').count(), 3);
    await page.keyboard.press('Escape');
    await page.locator('#why-points').waitFor({ state: 'detached' });
    assert.deepEqual(complaints, []);
  });

  test('the page itself never scrolls; the newest message begins in sight once everything is there', async () => {
    const { page } = await visit({}, '', { viewport: { width: 1200, height: 420 } });
    await row(page, 3).click();
    await page.locator('article iframe').waitFor();
    await page.waitForTimeout(400);
    const [past, tall] = await page.evaluate(() => [document.scrollingElement.scrollTop, document.scrollingElement.scrollHeight - innerHeight]);
    assert.deepEqual([past, tall], [0, 0]);
    const { y } = await page.locator('article.card').last().boundingBox();
    assert.ok(y >= 0 && y < 160, `the last message begins at ${y}`);
  });

  test('HTML stands in a frame without rights; its picture comes from the message', async () => {
    const { page, requests, server } = await visit();
    await row(page, 2).click();
    const frame = page.locator('article iframe');
    await frame.waitFor();
    assert.equal(await frame.getAttribute('sandbox'), 'allow-popups allow-popups-to-escape-sandbox');
    const inside = page.frameLocator('article iframe');
    await inside.getByText('Your seats to Vienna').waitFor();
    assert.equal(await inside.locator('img').first().evaluate((image) => image.naturalWidth), 1);
    const before = await frame.elementHandle();
    await page.keyboard.press('s');
    await page.locator('article.card .flag').first().waitFor();
    assert.ok(await before.evaluate((one) => one.isConnected), 'it stands still when its message is marked');
    await see(page, '3 remote images or styles blocked');
    await see(page, 'A link shows “mybank.example” but opens pay.evil.example.');
    assert.ok(requests.every((url) => url.startsWith(server.url) || /^(?:about:|data:image)/.test(url)));
  });

  test('a message that arrives is shown where one reads', async () => {
    const { page, server } = await visit();
    await row(page, 0).click();
    await see(page, 'See you on Tuesday');
    server.account.deliver(server.account.ordered({ place: 'inbox' }, 'latestAt')[0], { type: 'text', text: 'One more word', quotedLines: [] });
    await page.locator('article').getByText('One more word').waitFor({ timeout: 2_000 });
  });

  test('quotations are folded, and the source can be read', async () => {
    const { page } = await visit();
    await row(page, 0).click();
    await page.locator('.folded button').nth(1).click();
    await see(page, '4 quoted lines');
    const quotation = page.locator('article.mine details').filter({ hasText: '4 quoted lines' });
    assert.doesNotMatch(await quotation.locator('blockquote').textContent(), /^>/m, 'the bar says it already');
    await page.locator('article.mine').getByRole('button', { name: 'Actions for this message' }).click();
    await page.getByRole('menuitem', { name: 'Source' }).click();
    await page.locator('.source').getByText('Message-ID').waitFor();
  });

  test('a text that was broken at 72 columns is shown in paragraphs, or as it was sent', async () => {
    const { page } = await visit({}, '', { viewport: { width: 380, height: 780 } });
    await page.locator('.row').filter({ hasText: 'Updated Debian' }).locator('[data-row]').click();
    const card = page.locator('article.card');
    await card.locator('.text p').first().waitFor();
    const text = (await card.locator('.text p').allInnerTexts()).join('\n');
    assert.match(text, /start from a network, and brings/);
    assert.match(text, /amd64 {10}3\.7 GB {4}all of them\n/);
    await card.getByRole('button', { name: 'Actions for this message' }).click();
    await page.getByRole('menuitem', { name: 'Show the text as it was sent' }).click();
    assert.match(await card.getByRole('region', { name: 'The text as it was sent' }).innerText(), /start from a\nnetwork, and/);
    await card.getByRole('button', { name: 'Actions for this message' }).click();
    await page.getByRole('menuitem', { name: 'Show the text in paragraphs' }).click();
    await card.getByText('start from a network, and brings').waitFor();
  });

  test('an attachment is saved under its name', async () => {
    const { page } = await visit();
    await row(page, 0).click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save rehearsals-winter.pdf' }).click()]);
    assert.equal(download.suggestedFilename(), 'rehearsals-winter.pdf');
  });

  test('gets a name of its own, loses it, and has it back, by keyboard alone', async () => {
    const { page, server } = await visit();
    await row(page, 3).click();
    const id = server.account.ordered({ place: 'inbox' }, 'latestAt')[3];
    const menu = page.locator('main').getByRole('button', { name: 'More actions' });
    const type = async (name, key) => {
      await menu.focus();
      await page.keyboard.press('Enter');
      await page.getByRole('menuitem', { name: 'Rename' }).focus();
      await page.keyboard.press('Enter');
      await page.getByLabel('Your name for this conversation').waitFor();
      await page.keyboard.press('Control+a');
      await page.keyboard.press('Delete');
      await page.keyboard.type(name);
      await page.keyboard.press(key);
      await menu.waitFor();
      assert.ok(await menu.evaluate((button) => button === document.activeElement), 'the focus is back');
    };
    await type('  The choir ', 'Enter');
    await page.getByRole('heading', { name: 'The choir' }).waitFor();
    await page.locator('.row').nth(3).getByText('The choir').waitFor();
    assert.equal(server.account.conversations.get(id).title, 'The choir');
    await type('Something else', 'Escape');
    await page.getByRole('heading', { name: 'The choir' }).waitFor();
    assert.match(page.url(), /#\/inbox\/c/, 'Escape left the field, not the conversation');
    await type('', 'Enter');
    await page.getByRole('heading', { name: /Hanna Weiß, Bo Lindqvist/ }).waitFor();
    assert.equal(server.account.conversations.get(id).title, null);
    await page.keyboard.press('z');
    await page.getByRole('heading', { name: 'The choir' }).waitFor();
    assert.equal(server.account.conversations.get(id).title, 'The choir');
  });

  test('is renamed in the list; a name that is refused comes back', async () => {
    const { page, server } = await visit();
    const rename = async (name) => {
      await row(page, 0).hover();
      await page.locator('.row').first().getByRole('button', { name: 'Actions for' }).click();
      await page.getByRole('menuitem', { name: 'Rename' }).click();
      await page.getByLabel('Your name for this conversation').fill(name);
    };
    await rename('Tenors');
    await page.locator('.row').first().getByRole('button', { name: 'Save' }).click();
    await page.locator('.row').first().getByText('Tenors').waitFor();
    assert.ok(await row(page, 0).evaluate((link) => link === document.activeElement));
    server.state.failures.push({ method: 'Conversation/set', status: 500, type: 'x' });
    await rename('Basses');
    await page.keyboard.press('Enter');
    await see(page, 'Something went wrong on the server');
    await page.locator('.row').first().getByText('Tenors').waitFor();
  });

  test('a person gets a name and a note', async () => {
    const { page, server } = await visit();
    await row(page, 0).click();
    await page.locator('article.card .link.name').first().click();
    await page.getByLabel('Your name for them').fill('Ana from the choir');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.locator('.row').first().getByText('Ana from the choir').waitFor();
    assert.equal([...server.account.contacts.values()][0].name, 'Ana from the choir');
  });
});

describe('the keyboard', () => {
  test('moves, opens, archives, goes and comes back', async () => {
    const { page, server } = await visit();
    await row(page, 0).waitFor();
    const cursor = () => page.locator('[data-cursor=true]').getAttribute('href');
    const order = () => server.account.ordered({ place: 'inbox' }, 'latestAt');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    assert.ok((await cursor()).endsWith(order()[1]));
    const second = order()[1];
    await page.keyboard.press('o');
    await see(page, 'guarda che indice');
    await page.keyboard.press('u');
    await page.keyboard.press('e');
    await see(page, 'Archived.');
    assert.equal(server.account.conversations.get(second).place, 'archive');
    await page.keyboard.press('z');
    await page.waitForTimeout(150);
    assert.equal(server.account.conversations.get(second).place, 'inbox');
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await page.getByRole('heading', { name: 'Archive' }).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
  });

  test('two keys at once are two steps', async () => {
    const { page } = await visit({}, '#/search/rehearsal');
    await page.locator('.results [data-row]').first().click();
    await page.locator('main .card').first().waitFor();
    await page.evaluate(() => {
      for (let time = 0; time < 2; time++) document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'u', bubbles: true }));
    });
    await page.waitForURL(/#\/inbox$/);
  });

  test('is silent once turned off', async () => {
    const { page, server } = await visit({}, '#/settings/keyboard');
    await page.getByLabel('Keyboard shortcuts').uncheck();
    await page.goto(`${server.url}/#/inbox`);
    await row(page, 0).waitFor();
    await page.keyboard.press('e');
    await page.waitForTimeout(150);
    assert.equal(server.account.ordered({ place: 'archive' }, 'latestAt').length, 1);
  });

  test('reaches the content, the list and the actions by Tab alone', async () => {
    const { page } = await visit();
    await row(page, 0).waitFor();
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.className.includes('skip')), true);
    const seen = [];
    for (let press = 0; press < 20; press++) {
      await page.keyboard.press('Tab');
      seen.push(await page.evaluate(() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent.trim().slice(0, 20)));
    }
    for (const wanted of ['Inbox', 'Settings', 'Unread', 'Archive', 'Delete']) assert.ok(seen.includes(wanted), `${wanted} in ${seen}`);
    assert.ok(seen.some((label) => label.startsWith('Actions for Ana')));
  });
});

describe('settings', () => {
  test('language changes everything at once, the levels too', async () => {
    const { page, server } = await visit({}, '#/settings');
    await page.getByLabel('Language', { exact: true }).selectOption('fr');
    await page.getByRole('heading', { name: 'Réglages' }).waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'fr');
    assert.equal(server.account.language, 'fr');
    await page.goto(`${server.url}/#/inbox`);
    await page.locator('.row').first().getByText('Carte postale', { exact: true }).waitFor();
  });

  test('a session elsewhere is ended; this one signs out', async () => {
    const { page, server } = await visit({}, '#/settings/entry');
    await page.getByRole('button', { name: 'End the session backup script' }).click();
    await see(page, 'Session ended');
    assert.equal(server.account.sessions.length, 1);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await see(page, 'Welcome back');
  });

  test('the password is changed, or the form says why not', async () => {
    const { page } = await visit({}, '#/settings/entry');
    await page.getByLabel('Current password').fill('wrong');
    await page.getByLabel('New password').fill('another good password');
    await page.getByRole('button', { name: 'Change the password' }).click();
    await see(page, 'The address or the password is wrong');
    await page.getByLabel('Current password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Change the password' }).click();
    await see(page, 'Password changed');
  });
});
