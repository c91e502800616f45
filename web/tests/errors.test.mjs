// No screen is silent: where the answer that it needs does not come, it says so in words that say what to do, and the
// button beside them gets it.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { alert, visit } from './support/failing.mjs';
import { tabs } from './support/tabs.mjs';

const session = tabs();
const entry = (page, name) => page.getByRole('region', { name, exact: true });
const openFirst = (page) => page.locator('[data-row]').first().click();
const first = (account) => account.ordered({ place: 'inbox' }, 'latestAt')[0];
const ana = (account) => [...account.contacts.values()].find(({ displayName }) => displayName === 'Ana Moreau').id;
const drafted = ({ account: { sending } }) => sending.createDraft({ identityId: 'i00000000000000000000000001', to: [], subject: 'Half a thought', text: 'Half' });
const labelled = ({ account: { deeds } }) => deeds.run('Label/set', { create: { new: { name: 'Choir', colour: 'grey' } } });
const many = ({ account }) => {
  for (let count = 0; count < 40; count++) account.deliver(first(account), { type: 'text', text: `Line ${count}`, quotedLines: [] });
};
const more = (page) => page.getByRole('button', { name: 'More', exact: true });

/** What each screen needs (`fails`), how to come there, and what shows that it has it. `hash` may ask the account. */
const SCREENS = {
  'the application itself': { fails: '/jmap/start', ready: '[data-row]' },
  'the way in': { server: { signedIn: false }, fails: '/auth/state', ready: 'form' },
  'a list': { hash: '#/bin', fails: 'Conversation/query', ready: '.list .message:not([role])' },
  'a search': { hash: '#/search/rehearsal', fails: 'SearchSnippet/get', ready: '.results [data-row]' },
  'a conversation': { hash: (account) => `#/inbox/${first(account)}`, fails: 'Message/query', ready: '.card .text' },
  'the words of a message': { hash: (account) => `#/inbox/${first(account)}`, fails: 'Message/get bodies', ready: '.card .text' },
  'earlier messages': { hash: (account) => `#/inbox/${first(account)}`, before: many, start: async (page) => page.getByRole('button', { name: 'Show earlier messages' }).waitFor(), fails: 'Message/query', act: (page) => page.getByRole('button', { name: 'Show earlier messages' }).click(), ready: '.stream article >> nth=31' },
  'why a message has its index': { fails: 'PrivacyReport/get', act: async (page) => {
    await openFirst(page);
    await page.locator('article .why').last().click();
  }, ready: '#why-points' },
  'what became of a message': { hash: (account) => `#/inbox/${first(account)}/fate/${account.of(first(account))[0].summary.id}`, fails: 'Submission/get', ready: 'aside p.soft:not(.message *)' },
  'a person beside a conversation': { hash: (account) => `#/inbox/${first(account)}/person/${ana(account)}`, fails: 'Contact/get fields', ready: '#person-name' },
  people: { hash: '#/people', fails: 'Contact/query', ready: '[data-person]' },
  'a card': { hash: (account) => `#/people/${ana(account)}`, fails: 'Contact/get fields', within: 'main', ready: 'h1' },
  'whom to put together': { hash: (account) => `#/people/${ana(account)}/merge`, fails: 'Contact/query', within: 'main', act: (page) => page.locator('#join-search').fill('bo'), ready: 'ul button' },
  drafts: { hash: '#/drafts', before: drafted, fails: 'Draft/get', ready: '.drafts li' },
  'a draft': { hash: ({ sending }) => `#/compose/${[...sending.drafts.keys()][0]}`, before: drafted, fails: 'Draft/get', ready: '.composer' },
  'templates while one writes': { hash: '#/compose/new', fails: 'Template/get', act: async (page) => page.locator('.tools [aria-haspopup=dialog]').click(), ready: 'dialog p:not([role])' },
  'my privacy': { hash: '#/settings/mine', fails: 'UserPrivacy/get', ready: '.settings .number' },
  quests: { hash: '#/settings/mine', fails: 'Coaching/get', ready: '.settings .open li' },
  'whom to invite': { hash: '#/settings/mine', fails: 'Contact/get fields', ready: 'button:enabled:text("Write the invitation")' },
  'what is shown where': { hash: '#/settings/shown', fails: 'Gate/get', ready: '.settings fieldset' },
  'who may have pictures fetched': { hash: '#/settings/reading', fails: 'Contact/query', ready: '.settings p:text("Nobody")' },
  addresses: { hash: '#/settings/writing', fails: 'Identity/get', ready: '.identity' },
  templates: { hash: '#/settings/templates', fails: 'Template/get', ready: '.settings .new' },
  'new senders in the settings': { hash: '#/settings/senders', fails: 'Screener/get', ready: '.settings input[type=checkbox]' },
  storage: { hash: '#/settings/storage', fails: 'Quota/get', ready: '.settings meter' },
  imports: { hash: '#/settings/transfer', before: ({ account: { transfers } }) => transfers.add({ name: 'old.mbox' }), fails: 'Transfer/get', ready: '.settings li' },
  devices: { hash: '#/settings/entry', fails: 'Device/get', at: 'Your devices', ready: 'li' },
  'why a device has its index': { hash: '#/settings/entry', fails: 'PrivacyReport/get', act: (page) => page.locator('.settings summary').first().click(), ready: '.settings details .stack' },
  'showing that it is you': { before: ({ account: { gate } }) => (gate.score = 25), fails: '/auth/step-up/options', act: (page) => page.getByRole('button', { name: 'Unlock', exact: true }).first().click(), within: 'dialog', ready: 'form input' },
  passkeys: { hash: '#/settings/entry', fails: 'Passkey/get', at: 'Passkeys', ready: '.all' },
  'the second factor': { hash: '#/settings/entry', fails: 'SecondFactor/get', at: 'Second factor', ready: '.state' },
  programs: { hash: '#/settings/programs', fails: 'AppPassword/get', ready: '.settings li' },
  services: { hash: '#/settings/services', fails: 'Handler/get', ready: '.settings .class' },
  labels: { before: labelled, fails: 'Label/get', act: async (page) => {
    await more(page).click();
    await page.getByRole('button', { name: 'Your labels' }).click();
  }, ready: 'dialog li' },
  'the labels of a conversation': { before: labelled, fails: 'Label/get', act: async (page) => {
    await page.locator('[data-row]').first().focus();
    await page.keyboard.press('l');
  }, ready: 'dialog li' },
  'the page of a domain': { hash: 'domain/village.example', fails: '/public/', ready: '.verdict' },
};

describe('a screen that gets no answer', () => {
  for (const [name, { hash = '', before, server, fails, start, act, within = 'body', at, ready }] of Object.entries(SCREENS)) {
    test(`${name}: says so and what to do, and the button beside it gets it`, async () => {
      let where = hash;
      const arrange = (mock) => {
        before?.(mock);
        if (typeof hash === 'function') where = hash(mock.account);
      };
      const here = await visit(session, () => where, { arrange, server, fails: start ? [] : [fails] });
      const { page } = here;
      await start?.(page);
      if (start) here.break(fails);
      await act?.(page);
      const place = at ? entry(page, at) : page.locator(within);
      const said = alert(place);
      await said.waitFor();
      assert.equal(await place.locator(ready).count(), 0, 'it is not there yet');
      here.mend();
      const got = place.locator(ready).first();
      // It may have been asked for again by itself a moment ago: then there is no button any more.
      await Promise.any([said.getByRole('button').first().click(), got.waitFor()]);
      await got.waitFor();
      await page.waitForFunction(() => [...document.querySelectorAll('[role=alert]')].every((one) => !one.textContent.trim()));
    });
  }

  test('a part of the application that does not load says so, and the page is loaded anew', async () => {
    const { page } = await visit(session, '');
    await page.locator('[data-row]').first().waitFor();
    await page.route('**/assets/Help-*.js', (route) => route.abort());
    await page.keyboard.press('?');
    const said = alert(page.locator('body'));
    await said.getByText('A part of the application did not load.').waitFor();
    await page.unroute('**/assets/Help-*.js');
    await Promise.all([page.waitForEvent('load'), said.getByRole('button', { name: 'Reload the page' }).click()]);
    await page.locator('[data-row]').first().waitFor();
    await page.keyboard.press('?');
    await page.locator('dialog kbd').first().waitFor();
  });
});
