// Around the letters: settings, identities with signatures, templates, the palette, shortcuts, paper, the source. In the real
// Chromium under the real policy, against the mock of docs/api.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { start } from './support/mock-server.mjs';
import { tabs } from './support/tabs.mjs';

const session = tabs();
const SIGNATURE = 'Alice Martin\nChoir of Saint-Roch';

async function visit(hash = '', prepare = () => {}, options = {}) {
  const server = await start({});
  session.atEnd(server.stop);
  const { desk, sending } = server.account;
  prepare(desk, server);
  const tab = await session.open(options);
  await tab.page.goto(`${server.url}/${hash}`);
  if (!hash) await tab.page.locator('[data-row]').first().waitFor();
  return { server, desk, sending, ...tab };
}
const see = (page, text) => page.getByText(text, { exact: false }).first().waitFor();
const first = (map) => [...map.values()][0];
const body = (page) => page.getByRole('textbox', { name: 'Message', exact: true });
const saved = (page) => page.locator('.save[data-state=saved]').waitFor();
const signed = (desk) => (first(desk.identities).textSignature = SIGNATURE);
async function answer(page) {
  await page.locator('.row').filter({ hasText: 'Ana Moreau' }).locator('[data-row]').first().click();
  await page.getByRole('button', { name: 'Answer Ana Moreau…' }).click();
  await body(page).waitFor();
}

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

describe('identities', () => {
  test('a name and a signature are kept, and undo gives back what was', async () => {
    const { page, desk } = await visit('#/settings/writing');
    await page.getByLabel('Name that others see').fill('Alice, alto');
    await page.getByLabel('Signature', { exact: true }).fill(SIGNATURE);
    await page.getByText('Below your messages').waitFor();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await see(page, 'Saved for alice@example.org.');
    assert.deepEqual([first(desk.identities).name, first(desk.identities).textSignature], ['Alice, alto', SIGNATURE]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.waitForFunction(() => document.querySelector('.identity input').value === 'Alice Martin');
    assert.equal(first(desk.identities).textSignature, '');
  });

  test('the signature stands below what is typed, apart from it, and in what is kept', async () => {
    const { page, sending } = await visit('', signed);
    await answer(page);
    await page.locator('.signature').getByText('Choir of Saint-Roch').waitFor();
    await body(page).fill('I will be there.');
    await saved(page);
    assert.equal(first(sending.drafts).text, `I will be there.\n\n-- \n${SIGNATURE}\n`);
    await page.reload();
    await body(page).waitFor();
    assert.equal(await body(page).inputValue(), 'I will be there.', 'a reload takes the two apart again');
    await page.getByRole('button', { name: 'Leave the signature out' }).click();
    await page.getByRole('button', { name: 'Add the signature' }).waitFor();
    await page.waitForFunction(() => document.querySelector('.save[data-state=saved]'));
    assert.equal(first(sending.drafts).text, 'I will be there.');
  });

  test('it changes with the address, and formatted text has it too', async () => {
    const prepare = (desk) => {
      signed(desk);
      Object.assign(desk.addIdentity('choir@example.org', 'The choir'), { textSignature: 'The choir', htmlSignature: '<p><b>The choir</b></p>' });
    };
    const { page, sending } = await visit('#/compose/new', prepare);
    await page.locator('.signature').getByText('Saint-Roch').waitFor();
    await page.getByRole('combobox', { name: /^From/ }).selectOption('choir@example.org');
    await page.locator('.signature').getByText('The choir').waitFor();
    await body(page).fill('Hello');
    await saved(page);
    assert.equal(first(sending.drafts).text, 'Hello\n\n-- \nThe choir\n');
    await page.locator('.composer').getByRole('button', { name: 'Formatting' }).click();
    await page.locator('.editor').pressSequentially('!');
    await page.waitForFunction(() => document.querySelector('.save[data-state=saved]'));
    assert.match(first(sending.drafts).html, /<p>-- <\/p><p><b>The choir<\/b><\/p>$/);
  });

  test('what is carried on stays below it', async () => {
    const { page, sending } = await visit('', signed);
    await page.locator('.row').filter({ hasText: 'Ana Moreau' }).locator('[data-row]').first().click();
    await page.locator('.card .text').last().waitFor();
    await page.keyboard.press('f');
    await page.locator('.signature').waitFor();
    await body(page).press('Control+Home');
    await body(page).pressSequentially('For you.');
    await saved(page);
    const { text } = first(sending.drafts);
    assert.ok(text.startsWith(`For you.\n\n-- \n${SIGNATURE}\n\n----------`), text);
    await page.reload();
    await body(page).waitFor();
    assert.match(await body(page).inputValue(), /^For you\.\n\n----------/);
  });
});

describe('templates', () => {
  const two = (desk) => {
    desk.addTemplate({ name: 'Thanks', text: 'Thank you very much!' });
    desk.addTemplate({ name: 'Éléphant', subject: 'About the elephant', text: 'The elephant is fine.' });
  };

  test('are made, changed, and thrown away with a way back', async () => {
    const { page, desk } = await visit('#/settings/templates');
    await page.getByRole('button', { name: 'New template' }).click();
    await page.getByLabel('Name of the template').fill('Directions');
    await page.getByLabel('Text', { exact: true }).fill('Tram 4 to the end.');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await see(page, 'Template “Directions” saved.');
    await page.getByRole('button', { name: 'Edit Directions' }).click();
    await page.getByLabel('Text', { exact: true }).fill('Tram 5 to the end.');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.locator('.all li').getByText('Tram 5').waitFor();
    await page.getByRole('button', { name: 'Delete Directions' }).click();
    await see(page, 'Template “Directions” deleted.');
    assert.equal(desk.templates.size, 0);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.locator('.all li').getByText('Tram 5').waitFor();
    assert.equal(first(desk.templates).text, 'Tram 5 to the end.');
  });

  test('one made on another device is there without a reload', async () => {
    const { page, desk, server } = await visit('#/settings/templates', two);
    await page.locator('.all li').first().waitFor();
    desk.addTemplate({ name: 'Elsewhere', text: 'From the phone.' });
    server.account.push();
    await page.locator('.all li').getByText('From the phone.').waitFor();
  });

  test('are put in by name with keys alone, or by the list', async () => {
    const { page, sending, complaints } = await visit('#/compose/new', two);
    await body(page).pressSequentially('Dear Bo,\n;elep');
    await page.locator('.meant').getByText('inserts “Éléphant”').waitFor();
    await body(page).press('Tab');
    assert.equal(await body(page).inputValue(), 'Dear Bo,\nThe elephant is fine.');
    assert.equal(await page.getByLabel('Subject').inputValue(), 'About the elephant');
    await body(page).press('Control+z');
    assert.match(await body(page).inputValue(), /;elep$/, 'the browser’s own undo takes it back');
    await body(page).fill('');
    await page.locator('.tools').getByRole('button', { name: 'Insert a template' }).click();
    await page.getByRole('combobox', { name: 'Name of the template' }).fill('THAN');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.querySelector('.composer textarea').value === 'Thank you very much!');
    await saved(page);
    assert.equal(first(sending.drafts).text, 'Thank you very much!');
    assert.deepEqual(complaints, []);
  });

  test('what was written is kept as one', async () => {
    const { page, desk } = await visit('#/compose/new', (fresh) => signed(fresh));
    await body(page).fill('The hall is open at nine.');
    await page.locator('.tools').getByRole('button', { name: 'Insert a template' }).click();
    await see(page, 'You have no templates yet');
    await page.getByRole('combobox', { name: 'Name of the template' }).fill('Hall');
    await page.getByRole('button', { name: 'Save as “Hall”' }).click();
    await see(page, 'Template “Hall” saved.');
    assert.equal(first(desk.templates).text, 'The hall is open at nine.', 'without the signature');
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

  test('what is typed before it stands there is meant for it, and for nothing else', async () => {
    const { page, server } = await visit();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('templates');
    await page.keyboard.press('Enter');
    await page.waitForURL(/#\/settings\/templates$/);
    assert.equal(server.account.calls.filter(([name]) => name === 'Conversation/setAll').length, 0);
  });

  test('finds people and conversations whatever their accents, and writes with a template', async () => {
    const { page } = await visit('', (desk) => desk.addTemplate({ name: 'Thanks', subject: 'Thank you', text: 'Thank you very much!' }));
    await open(page);
    await choose(page, 'elise');
    await page.getByRole('heading', { level: 1, name: 'Élise Dubois' }).waitFor();
    await open(page);
    await choose(page, 'write ana');
    await page.locator('.chip').getByText('Ana').waitFor();
    await open(page);
    await choose(page, 'message thanks');
    await page.waitForFunction(() => document.querySelector('.composer textarea')?.value === 'Thank you very much!');
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
    const { page } = await visit('', () => {}, { colorScheme: 'dark' });
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
