// People, in the real Chromium under the real policy, against the mock of docs/api: found, made, edited, deleted, put
// together and apart, brought from a file. axe and 320 pixels for each of these screens.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';
import { start } from './support/mock-server.mjs';
import { tabs } from './support/tabs.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const session = tabs();
const ANA = `p${'1'.padStart(26, '0')}`;

async function visit(hash = '#/people', { before = () => {}, ...options } = {}) {
  const server = await start({});
  session.atEnd(server.stop);
  before(server.account.people);
  const tab = await session.open(options);
  await tab.page.goto(`${server.url}/${hash}`);
  return { server, people: server.account.people, ...tab };
}
const rows = (page) => page.locator('[data-person]');
const named = (page, name) => rows(page).filter({ hasText: name });
const see = (page, text) => page.getByText(text, { exact: false }).first().waitFor();
const button = (page, name) => page.getByRole('button', { name, exact: true });
const many = (count) => (people) => {
  for (let number = 0; number < count; number++) people.make({ name: `Person ${number}`, handles: [`email:person${number}@many.example`] });
};

describe('the list', () => {
  test('everybody by name, in few rows, found by any part of a name or an address', async () => {
    const { page, complaints } = await visit('#/people', { before: many(3_000) });
    await named(page, 'Ana Moreau').waitFor();
    assert.ok((await rows(page).count()) <= 60);
    await see(page, 'In your contacts (3,004)');
    await page.getByRole('searchbox', { name: 'Search people' }).fill('2999 MANY');
    await named(page, 'Person 2999').waitFor();
    assert.equal(await rows(page).count(), 1);
    await page.getByRole('searchbox').fill('elise');
    await see(page, 'Nobody found');
    await button(page, 'Look among everybody').click();
    await named(page, 'Élise Dubois').waitFor();
    assert.deepEqual(complaints, []);
  });

  test('a letter goes to its names; arrows go from person to person; Enter opens the card', async () => {
    const { page } = await visit('#/people', { before: many(400) });
    await named(page, 'Ana Moreau').waitFor();
    await button(page, 'Go to P').click();
    await named(page, 'Person 0').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Person 1' }).waitFor();
  });
});

describe('the card', () => {
  test('says how to reach somebody, and leads to the conversation and to a new message', async () => {
    const { page, complaints } = await visit(`#/people/${ANA}`);
    await page.getByRole('heading', { level: 1, name: 'Ana Moreau' }).waitFor();
    await see(page, '+33 6 12 34 56 78');
    await see(page, '12 April');
    assert.equal(await page.getByRole('link', { name: 'https://choir.example.org/' }).getAttribute('rel'), 'noopener noreferrer');
    await button(page, 'Write').click();
    await page.locator('.composer').getByText('Ana Moreau').first().waitFor();
    await page.goBack();
    await page.getByRole('link', { name: 'Your conversation with Ana Moreau' }).click();
    await page.locator('.card .text').first().waitFor();
    assert.deepEqual(complaints, []);
  });

  test('what is deleted can be taken back', async () => {
    const { page, people } = await visit(`#/people/${ANA}`);
    await page.getByRole('button', { name: 'Actions for Ana Moreau' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await see(page, 'Ana Moreau is deleted.');
    assert.ok(!people.all.has(ANA));
    await button(page, 'Undo').click();
    await named(page, 'Ana Moreau').waitFor();
    assert.ok(people.all.has(ANA));
  });

  test('an address of a contact that is gone says so', async () => {
    const { page } = await visit('#/people/p0000000000000000000000000Z');
    await see(page, 'This contact is gone');
  });
});

describe('the index of a person', () => {
  test('stands in the list and on the card as shape, number and word, and says why', async () => {
    const { page, complaints } = await visit(`#/people/${ANA}`);
    await named(page, 'Ana Moreau').getByText('Privacy index about 3 of 100: Postcard').waitFor();
    await page.getByRole('button', { name: /Privacy index about 3 of 100: Postcard.*Why\?/ }).press('Enter');
    const panel = page.getByRole('dialog', { name: 'Why Ana Moreau has this index' });
    for (const text of ['Gmail can read this.', 'What holds it down', 'Who can read it', 'How the points add up', 'What would raise it', 'The last 90 days']) await panel.getByText(text, { exact: false }).first().waitFor();
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    assert.deepEqual(complaints, []);
  });

  test('several addresses are listed, the best first', async () => {
    const { page } = await visit(`#/people/${ANA}`, { before: (people) => {
      people.all.get(ANA).handles.push('email:ana@kolab.example', 'email:ana@later.example');
      people.looked.add('email:ana@kolab.example');
    } });
    await page.getByRole('button', { name: /Privacy index about 19 of 100/ }).click();
    const ways = page.getByRole('dialog').locator('section').filter({ hasText: 'Their addresses, the best first' }).locator('li');
    await ways.nth(2).waitFor();
    const said = await ways.allInnerTexts();
    assert.match(said[0], /ana@kolab\.example[^]*most private way[^]*~19/);
    assert.match(said[1], /ana@gmail\.example[^]*less privately[^]*~3/);
    assert.match(said[2], /ana@later\.example[^]*not checked yet/);
  });

  test('while nobody looked there is no number; it is looked up when asked', async () => {
    const { page } = await visit('#/people');
    await button(page, 'Everybody (12)').click();
    await named(page, 'Hanna Weiß').click();
    await see(page, 'How private a message would be is not checked yet.');
    assert.equal(await named(page, 'Hanna Weiß').getByText('Privacy index').count(), 0);
    await button(page, 'Check now').click();
    await page.getByRole('button', { name: /Privacy index about 12 of 100: In transit.*Why\?/ }).waitFor();
    await named(page, 'Hanna Weiß').getByText('Privacy index about 12 of 100: In transit').waitFor();
  });
});

describe('the form', () => {
  test('makes somebody, by keyboard alone', async () => {
    const { page, people, complaints } = await visit('#/people');
    await named(page, 'Ana Moreau').waitFor();
    await page.getByRole('link', { name: 'New', exact: true }).press('Enter');
    await page.getByLabel('Name', { exact: true }).fill('Zoë Zander');
    await page.keyboard.press('Tab');
    await page.keyboard.type('zoe@example.org');
    await button(page, 'Add a detail').press('Enter');
    await page.keyboard.type('+49 30 1');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Zoë Zander' }).waitFor();
    await see(page, 'Zoë Zander is in your contacts.');
    const made = people.at('email:zoe@example.org');
    assert.deepEqual(made.fields, [{ kind: 'phone', use: 'mobile', value: '+49 30 1' }]);
    assert.deepEqual(complaints.filter((line) => !line.includes('Autofocus')), []);
  });

  test('what cannot be is said where one is, and the words stay', async () => {
    const { page } = await visit('#/people/new');
    await page.getByLabel('Name', { exact: true }).fill('Second Ana');
    await page.getByLabel('Address 1', { exact: true }).fill('ANA@gmail.example');
    await button(page, 'Save').click();
    await see(page, 'belongs to another contact');
    assert.equal(await page.getByRole('link', { name: 'See Ana Moreau' }).getAttribute('href'), `#/people/${ANA}`);
    await page.getByLabel('Address 1', { exact: true }).fill('ana@');
    await button(page, 'Save').click();
    await see(page, 'is not complete');
    assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'Second Ana');
  });

  test('editing shows the new name wherever the person stands', async () => {
    const { page } = await visit('#/inbox');
    await page.locator('.row').filter({ hasText: 'Ana Moreau' }).first().waitFor();
    await page.evaluate((id) => (location.hash = `#/people/${id}/edit`), ANA);
    await page.getByLabel('Name', { exact: true }).fill('Anita');
    await button(page, 'Save').click();
    await page.getByRole('heading', { level: 1, name: 'Anita' }).waitFor();
    await page.getByRole('link', { name: 'Inbox' }).click();
    await page.locator('.row').filter({ hasText: 'Anita' }).first().waitFor();
  });
});

describe('putting together', () => {
  test('says what it means, is done, is taken apart, and can be undone', async () => {
    const { page, people, complaints } = await visit(`#/people/${ANA}/merge`);
    await page.getByLabel('Name or address of the other contact').fill('lindq');
    await page.getByRole('button', { name: 'Bo Lindqvist' }).click();
    await see(page, 'Are Ana Moreau and Bo Lindqvist one person?');
    await see(page, 'ana@gmail.example and bo@example.net');
    await see(page, 'Trust is not passed on');
    await button(page, 'Put together').click();
    await see(page, 'New address for Ana Moreau, not confirmed');
    assert.equal(people.whole(ANA).handles.length, 2);
    await page.getByRole('button', { name: 'Confirm' }).click();
    await see(page, 'Confirmed: this address');
    await page.getByRole('button', { name: 'Take apart' }).click();
    await see(page, 'Bo Lindqvist is a contact of its own again.');
    assert.equal(people.whole(ANA).handles.length, 1);
    await button(page, 'Undo').last().click();
    await see(page, 'Ana Moreau is one contact now.');
    assert.equal(people.whole(ANA).handles.length, 2);
    assert.deepEqual(complaints, []);
  });
});

describe('files of cards', () => {
  test('a file is brought with its progress, and what became of each card is said', async () => {
    const { page } = await visit('#/people/import');
    const cards = 'BEGIN:VCARD\nFN:Nia\nEMAIL:nia@example.org\nEND:VCARD\nBEGIN:VCARD\nFN:Ana\nEMAIL:ana@gmail.example\nEND:VCARD\nBEGIN:VCARD\nEND:VCARD\n';
    await page.locator('input[type=file]').setInputFiles({ name: 'people.vcf', mimeType: 'text/vcard', buffer: Buffer.from(cards) });
    const report = page.getByRole('status', { name: 'What became of the cards' });
    await report.waitFor();
    assert.match(await report.innerText(), /1\s+new contact\s+0\s+contacts completed\s+1\s+known already\s+1\s+card left out/);
    await page.getByText('Which cards, and why').click();
    await see(page, 'Card 3: says nothing of anybody');
    await named(page, 'Nia').waitFor();
  });

  test('a file without cards says what to do', async () => {
    const { page } = await visit('#/people/import');
    await page.locator('input[type=file]').setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b') });
    await see(page, 'There is no vCard in this file.');
  });

  test('the contacts leave as a file', async () => {
    const { page } = await visit('#/people');
    await named(page, 'Ana Moreau').waitFor();
    await button(page, 'More about people').click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Export your contacts' }).click()]);
    assert.equal(download.suggestedFilename(), 'contacts.vcf');
    assert.ok(download.url().includes('version=4&of=known'));
  });
});

describe('for everybody', () => {
  const LOOKS = [{ colorScheme: 'light' }, { colorScheme: 'dark', viewport: { width: 320, height: 640 } }];
  const SCREENS = {
    list: ['#/people', (page) => named(page, 'Ana Moreau').waitFor()],
    card: [`#/people/${ANA}`, (page) => see(page, '+33 6 12 34 56 78')],
    form: [`#/people/${ANA}/edit`, (page) => page.locator('.field-row').first().waitFor()],
    'putting together': [`#/people/${ANA}/merge`, async (page) => {
      await page.locator('#join-search').fill('bo');
      await page.getByRole('button', { name: 'Bo Lindqvist' }).click();
      await page.locator('.means').waitFor();
    }],
    import: ['#/people/import', async (page) => {
      await page.locator('input[type=file]').setInputFiles({ name: 'a.vcf', mimeType: 'text/vcard', buffer: Buffer.from('BEGIN:VCARD\nEND:VCARD') });
      await page.locator('.numbers').waitFor();
    }],
  };
  for (const [name, [hash, ready]] of Object.entries(SCREENS)) {
    test(`axe finds nothing and nothing stands out sideways: ${name}`, async () => {
      for (const look of LOOKS) {
        const { page } = await visit(hash, { reducedMotion: 'reduce', ...look });
        await ready(page);
        await page.evaluate(AXE);
        const { violations } = await page.evaluate((tags) => window.axe.run(document, { runOnly: tags, resultTypes: ['violations'] }), TAGS);
        assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 160)} ${nodes[0].any[0]?.message ?? ''}`), []);
        assert.ok((await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth)) <= 0);
      }
    });
  }
});
