// No deed fails in silence: it says so, what was there is there again, and a second try does it.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { alert, until, visit } from './support/failing.mjs';
import { PASSWORD } from './support/mock-server.mjs';
import { tabs } from './support/tabs.mjs';

const session = tabs();
const button = (page, name) => page.getByRole('button', { name, exact: true });
const region = (page, name) => page.getByRole('region', { name, exact: true });
const first = (account) => account.ordered({ place: 'inbox' }, 'latestAt')[0];
const ana = (account) => [...account.contacts.values()].find(({ displayName }) => displayName === 'Ana Moreau').id;
const ofAna = (account) => `#/people/${ana(account)}`;
const opened = (account) => `#/inbox/${first(account)}`;
const labelled = ({ account: { deeds } }) => deeds.run('Label/set', { create: { new: { name: 'Choir', colour: 'grey' } } });
const templated = ({ account: { desk } }) => desk.addTemplate({ name: 'Thanks', text: 'Thank you very much!' });
const stranger = ({ account: { screener } }) => screener.stranger(1, { name: 'Pia Keller', address: 'pia@keller.example' });
const drafted = ({ account: { sending } }) => sending.createDraft({ identityId: 'i00000000000000000000000001', to: [{ name: null, handle: 'email:ana@gmail.example' }], subject: 'Half', text: 'Half a thought' });
const chosen = async (page, menu, item) => {
  await menu.click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
};
const header = (page) => page.locator('main header [aria-haspopup=menu]').first();
const card = (page) => page.getByRole('button', { name: 'Actions for Ana Moreau' });
const labels = async (page) => {
  await button(page, 'More').click();
  await button(page, 'Your labels').click();
};
const onRow = async (page, keys) => {
  await page.locator('[data-row]').first().focus();
  for (const key of keys) await page.keyboard.press(key);
};
const signedIn = (page) => page.locator('.settings section').first().waitFor();
/** A form keeps what was typed, and its own button is the second try. */
const submits = (name) => (page) => button(page, name).click();

/**
 * What is done (`act`) and what the server cannot do (`fails`), at `hash`. `again` where the second try is another button than
 * the one beside the words; `first` what comes before, while everything works.
 */
const DEEDS = {
  'archiving': { fails: 'Conversation/setAll', act: (page) => onRow(page, ['e']) },
  'taking it back': { fails: 'Conversation/undoAll', first: (page) => onRow(page, ['e']), act: submits('Undo') },
  'renaming a conversation': { hash: opened, fails: 'Conversation/set', act: async (page) => {
    await chosen(page, header(page), 'Rename');
    await page.locator('main header form input').fill('The garden');
    await page.keyboard.press('Enter');
  } },
  'flagging a message': { hash: opened, fails: 'Message/set', first: (page) => page.locator('.card .text').first().waitFor(), act: (page) => chosen(page, page.locator('.card [aria-haspopup=menu]').last(), 'Flag') },
  'blocking from a conversation': { hash: opened, fails: 'Contact/set', act: (page) => chosen(page, header(page), /^Block /) },
  'naming somebody': { hash: (account) => `${opened(account)}/person/${ana(account)}`, fails: 'Contact/set', act: async (page) => {
    await page.locator('#person-name').fill('Anita');
    await page.locator('aside form button').click();
  } },
  'making a contact': { hash: '#/people/new', fails: 'Contact/set', act: async (page) => {
    await page.getByLabel('Name', { exact: true }).fill('Zoë Zander');
    await page.keyboard.press('Enter');
  }, again: submits('Save') },
  'archiving from the open conversation': { hash: opened, fails: 'Conversation/setAll', act: (page) => page.locator('main header .do button').first().click() },
  'deleting a contact': { hash: ofAna, fails: 'Contact/set', act: (page) => chosen(page, card(page), 'Delete') },
  'blocking a contact': { hash: ofAna, fails: 'Contact/set', act: (page) => chosen(page, card(page), 'Block Ana Moreau') },
  'putting two people together': { hash: (account) => `${ofAna(account)}/merge`, fails: 'Contact/merge', act: async (page) => {
    await page.locator('#join-search').fill('bo');
    await button(page.locator('main'), /^Bo Lindqvist/).click();
    await button(page, 'Put together').click();
  } },
  'taking somebody apart again': { hash: ofAna, before: joined, fails: 'Contact/split', act: (page) => page.getByRole('button', { name: /^Take apart/ }).click() },
  'saying that an address is theirs': { hash: ofAna, before: joined, fails: 'Contact/set', act: (page) => page.getByRole('button', { name: /^Confirm/ }).click() },
  'a file of cards': { hash: '#/people/import', fails: 'Contact/import', act: cards, again: cards },
  'accepting a new sender': { hash: '#/new-senders', before: stranger, fails: 'Screener/decide', act: submits('Accept Pia Keller') },
  'letting new senders wait': { hash: '#/settings/senders', fails: 'Screener/set', act: (page) => page.locator('.settings input[type=checkbox]').click() },
  'forgetting what was decided': { hash: '#/settings/senders', before: ({ account: { screener } }) => screener.decisions.set('x1', { id: 'x1', scope: 'domain', name: 'keller.example', decision: 'refuse' }), fails: 'Decision/set', act: submits('Forget what you decided about keller.example') },
  'pictures no longer': { hash: '#/settings/reading', before: ({ account }) => (account.contacts.get(ana(account)).showsPictures = true), fails: 'Contact/set', act: submits('No longer for Ana Moreau') },
  'throwing a draft away': { hash: '#/drafts', before: drafted, fails: 'Draft/set', act: (page) => page.locator('.drafts li button').click() },
  'a draft that does not open to be thrown away': { hash: '#/drafts', before: drafted, first: (page) => page.locator('.drafts li').waitFor(), fails: 'Draft/get', does: 'Draft/set', act: (page) => page.locator('.drafts li button').click() },
  'a new label': { fails: 'Label/set', act: async (page) => {
    await onRow(page, ['l']);
    await page.locator('dialog input').first().fill('Trips');
    await page.keyboard.press('Enter');
  }, again: (page) => page.locator('dialog input').first().press('Enter') },
  'changing a label': { before: labelled, fails: 'Label/set', act: async (page) => {
    await labels(page);
    await button(page, 'Change Choir').click();
    await page.locator('#label-name').fill('The choir');
    await button(page, 'Save').click();
  }, again: submits('Save') },
  'removing a label': { before: labelled, fails: 'Label/set', act: async (page) => {
    await labels(page);
    await button(page, 'Remove Choir').click();
    await button(page, 'Remove the label').click();
  }, again: submits('Remove the label') },
  'a new template': { hash: '#/settings/templates', fails: 'Template/set', act: async (page) => {
    await button(page, 'New template').click();
    await page.getByLabel('Name of the template').fill('Thanks');
    await button(page, 'Save').click();
  } },
  'deleting a template': { hash: '#/settings/templates', before: templated, fails: 'Template/set', act: submits('Delete Thanks') },
  'how one signs': { hash: '#/settings/writing', fails: 'Identity/set', act: async (page) => {
    await page.locator('.identity textarea').fill('Alice');
    await button(page, 'Save').click();
  } },
  'what is shown where': { hash: '#/settings/shown', fails: 'Gate/set', act: (page) => page.locator('fieldset').first().locator('input').nth(1).click() },
  'naming a device': { hash: '#/settings/entry', fails: 'Device/set', act: async (page) => {
    await button(page, 'Rename Firefox · Android').click();
    await page.getByLabel('Name of the device').fill('The kitchen');
    await page.keyboard.press('Enter');
  } },
  'removing a device': { hash: '#/settings/entry', fails: 'Device/set', act: submits('Remove Firefox · Android: it is signed out at once') },
  'ending a session': { hash: '#/settings/entry', fails: 'Session/set', act: submits('End the session backup script') },
  'naming a passkey': { hash: '#/settings/entry', before: passkeys, fails: 'Passkey/set', act: async (page) => {
    await button(page, 'Rename My laptop').click();
    await page.getByLabel('Name of the passkey').fill('The blue one');
    await page.keyboard.press('Enter');
  } },
  'removing a passkey': { hash: '#/settings/entry', before: passkeys, fails: 'Passkey/set', act: async (page) => {
    await button(page, 'Remove My laptop').click();
    await button(page, 'Remove now').click();
  } },
  'an app for codes': { hash: '#/settings/entry', fails: '/auth/second-factor/codes', act: async (page) => {
    await button(page, 'Set up an app for codes').click();
    await region(page, 'Second factor').locator('input[type=password]').fill(PASSWORD);
    await button(page, 'Continue').click();
  }, again: submits('Continue') },
  'a second factor no more': { hash: '#/settings/entry', before: passkeys, fails: '/auth/second-factor', act: async (page) => {
    await button(page, 'Turn off').click();
    await region(page, 'Second factor').locator('input[type=password]').fill(PASSWORD);
    await button(page, 'Turn off').click();
  }, again: submits('Turn off') },
  'a new password': { hash: '#/settings/entry', fails: '/auth/password', act: async (page) => {
    await page.locator('input[name=current]').fill(PASSWORD);
    await page.locator('input[name=new]').fill('four unrelated words here');
    await button(page, 'Change the password').click();
  }, again: submits('Change the password') },
  'a new recovery code': { hash: '#/settings/entry', fails: '/auth/recovery-code', act: async (page) => {
    await button(page, 'Make a recovery code').click();
    await page.locator('.settings .card input[type=password]').fill(PASSWORD);
    await button(page, 'Make a recovery code').click();
  }, again: submits('Make a recovery code') },
  'signing out': { hash: '#/settings/entry', fails: '/auth/logout', act: submits('Sign out') },
  'another language': { hash: '#/settings/looks', fails: '/auth/language', act: (page) => page.locator('#set-language').selectOption('fr'), again: (page) => button(page, 'Réessayer').click() },
  'a password for a program': { hash: '#/settings/programs', fails: 'AppPassword/set', act: async (page) => {
    await page.locator('#program-name').fill('Laptop');
    await button(page, 'Make a password').click();
  } },
  'revoking the password of a program': { hash: '#/settings/programs', fails: 'AppPassword/set', act: async (page) => {
    await button(page, 'Revoke the password of Phone').click();
    await button(page, 'Revoke now').click();
  } },
  'putting a quest aside': { hash: '#/settings/mine', fails: 'Coaching/set', act: (page) => button(page, 'Not now').first().click() },
  'hiding quests': { hash: '#/settings/mine', fails: 'Coaching/set', act: submits('Hide all of this') },
  'emptying the bin': { hash: '#/bin', before: ({ account }) => ([...account.conversations.values()][3].place = 'bin'), fails: 'Conversation/empty', act: async (page) => {
    await button(page, 'Empty it now').click();
    await button(page, 'Remove for good').click();
  }, again: submits('Try again') },
  'letting an address rest': { hash: '#/settings/writing', before: ({ account: { desk } }) => Object.assign(desk.addIdentity('ana@example.org'), { isChosen: true }), fails: 'Identity/set', act: submits('Let it rest') },
  'choosing an address': { hash: '#/settings/writing', before: ({ account: { coaching } }) => (coaching.addressesAllowed = 1), fails: 'Identity/set', act: async (page) => {
    await page.getByRole('form', { name: /^Choose/ }).getByRole('textbox').fill('ana');
    await button(page, 'Take this address').click();
  }, again: submits('Take this address') },
  'bringing in a file': { hash: '#/settings/transfer', fails: 'Transfer/set', act: (page) => page.locator('.drop input[type=file]').setInputFiles({ name: 'old.mbox', mimeType: 'application/mbox', buffer: Buffer.from('From a\n\nb\n') }) },
  'cancelling an import': { hash: '#/settings/transfer', before: ({ account: { transfers } }) => transfers.add({ name: 'old.mbox', size: 900, state: 'paused' }), fails: 'Transfer/set', act: submits('Cancel old.mbox') },
  'forgetting an import': { hash: '#/settings/transfer', before: ({ account: { transfers } }) => transfers.add({ name: 'old.mbox', size: 900 }), fails: 'Transfer/set', act: submits('Remove old.mbox from this list') },
  'leaving a list': { before: ({ account }) => account.leaving.offer('<https://lists.example/leave>', { signed: true }), fails: 'Message/unsubscribe', act: async (page) => {
    await page.locator('[data-row]').nth(6).click();
    await page.locator('header .way').click();
  }, again: submits('Try again') },
  'taking back what was sent': { hash: opened, fails: 'Submission/set', first: async (page) => {
    await page.locator('.answer .line').click();
    await page.locator('.composer textarea').fill('Yes.');
    await page.locator('.composer textarea').press('Control+Enter');
    await button(page, 'Undo').waitFor();
  }, act: submits('Undo') },
  'signing in': { server: { signedIn: false }, fails: '/auth/login', act: signIn, again: submits('Sign in') },
  'coming back with the recovery code': { server: { signedIn: false }, hash: '#/recover', fails: '/auth/recover', act: async (page) => {
    await page.locator('input[type=email]').fill('alice@example.org');
    await page.getByLabel('Recovery code').fill('K7QF-2M9X-PT4H-8WRC-V3ZD-6NJA');
    await page.locator('input[type=password]').fill('four unrelated words here');
    await button(page, 'Recover my account').click();
  }, again: submits('Recover my account') },
  'the first account': { server: { firstStart: true, signedIn: false }, hash: '#first-start=TOKEN', fails: '/auth/first-start', act: async (page) => {
    await page.locator('input[name=username]').fill('alice@example.org');
    await page.locator('input[type=password]').fill('four unrelated words here');
    await button(page, 'Create the account').click();
  }, again: submits('Create the account') },
};

function joined({ account }) {
  const bo = [...account.contacts.values()].find(({ displayName }) => displayName === 'Bo Lindqvist').id;
  account.people.run('merge', { id: ana(account), otherId: bo });
}
function passkeys({ account }) {
  account.passkeys.pretend();
}
async function cards(page) {
  await page.locator('input[type=file]').setInputFiles({ name: 'people.vcf', mimeType: 'text/vcard', buffer: Buffer.from('BEGIN:VCARD\nVERSION:4.0\nFN:Zoë\nEND:VCARD\n') });
}
async function signIn(page) {
  await page.locator('#address').fill('alice@example.org');
  await page.locator('input[type=password]').fill(PASSWORD);
  await button(page, 'Sign in').click();
}

describe('a deed that fails', () => {
  for (const [name, { hash = '', before, server, first: begin, fails, does = fails, act, again }] of Object.entries(DEEDS)) {
    test(`${name}: says so and what to do, and a second try does it`, async () => {
      let where = hash;
      const arrange = (mock) => {
        before?.(mock);
        if (typeof hash === 'function') where = hash(mock.account);
      };
      const here = await visit(session, () => where, { arrange, server });
      const { page } = here;
      if (where === '') await page.locator(server ? 'form' : '[data-row]').first().waitFor();
      if (where.startsWith('#/settings')) await signedIn(page);
      await begin?.(page);
      const count = here.did(does);
      here.break(fails);
      await act(page);
      const said = alert(page);
      await said.waitFor();
      assert.ok(here.refused() > 0);
      assert.equal(here.did(does), count, 'nothing was done');
      here.mend();
      await (again ? again(page) : said.getByRole('button', { name: 'Try again' }).click());
      await until(page, () => here.did(does) > count, 'a second try');
    });
  }
});
