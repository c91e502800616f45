// The gate: what is held back from this device, how one comes to it, and that nothing of it stays when it is over.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { start } from './support/mock-server.mjs';
import { tabs } from './support/tabs.mjs';

const session = tabs();
/** What Giulia's message (index 87) says, and what it is about. */
const SUBJECT = 'Dal mio Caliopen';
const WORDS = 'guarda che indice';
const SHARED = 25;

/** A tab on a device that is too weak for what is private. */
async function visit({ hash = '', score = SHARED, prepare = () => {}, clock = false, ...options } = {}) {
  const server = await start();
  session.atEnd(server.stop);
  const { gate, devices } = server.account;
  gate.score = score;
  devices.all[0].isShared = score === SHARED;
  prepare(server);
  const tab = await session.open(options);
  if (clock) await tab.page.clock.install();
  await tab.page.goto(`${server.url}/${hash}`);
  await tab.page.locator('section.list, main').first().waitFor();
  return { server, gate, account: server.account, ...tab };
}
const row = (page, text) => page.locator('.row').filter({ hasText: text }).locator('[data-row]').first();
const giulia = (account) => [...account.messages.values()].find(({ summary }) => summary.subject === SUBJECT).summary;
/** Its person shows in another tab that it is them, or that they are gone. */
const turn = (gate, how) => {
  gate[how]();
  gate.tell();
};
const openGiulia = async (page) => {
  await row(page, 'Giulia').click();
  await page.locator('article').first().waitFor();
};
/** Everything that the page has in its document, hidden or not. */
const says = async (page, word) => (await page.content()).includes(word);

describe('a list', () => {
  test('keeps the place of what is hidden: who, when and how private, and none of its words', async () => {
    const { page } = await visit();
    const held = row(page, 'Giulia');
    await held.getByText('Private · hidden here').waitFor();
    assert.equal(await held.locator('.number').innerText(), '87');
    assert.equal(await says(page, SUBJECT) || (await says(page, WORDS)), false);
    await row(page, 'Ana Moreau').getByText('Rehearsal on Tuesday').waitFor();
  });

  test('says once how many are hidden in sight, why, and what would help', async () => {
    const { page } = await visit();
    const line = page.getByRole('group', { name: '2 private messages are hidden on this device' });
    await line.getByText('This is a shared computer.').waitFor();
    await line.getByText('a device that you trust more').waitFor();
    await line.getByRole('link', { name: 'What would show them here?' }).click();
    await page.getByRole('heading', { name: 'What is shown where' }).waitFor();
  });

  for (const [why, change, words] of [
    ['an open network', (device) => Object.assign(device, { network: 'open' }), 'This network is open to everybody.'],
    ['a stranger', () => {}, 'not known well enough yet'],
    ['a browser without a key', (device) => Object.assign(device, { isCurrent: false }), 'cannot keep a key'],
  ]) {
    test(`names the reason: ${why}`, async () => {
      const { page } = await visit({ score: 35, prepare: ({ account }) => change(account.devices.all[0]) });
      await page.locator('.held').getByText(words).waitFor();
    });
  }

  test('shows everything in its place once it is unlocked, and says until when', async () => {
    const { page, gate } = await visit();
    await page.locator('.held').first().waitFor();
    turn(gate, 'open');
    await row(page, 'Giulia').getByText(SUBJECT).waitFor();
    assert.equal(await page.locator('.held').count(), 0);
    await page.getByText(/Private messages are shown until/).waitFor();
  });
});

describe('a conversation', () => {
  test('has a placeholder for a hidden message, asks for no body, and does not call it read', async () => {
    const { page, account } = await visit();
    await openGiulia(page);
    await page.getByText('This message is hidden on this device.').waitFor();
    await page.waitForTimeout(1_300);
    const bodies = account.calls.filter(([name, args]) => name === 'Message/get' && args.properties?.includes('bodies'));
    assert.deepEqual(bodies, []);
    assert.equal(giulia(account).keywords.$seen, undefined);
    assert.equal(await says(page, WORDS), false);
  });

  test('offers for it what needs no words, and says why it cannot be answered', async () => {
    const { page } = await visit();
    await openGiulia(page);
    await page.getByText('unlock it to answer').waitFor();
    await page.getByRole('button', { name: 'Actions for this message' }).click();
    assert.deepEqual(await page.getByRole('menuitem').allInnerTexts(), ['Why this index?', 'Flag', 'People and dates']);
    await page.keyboard.press('Escape');
    await page.keyboard.press('r');
    await page.waitForFunction(() => document.activeElement?.closest('article .held'));
    assert.equal(await page.locator('.composer').count(), 0);
  });

  test('shows its words once it is unlocked, and lets go of them when that ends', async () => {
    const { page, gate } = await visit();
    await openGiulia(page);
    turn(gate, 'open');
    await page.locator('article').getByText(WORDS).waitFor();
    turn(gate, 'close');
    await page.getByText('This message is hidden on this device.').waitFor();
    assert.equal(await says(page, SUBJECT) || (await says(page, WORDS)), false);
  });

  test('hides by itself when the time is over, also without a network', async () => {
    const { page, server, gate } = await visit({ clock: true });
    await openGiulia(page);
    turn(gate, 'open');
    await page.locator('article').getByText(WORDS).waitFor();
    server.cut();
    await page.clock.fastForward('15:01');
    await page.getByText('This message is hidden on this device.').waitFor();
    assert.equal(await says(page, SUBJECT) || (await says(page, WORDS)), false);
  });
});

test('a search says that it left private messages out, and finds them once unlocked', async () => {
  const { page, gate } = await visit({ hash: '#/search/indice' });
  await page.getByText('Private messages are not searched on this device.').waitFor();
  assert.equal(await row(page, 'Giulia').count(), 0);
  turn(gate, 'open');
  await row(page, 'Giulia').waitFor();
  turn(gate, 'close');
  await page.getByText('Private messages are not searched on this device.').waitFor();
  assert.equal(await row(page, 'Giulia').count(), 0);
});

test('a file that is held back by now says so', async () => {
  const { page, gate, account } = await visit({ score: 64 });
  await row(page, 'Ana Moreau').click();
  const button = page.getByRole('button', { name: 'Save rehearsals-winter.pdf' });
  await button.waitFor();
  for (const { summary } of account.messages.values()) if (summary.attachments.length) summary.privacy = { ...summary.privacy, score: 90, level: 5 };
  gate.score = SHARED;
  await button.click();
  await page.getByText('This is hidden on this device.').waitFor();
});

describe('a draft that quotes what is hidden', () => {
  const begun = ({ account }) => {
    const { id, conversationId, from } = giulia(account);
    account.gate.open();
    account.sending.createDraft({ identityId: [...account.desk.identities.keys()][0], conversationId, answers: id, to: [{ name: null, handle: from[0].handle }], subject: `Re: ${SUBJECT}`, text: 'Che bello, quando arrivi?' });
    account.gate.close();
  };

  test('is a placeholder among the drafts, cannot be thrown away unseen, and opens after an unlock', async () => {
    const { page, gate } = await visit({ hash: '#/drafts', prepare: begun });
    const held = page.getByRole('list', { name: 'Drafts' }).getByRole('listitem');
    await held.getByText('Private · hidden here').waitFor();
    assert.equal(await held.getByRole('button').count(), 0);
    await held.getByRole('link').click();
    await page.getByText('What you began to write here quotes').waitFor();
    assert.equal(await says(page, 'Che bello'), false);
    turn(gate, 'open');
    await page.waitForFunction(() => document.querySelector('.composer textarea')?.value === 'Che bello, quando arrivi?');
  });

  test('leaves the screen when the time is over, saved; what the server did not take stays, and is saved after an unlock', async () => {
    const { page, account, gate } = await visit();
    await openGiulia(page);
    turn(gate, 'open');
    await page.locator('article').getByText(WORDS).waitFor();
    await page.locator('.answer .line').click();
    await page.locator('.composer textarea').fill('Arrivo sabato.');
    await page.locator('.save[data-state=saved]').waitFor();
    turn(gate, 'close');
    await page.getByText('What you began to write here quotes').waitFor();
    assert.equal(await says(page, 'Arrivo sabato'), false);

    turn(gate, 'open');
    const field = page.locator('.composer textarea');
    await field.waitFor();
    gate.close();
    await field.fill('Arrivo domenica.');
    await page.getByText('What you typed stays here').waitFor();
    assert.equal(await field.inputValue(), 'Arrivo domenica.');
    turn(gate, 'open');
    await page.locator('.save[data-state=saved]').waitFor();
    assert.equal([...account.sending.drafts.values()][0].text, 'Arrivo domenica.');
  });
});

describe('what this browser keeps', () => {
  const kept = (page) => page.evaluate(() => new Promise((resolve) => {
    const request = indexedDB.open('caliopen');
    request.onsuccess = () => {
      const all = request.result.transaction('records').objectStore('records').getAllKeys();
      all.onsuccess = () => (request.result.close(), resolve(all.result.map(([, room, id]) => `${room} ${id}`)));
    };
  }));
  const until = async (holds) => {
    for (let tries = 0; tries < 80 && !(await holds()); tries++) await new Promise((done) => setTimeout(done, 100));
    assert.ok(await holds());
  };
  async function keeping(options) {
    const tab = await visit({ ...options, hash: '#/bin' });
    await tab.page.evaluate(() => localStorage.setItem('caliopen.preferences', JSON.stringify({ offline: true })));
    await tab.page.goto(`${tab.server.url}/#/inbox`);
    await tab.page.reload();
    await tab.page.locator('[data-row]').first().waitFor();
    return tab;
  }

  test('never has the words that only an unlock shows', async () => {
    const { page, account, gate } = await keeping();
    await openGiulia(page);
    turn(gate, 'open');
    await page.locator('article').getByText(WORDS).waitFor();
    await row(page, 'Ana Moreau').click();
    await page.locator('.card .text').first().waitFor();
    await until(async () => (await kept(page)).some((one) => one.startsWith('content')));
    assert.equal((await kept(page)).includes(`content ${giulia(account).id}`), false);
  });

  test('is forgotten once more is asked for', async () => {
    const { page, account, server } = await keeping({ score: 64 });
    const place = `content ${giulia(account).id}`;
    await openGiulia(page);
    await page.locator('article').getByText(WORDS).waitFor();
    await until(async () => (await kept(page)).includes(place));
    await page.goto(`${server.url}/#/settings/shown`);
    await page.locator('fieldset').last().getByLabel('Only after I unlock').check();
    await page.locator('fieldset').last().getByText('Hidden on this device now').waitFor();
    await until(async () => !(await kept(page)).includes(place));
  });
});

describe('what is shown where', () => {
  const levels = (page) => page.locator('fieldset');

  test('says for each level what it asks for, and whether it is shown here', async () => {
    const { page } = await visit({ hash: '#/settings/shown', score: 45 });
    await levels(page).nth(0).getByText('Shown on this device now').waitFor();
    await levels(page).nth(2).getByText('Hidden on this device now').waitFor();
    assert.deepEqual(await page.locator('fieldset input:checked').evaluateAll((all) => all.map((one) => one.value)), ['20', '40', '60']);
    assert.equal(await levels(page).nth(2).getByRole('radio').count(), 2);
  });

  test('asks for more at once, of the levels above too, and takes it back', async () => {
    const { page, gate } = await visit({ hash: '#/settings/shown', score: 64 });
    await levels(page).nth(0).getByLabel('My own devices, at home or by a passkey').check();
    await page.getByText('Sealed: My own devices, at home or by a passkey.').waitFor();
    assert.deepEqual(gate.asked, [60, 60, 60]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Sealed: Any device of mine, also a shared one.').waitFor();
    assert.deepEqual(gate.asked, [20, 40, 60]);
  });

  test('asks for less only while everything is shown', async () => {
    const { page, gate } = await visit({ hash: '#/settings/shown', prepare: ({ account }) => (account.gate.thresholds = { sealed: 60, sealedAndKnown: 60, private: 60 }) });
    const choice = levels(page).nth(0).getByLabel('Any device of mine, also a shared one');
    await choice.click();
    await page.getByText('Unlock, and it is done.').waitFor();
    assert.equal(await levels(page).nth(0).locator('input:checked').inputValue(), '60');
    turn(gate, 'open');
    await levels(page).nth(0).getByText(/Shown on this device until/).waitFor();
    await choice.click();
    await page.getByText('Sealed: Any device of mine, also a shared one.').waitFor();
    assert.deepEqual(gate.asked, [20, 60, 60]);
  });

  test('lets nobody lock themselves out', async () => {
    const { page, gate } = await visit({ hash: '#/settings/shown', score: 64, prepare: ({ account }) => (account.gate.ways = []) });
    await levels(page).nth(2).getByLabel('Only after I unlock').click();
    await page.getByRole('alert').getByText('Nobody should lock themselves out.').waitFor();
    assert.deepEqual(gate.asked, [20, 40, 60]);
    await page.getByRole('alert').getByRole('link', { name: 'Sign-in and devices' }).waitFor();
  });

  test('follows the name that is given to the network', async () => {
    const { page, server, gate } = await visit({ score: 45 });
    await row(page, 'Giulia').getByText('Private · hidden here').waitFor();
    const { devices } = server.account;
    const set = devices.set.bind(devices);
    devices.set = (args) => {
      gate.score = 60;
      return set(args);
    };
    await page.evaluate(() => (location.hash = '#/settings/entry'));
    await page.getByLabel('This network').selectOption({ label: 'Mine, or one that I trust' });
    await page.getByText('Remembered for this network.').waitFor();
    await page.evaluate(() => (location.hash = '#/inbox'));
    await row(page, 'Giulia').getByText(SUBJECT).waitFor();
  });
});

test('an export that left something out says how to have it whole', async () => {
  const { page } = await visit({ hash: '#/settings/transfer', prepare: ({ account }) => account.transfers.add({ kind: 'export', passed: 3, stored: 40 }) });
  await page.getByText('3 private messages were left out: unlock, and export again.').waitFor();
  await page.getByText('Private messages, if there are any, are hidden on this device').waitFor();
});

test('is said in French and in Italian', async () => {
  for (const [locale, language, words] of [['fr-FR', 'fr', ['Privé · masqué ici', 'C’est un ordinateur partagé.']], ['it-IT', 'it', ['Privato · nascosto qui', 'È un computer condiviso.']]]) {
    const { page } = await visit({ locale, prepare: ({ account }) => (account.language = language) });
    for (const word of words) await page.getByText(word).first().waitFor();
  }
});
