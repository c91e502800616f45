// Searching: asked while one types, answered by conversations with their matching message, marked in the list and in
// what is opened; by keyboard, in three languages, and when it does not work.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, afterEach, before, describe, test } from 'node:test';
import { launch, open } from './support/browser.mjs';
import { start } from './support/mock-server.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let browser, end;
before(async () => (browser = await launch()));
after(() => browser?.close());
afterEach(() => end?.());

async function visit({ hash = '', arrange, ...options } = {}) {
  const server = await start();
  if (options.locale) server.account.language = options.locale;
  arrange?.(server);
  const tab = await open(browser, options);
  end = async () => {
    await tab.context.close();
    await server.stop();
  };
  await tab.page.goto(`${server.url}/${hash}`);
  await tab.page.locator('input[type=search]').waitFor();
  const field = tab.page.locator('input[type=search]');
  return { server, field, results: tab.page.locator('.results [data-row]'), ...tab };
}
const queries = (server) => server.account.calls.filter(([name, args]) => name === 'Message/query' && args.filter.text !== undefined);

describe('searching', () => {
  test('answers while one types, without the answers that nobody waits for any more', async () => {
    const { page, field, results, server, complaints } = await visit();
    await page.locator('.list [data-row]').first().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('rehearsal', { delay: 15 });
    await results.first().waitFor();
    await page.waitForFunction(() => document.querySelector('.results mark')?.textContent.toLowerCase() === 'rehearsal');
    await page.waitForURL(/#\/search\/rehearsal$/);
    for (let tries = 0; queries(server).at(-1)[1].filter.text !== 'rehearsal'; tries++) {
      assert.ok(tries < 100, 'the last word is asked for');
      await page.waitForTimeout(50);
    }
    assert.ok(queries(server).length < 'rehearsal'.length, `asked ${queries(server).length} times for nine letters`);
    const times = await page.locator('.results time').evaluateAll((all) => all.map((one) => one.getAttribute('datetime')));
    assert.deepEqual(times, times.toSorted().toReversed(), 'the newest first');
    assert.equal(await field.inputValue(), 'rehearsal');
    assert.deepEqual(complaints, []);
  });

  test('opens the message that matches, marks the words in it, and goes back to the results', async () => {
    const { page, results } = await visit({ hash: '#/search/rehearsal', arrange: ({ account }) => {
      const id = account.ordered({ place: 'inbox' }, 'latestAt')[4];
      account.deliver(id, { type: 'text', text: 'The Rehearsals moved to https://example.org/rehearsal today.', quotedLines: [] });
      account.deliver(id, { type: 'text', text: 'Never mind.', quotedLines: [] });
    } });
    await results.first().click();
    await page.locator('.card mark').first().waitFor();
    assert.deepEqual(await page.locator('.card .text mark').allInnerTexts(), ['Rehearsals', 'rehearsal'], 'in the text, and in a link');
    await page.keyboard.press('u');
    await page.waitForURL(/#\/search\/rehearsal$/);
    await page.keyboard.press('u');
    await page.waitForURL(/#\/inbox$/);
  });

  test('goes by keyboard alone: into the results, along them, and into one', async () => {
    const { page, field, results } = await visit();
    await field.press('Tab');
    await page.keyboard.press('/');
    await page.keyboard.type('e');
    await results.nth(2).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement?.matches('.results [data-row]'));
    await page.keyboard.press('j');
    await page.keyboard.press('ArrowDown');
    const third = await results.nth(2).getAttribute('href');
    await page.waitForFunction((href) => document.activeElement?.getAttribute('href') === href, third);
    await page.keyboard.press('o');
    await page.locator('main .card').first().waitFor();
  });

  test('suggests operators and people, and completes them', async () => {
    const { page, field, server } = await visit();
    await field.click();
    const options = page.getByRole('option');
    await options.first().waitFor();
    assert.match(await options.first().innerText(), /^from:/);
    await field.fill('lunch fro');
    await page.getByRole('option', { name: 'from:' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    assert.equal(await field.inputValue(), 'lunch from:');
    await page.keyboard.type('han');
    await page.getByRole('option', { name: /Hanna/ }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    assert.match(await field.inputValue(), /^lunch from:hanna\S*@\S+ $/);
    await page.waitForFunction(() => document.querySelector('[role=listbox]')?.hidden !== undefined);
    assert.ok(queries(server).every(([, args]) => args.filter.isTyping));
  });

  test('suggests nothing for words that were typed over meanwhile', async () => {
    const { page, field } = await visit();
    let answer;
    const asked = new Promise((done) => {
      void page.route('**/jmap/api', (route) => {
        if (!route.request().postData()?.includes('"Contact/query"')) return route.continue();
        answer = () => route.continue();
        return done();
      });
    });
    await field.click();
    await page.getByRole('option', { name: 'from:' }).waitFor();
    await field.fill('lunch han');
    await asked;
    await page.getByRole('listbox', { includeHidden: true }).and(page.locator('[hidden]')).waitFor({ state: 'attached' });
    await answer();
    await page.getByRole('option', { name: /Hanna/ }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    assert.match(await field.inputValue(), /^lunch from:hanna\S*@\S+ $/);
  });

  test('says when there is nothing, when it failed, and when the mail is still being read', async () => {
    const { page, field, server, results } = await visit({ hash: '#/search/xyzzy' });
    await page.getByText('Nothing found').first().waitFor();
    // The names for suggestions are asked for at the same time.
    for (let count = 0; count < 9; count++) server.state.failures.push({ path: '/jmap/api', status: 500, type: 'x' });
    await field.fill('rehearsal');
    await page.getByRole('alert').getByText('The search did not work').waitFor();
    server.account.search.percent = 62;
    server.state.failures.length = 0;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Searched so far: 62 %').waitFor();
    assert.ok((await results.count()) > 0, 'what is known is shown');
    server.account.search.percent = 100;
    await page.getByText('Searched so far').waitFor({ state: 'detached' });
  });

  test('names what it did not understand', async () => {
    const { page } = await visit({ hash: `#/search/${encodeURIComponent('subjct:lunch')}` });
    await page.getByText('“subjct:lunch” is no operator').waitFor();
  });

  test('lists subjects, of which a conversation may have several, and opens each at its message', async () => {
    const { page, results } = await visit();
    await page.locator('.list [data-row]').first().waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('j');
    await page.waitForURL(/#\/search\/by%3Asubject%20in%3Ainbox$/);
    await results.first().waitFor();
    const hrefs = await results.evaluateAll((all) => all.map((one) => one.getAttribute('href')));
    const twice = hrefs.findIndex((href, at) => hrefs.indexOf(href) < at);
    assert.ok(twice > 0, `a conversation stands there with two subjects: ${hrefs}`);
    await page.getByText(/\d+ subjects$/).first().waitFor();
    const subject = await results.nth(twice).locator('.subject').innerText();
    await results.nth(twice).click();
    await page.locator('.segment, .card').getByText(subject, { exact: true }).first().waitFor();
    assert.equal(await page.locator('.results .row.open').count(), 1, 'one of its rows is the open one');
  });

  test('clears, and leads back to where one was', async () => {
    const { page, field } = await visit({ hash: '#/archive' });
    await field.fill('rehearsal');
    await page.locator('.results').waitFor();
    await page.getByRole('button', { name: 'Clear the search' }).click();
    await page.waitForURL(/#\/archive$/);
    assert.equal(await field.inputValue(), '');
  });

  test('marks words in HTML mail without letting anything in', async () => {
    const { page, server, complaints } = await visit({ arrange: ({ account }) => {
      const id = account.ordered({ place: 'inbox' }, 'latestAt')[0];
      account.deliver(id, { type: 'html', html: '<p>The <b>garden</b> party</p><script>document.title="x"</script>', css: '', text: 'The garden party', remoteCount: 0, remoteImages: 0, contentIds: [] }, 'Garden');
    }, hash: '#/search/garden' });
    await page.locator('.results [data-row]').first().click();
    const frame = page.frameLocator('.card iframe');
    await frame.locator('mark').first().waitFor();
    assert.equal(await frame.locator('mark').first().innerText(), 'garden');
    assert.ok(server && !complaints.some((one) => one.includes('document.title')));
  });

  for (const [locale, said] of [['fr', 'Rechercher dans votre courrier'], ['it', 'Cerca nella posta']]) {
    test(`speaks ${locale}`, async () => {
      const { page, field } = await visit({ locale });
      await page.getByPlaceholder(said).waitFor();
      await field.fill('xyzzy');
      await page.getByText(locale === 'fr' ? 'Aucun résultat' : 'Nessun risultato').first().waitFor();
    });
  }

  for (const [name, options] of Object.entries({ light: {}, dark: { colorScheme: 'dark' }, phone: { viewport: { width: 320, height: 640 } } })) {
    test(`axe finds nothing: ${name}`, async () => {
      const { page, field, results } = await visit({ ...options, hash: '#/search/' });
      await page.locator('.hints').waitFor();
      await check(page, 'hints');
      await field.fill('rehearsal subjct:x');
      await field.fill('rehearsal');
      await results.first().waitFor();
      await page.keyboard.press('Escape');
      await check(page, 'results');
      await field.fill('fro');
      await page.getByRole('option').first().waitFor();
      await check(page, 'suggestions');
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      assert.ok(!wide, 'no sideways scrolling');
    });
  }
});

async function check(page, where) {
  await page.evaluate(AXE);
  const found = await page.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }));
  assert.deepEqual(found.violations.map((one) => `${where}: ${one.id} ${one.nodes[0]?.html.slice(0, 160)}`), []);
}
