// How private a message will be, before it is sent: the chip beside Send, what it opens, what interrupts, and one message
// that becomes two. In the real Chromium under the real policy, against the mock of docs/api.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { start } from './support/mock-server.mjs';
import { tabs } from './support/tabs.mjs';

const session = tabs();
const ANA = 'email:ana@gmail.example';
const BO = 'email:bo@example.net';
const DRISS = 'email:driss@kolab.example';

async function visit(hash = '') {
  const server = await start({});
  session.atEnd(server.stop);
  const tab = await session.open();
  await tab.page.goto(`${server.url}/${hash}`);
  await tab.page.locator(hash ? '.composer' : '[data-row]').first().waitFor();
  const asked = () => server.account.calls.filter(([name]) => name === 'Outlook/get').map(([, { recipients }]) => recipients);
  return { server, asked, account: server.account, sending: server.account.sending, ...tab };
}
const letter = () => visit('#/compose/new');
const to = (page) => page.getByRole('combobox', { name: 'To' });
const write = async (page, ...addresses) => {
  for (const address of addresses) await to(page).fill(`${address},`);
};
const chip = (page) => page.locator('.bar .route');
const chipSays = (page, text) => chip(page).filter({ hasText: text }).waitFor();
const panel = (page) => page.getByRole('dialog', { name: 'Before you send' });
const body = (page) => page.getByRole('textbox', { name: 'Message', exact: true });
async function answer(page, name) {
  await page.locator('.row').filter({ hasText: name }).locator('[data-row]').first().click();
  await page.locator('.answer .line').click();
  await body(page).fill('Tuesday suits me.');
}
/** Holds the answers about outlooks back until they are let go. */
async function hold(page) {
  let go;
  const gone = new Promise((done) => (go = done));
  await page.route('**/jmap/api', async (route) => {
    if (route.request().postData()?.includes('Outlook/get')) await gone;
    await route.continue();
  });
  return go;
}
/** Plays a server that cannot say it, until it is mended. */
async function fail(page) {
  const broken = (route) => (route.request().postData()?.includes('Outlook/get') ? route.fulfill({ status: 500, body: '{}' }) : route.continue());
  await page.route('**/jmap/api', broken);
  return () => page.unroute('**/jmap/api', broken);
}

describe('the chip', () => {
  test('says level, number and route, asks once for each change, and at most fifty milliseconds pass when it is known', async () => {
    const { page, asked, complaints } = await letter();
    await chipSays(page, 'Email');
    await write(page, 'bo@example.net');
    await chipSays(page, 'In transit ~12 · Email');
    await write(page, 'ana@gmail.example');
    await chipSays(page, 'Postcard ~3 · Email · because of Ana Moreau');
    const times = [];
    for (let round = 0; round < 3; round++) {
      times.push(await page.evaluate(() => new Promise((done) => {
        const began = performance.now();
        new MutationObserver((_, observer) => {
          if (!document.querySelector('.bar .route').textContent.includes('In transit ~12')) return;
          observer.disconnect();
          done(performance.now() - began);
        }).observe(document.querySelector('.bar'), { childList: true, subtree: true, characterData: true });
        document.querySelector('.recipients .chip:last-of-type button').click();
      })));
      await write(page, 'ana@gmail.example');
      await chipSays(page, 'Postcard ~3');
    }
    assert.ok(Math.min(...times) <= 50, `the chip took ${times} ms`);
    // Whom it knows already is asked for again only where nothing here can score them together.
    assert.equal(asked().length, 2);
    assert.ok(asked()[1].includes(ANA), JSON.stringify(asked()));
    assert.deepEqual(complaints, []);
  });

  test('never shows what belongs to other recipients than those that stand there', async () => {
    const { page } = await letter();
    await write(page, 'bo@example.net');
    await chipSays(page, 'In transit ~12');
    const go = await hold(page);
    await write(page, 'ana@gmail.example');
    await chipSays(page, 'looking…');
    await page.getByRole('button', { name: 'Remove Bo Lindqvist' }).click();
    await chipSays(page, 'looking…');
    go();
    await chipSays(page, 'Postcard ~3');
    await write(page, 'ana@gmail');
    await chipSays(page, 'first mend the address');
    assert.equal(await page.locator('.bar button.route').count(), 0);
  });

  test('names whom it would not reach, and what to do', async () => {
    const { page } = await letter();
    await write(page, 'nobody@example.org', 'x@nowhere.example', 'bo@example.net');
    await chipSays(page, 'nobody@example.org does not exist');
    await chip(page).click();
    await panel(page).getByText('Check the address, or ask them for the right one: sent now, it would come back.').waitFor();
    await panel(page).getByText('nowhere.example takes no mail.').waitFor();
    assert.match(await panel(page).locator('.verdict .word').innerText(), /In transit/, 'the index is of those whom it reaches');
  });

  test('says what is not fully checked, and goes on asking', async () => {
    const { page, account, asked } = await letter();
    account.outlooks.partly.set(BO, 1);
    await write(page, 'bo@example.net');
    await chipSays(page, 'not fully checked');
    await chip(page).click();
    await panel(page).getByText('Not everything could be looked up in time.').waitFor();
    await chipSays(page, 'In transit ~12');
    assert.equal(await panel(page).getByText('Not everything').count(), 0);
    assert.deepEqual(asked(), [[BO], [BO]]);
  });

  test('says when it could not be looked up, and tries again when asked', async () => {
    const { page } = await letter();
    const mend = await fail(page);
    await write(page, 'bo@example.net');
    await chipSays(page, 'Email · not looked up');
    await chip(page).click();
    await panel(page).getByText('Something went wrong on the server.').waitFor();
    await mend();
    await panel(page).getByRole('button', { name: 'Try again' }).click();
    await panel(page).locator('.verdict').waitFor();
    await chipSays(page, 'In transit ~12');
  });

  test('says that there is no network, and looks it up when there is', async () => {
    const { page, context } = await letter();
    await body(page).waitFor();
    await context.setOffline(true);
    await write(page, 'bo@example.net');
    await chipSays(page, 'not looked up: no network');
    await context.setOffline(false);
    await chipSays(page, 'In transit ~12');
  });

  test('of more than fifty asks in parts, and never pretends to be exact', async () => {
    const { page, asked } = await letter();
    await to(page).fill(`${Array.from({ length: 51 }, (_, number) => `p${number}@example.net`).join(', ')}, ana@gmail.example,`);
    await chipSays(page, 'Postcard ~3');
    assert.deepEqual(asked().map((part) => part.length), [50, 2]);
    await chip(page).click();
    const each = panel(page).locator('section').filter({ hasText: 'To each of them alone' }).locator('li');
    await each.nth(51).waitFor();
    assert.equal(await each.count(), 52);
  });
});

describe('what the chip opens', () => {
  test('says who can read it, why, and what would raise it; keys open and close it, and the focus comes back', async () => {
    const { page, complaints } = await visit();
    await answer(page, 'Ana Moreau');
    await chipSays(page, 'Postcard ~3');
    await chip(page).focus();
    await page.keyboard.press('Enter');
    await panel(page).waitFor();
    assert.ok(await page.evaluate(() => document.querySelector('dialog').contains(document.activeElement)));
    for (const text of ['Gmail can read this.', 'What holds it down', 'Who can read it', 'Who sees that you write', 'How the points add up', 'What would raise it', 'what really happened stands with the message']) await panel(page).getByText(text).first().waitFor();
    await page.keyboard.press('Escape');
    await panel(page).waitFor({ state: 'detached' });
    assert.ok(await page.evaluate(() => document.activeElement.matches('button.route')));
    assert.equal(await body(page).inputValue(), 'Tuesday suits me.', 'Escape closed the panel alone');
    assert.deepEqual(complaints, []);
  });

  test('lists the addresses of somebody who has several, the best first, and changes none by itself', async () => {
    const { page, account, sending } = await visit();
    const [ana] = account.contacts.values();
    ana.handles.push('email:ana@nowhere.example', 'email:ana@kolab.example');
    ana.links = [{ id: 'p00000000000000000000000099', at: '2026-11-01T00:00:00.000Z' }];
    account.people.linked.set(ana.links[0].id, { state: 'suggested', handles: ['email:ana@caliopen.example'] });
    await answer(page, 'Ana Moreau');
    await chipSays(page, 'Postcard ~3');
    await chip(page).click();
    const ways = panel(page).locator('section').filter({ hasText: 'Ways to write to Ana Moreau' }).locator('li');
    await ways.first().filter({ hasText: 'more private' }).waitFor();
    await ways.filter({ hasText: 'is not confirmed yet' }).waitFor();
    const said = await ways.allInnerTexts();
    assert.match(said[0], /ana@kolab\.example[^]*~19[^]*Protected on the way[^]*more private/);
    assert.match(said[1], /ana@gmail\.example[^]*~3[^]*Gmail can read this\.[^]*chosen/);
    assert.ok(said.slice(2).some((text) => /ana@nowhere\.example[^]*Not offered: nowhere\.example takes no mail\./.test(text)), said);
    assert.ok(said.slice(2).some((text) => /ana@caliopen\.example[^]*Not offered: whether this is Ana Moreau is not confirmed yet/.test(text)), said);
    await page.locator('.save[data-state=saved]').waitFor();
    assert.equal([...sending.drafts.values()][0].to[0].handle, ANA);
    await ways.first().getByRole('button', { name: 'Write there instead' }).click();
    await page.keyboard.press('Escape');
    await chipSays(page, 'In transit ~19');
    await page.locator('.save[data-state=saved]').waitFor();
    assert.equal([...sending.drafts.values()][0].to[0].handle, 'email:ana@kolab.example');
  });
});

describe('a wish for proven servers alone', () => {
  const wish = (page) => panel(page).getByLabel('Only over proven servers');

  test('goes with the draft, names whom it would not leave for, and is taken back like it was made', async () => {
    const { page, sending } = await letter();
    await write(page, 'driss@kolab.example', 'bo@example.net');
    await body(page).fill('The door code.');
    await chipSays(page, 'In transit');
    await chip(page).click();
    await wish(page).check();
    await panel(page).getByText('As things are it would not leave for bo@example.net').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.save[data-state=saved]').waitFor();
    assert.equal([...sending.drafts.values()][0].requiresTls, true);
    await page.reload();
    await chip(page).click();
    assert.ok(await wish(page).isChecked());
    await wish(page).uncheck();
    await panel(page).getByText('As things are it would not leave').waitFor({ state: 'detached' });
  });

  test('that a host does not keep is said with the message: nothing was sent, and what to do', async () => {
    const { page, sending } = await visit();
    await answer(page, 'Ana Moreau');
    await chip(page).click();
    await wish(page).check();
    await page.keyboard.press('Escape');
    sending.fates.set(ANA, { state: 'failed', cause: 'not-private', status: '5.7.30', host: 'mx.gmail.example' });
    await body(page).press('Control+Enter');
    await page.locator('.fate .waiting').waitFor();
    sending.leaveNow();
    await page.locator('.fate .failed').click();
    for (const words of ['You asked for proven servers alone.', 'gmail.example does not promise to pass it on over proven servers alone', 'Nothing was sent.']) await page.getByText(words).first().waitFor();
  });
});

describe('what interrupts', () => {
  test('one recipient who drags the others down is named, once: put aside, it stays aside for that draft', async () => {
    const { page } = await letter();
    await write(page, 'ana@gmail.example', 'bo@example.net', 'driss@kolab.example');
    await body(page).fill('Nine?');
    const line = page.locator('.interruption');
    await line.getByText('ana@gmail.example makes this “Postcard” for everybody.').waitFor();
    assert.equal(await line.getByRole('button').first().innerText(), 'Send separately…', 'the safer choice comes first');
    await line.getByRole('button', { name: 'Leave it so' }).click();
    await line.waitFor({ state: 'detached' });
    await page.locator('.save[data-state=saved]').waitFor();
    await page.reload();
    await chipSays(page, 'because of Ana Moreau');
    assert.equal(await line.count(), 0);
  });

  test('a level below the usual one of a conversation is said, and nothing when it is the usual one', async () => {
    const { page } = await visit();
    await answer(page, 'Ana Moreau');
    await chipSays(page, 'Postcard ~3');
    assert.equal(await page.locator('.interruption').count(), 0);
    await answer(page, 'Giulia Conti');
    await page.getByText('This conversation is usually “Private”; this message would be “In transit”.').waitFor();
    await page.getByRole('button', { name: 'See why' }).click();
    await panel(page).locator('.verdict').waitFor();
  });
});

describe('what interrupts of itself', () => {
  const line = (page, kind) => page.locator(`.interruption[data-kind=${kind}]`);
  test('a secret that others will be able to read is named by its kind, and no longer once it is gone', async () => {
    const { page } = await letter();
    await write(page, 'bo@example.net');
    await body(page).fill('My account: FR76 3000 6000 0112 3456 7890 189');
    await line(page, 'secret').getByText('an account number (IBAN), and others will be able to read it: “In transit”').waitFor();
    await body(page).fill('My account is with the old bank.');
    await line(page, 'secret').waitFor({ state: 'detached' });
  });

  test('who answers a message that failed its checks is told first, and sees why', async () => {
    const { page } = await visit();
    await answer(page, 'security@paypal.example');
    await body(page).fill('The password is hunter2');
    await line(page, 'forged').getByText('failed its checks').waitFor();
    await line(page, 'forged').getByRole('button', { name: 'See why' }).click();
    await page.getByRole('complementary').locator('.verdict').waitFor();
    await line(page, 'forged').getByRole('button', { name: 'Leave it so' }).click();
    await line(page, 'secret').getByText('a password').waitFor();
  });

  test('an address that this person does not know is said, and changed back by one button', async () => {
    const { page, account } = await visit();
    account.desk.addIdentity('alice@choir.example');
    await answer(page, 'Ana Moreau');
    await page.locator('.composer').getByRole('button', { name: 'Change' }).first().click();
    const from = page.locator('.composer select').first();
    const known = await from.inputValue();
    await from.selectOption({ index: 1 });
    await line(page, 'identity').getByRole('button', { name: `Write as ${known}` }).click();
    await line(page, 'identity').waitFor({ state: 'detached' });
    assert.equal(await from.inputValue(), known);
  });
});

describe('sent separately', () => {
  const handles = (people) => people.map(({ handle }) => handle);
  async function apart() {
    const tab = await letter();
    const { page } = tab;
    await write(page, 'ana@gmail.example', 'bo@example.net', 'driss@kolab.example');
    await page.getByRole('textbox', { name: 'Subject' }).fill('Break');
    await body(page).fill('Shall we say nine?');
    await page.locator('.composer input[type=file]').setInputFiles([{ name: 'scores.txt', mimeType: 'text/plain', buffer: Buffer.from('la la') }]);
    await page.locator('.save[data-state=saved]').waitFor();
    await page.locator('.interruption').getByRole('button', { name: 'Send separately…' }).click();
    const groups = panel(page).locator('section').filter({ hasText: 'Two messages instead of one' }).locator('li');
    await groups.nth(1).filter({ hasText: '~3' }).waitFor();
    await groups.nth(0).filter({ hasText: '~12' }).waitFor();
    assert.deepEqual((await groups.allInnerTexts()).map((text) => text.split('\n')[0]), ['To Bo Lindqvist and Driss El Amrani', 'To Ana Moreau']);
    await panel(page).getByRole('button', { name: 'Send two messages' }).click();
    await page.getByText('Sent to Bo Lindqvist and Driss El Amrani, and separately to Ana Moreau').waitFor();
    return tab;
  }

  test('two messages leave, each to its own, with the same words and files; one undo makes them one draft again', async () => {
    const { page, account, sending, complaints } = await apart();
    assert.equal(sending.drafts.size, 0);
    assert.deepEqual([...sending.submissions.values()].map(({ recipients }) => handles(recipients)).toSorted((a, b) => b.length - a.length), [[BO, DRISS], [ANA]]);
    for (const { messageId } of sending.submissions.values()) {
      const { summary, content } = account.messages.get(messageId);
      assert.deepEqual([summary.subject, content.bodies[0].text, summary.attachments.map(({ name }) => name)], ['Break', 'Shall we say nine?', ['scores.txt']]);
    }
    await page.getByRole('button', { name: 'Undo' }).click();
    await body(page).waitFor();
    await page.waitForFunction(() => document.querySelector('.save[data-state=saved]'));
    assert.equal(await body(page).inputValue(), 'Shall we say nine?');
    assert.equal(sending.submissions.size, 0);
    for (let tries = 0; tries < 40 && sending.drafts.size > 1; tries++) await page.waitForTimeout(50);
    assert.deepEqual([...sending.drafts.values()].map((draft) => handles(draft.to)), [[ANA, BO, DRISS]]);
    assert.deepEqual(complaints, []);
  });

  test('an answer comes back to the foot of its conversation, to everybody it was for', async () => {
    const { page, sending } = await visit();
    await answer(page, 'Hanna Weiß');
    await page.getByRole('button', { name: 'Change' }).click();
    await write(page, 'ana@gmail.example');
    await chipSays(page, 'because of Ana Moreau');
    await chip(page).click();
    await panel(page).getByRole('button', { name: 'Send two messages' }).click();
    await page.getByText('and separately to Ana Moreau').waitFor();
    assert.equal(sending.submissions.size, 2);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.locator('.answer').getByText('To Hanna Weiß, Bo Lindqvist, Ana Moreau, and Chiara Bianchi').waitFor();
    assert.equal(await body(page).inputValue(), 'Tuesday suits me.');
    for (let tries = 0; tries < 40 && sending.drafts.size > 1; tries++) await page.waitForTimeout(50);
    const [draft] = sending.drafts.values();
    assert.deepEqual([sending.drafts.size, draft.to.length + draft.cc.length, draft.answers !== null], [1, 4, true]);
  });

  test('what left already stays; the other is a draft again', async () => {
    const { page, sending } = await apart();
    const toAna = [...sending.submissions.values()].find(({ recipients }) => recipients.length === 1);
    clearTimeout(sending.waiting.get(toAna.id).timer);
    sending.leave(toAna);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('It has left: it cannot be taken back any more.').waitFor();
    await body(page).waitFor();
    assert.deepEqual([...sending.drafts.values()].map((draft) => handles(draft.to)), [[BO, DRISS]]);
    assert.equal(sending.submissions.size, 1);
  });

  test('when the second cannot be made, nothing leaves and nothing changes', async () => {
    const { page, server, sending } = await letter();
    await write(page, 'ana@gmail.example', 'bo@example.net');
    await body(page).fill('Shall we say nine?');
    await page.locator('.save[data-state=saved]').waitFor();
    await chipSays(page, 'because of Ana Moreau');
    await chip(page).click();
    server.state.failures.push({ method: 'Draft/set', status: 500, type: 'server' });
    await panel(page).getByRole('button', { name: 'Send two messages' }).click();
    await page.getByText('Not sent; your text is kept.').waitFor();
    assert.equal(sending.submissions.size, 0);
    assert.deepEqual([...sending.drafts.values()].map((draft) => handles(draft.to)), [[ANA, BO]]);
    await page.getByText('To Ana Moreau and Bo Lindqvist').waitFor();
  });
});
