// WCAG 2.2 AA as far as a machine can tell: axe on each screen, light and dark, wide and narrow, in each language;
// no sideways scrolling at 320 pixels; forced colours; the contrast of the level colours.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { DESK, launch } from './support/browser.mjs';
import { PASSWORD, start } from './support/mock-server.mjs';
import { addReport } from './support/report.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** What a colour scheme changes. */
const COLOURS = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };
let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

/** Each screen: how to come there, and how to know that one is there; `stays`: what is done there is not over with it. */
const SCREENS = {
  'first start': { server: { firstStart: true, signedIn: false }, hash: '#first-start=TOKEN', ready: 'form' },
  'sign in': { server: { signedIn: false }, ready: 'form' },
  recover: { server: { signedIn: false }, hash: '#/recover', ready: 'form' },
  'page of a domain': { server: { signedIn: false }, hash: 'domain/village.example', ready: '.verdict' },
  welcome: { hash: '#/welcome', ready: 'h1' },
  'recovery code': { hash: '#/welcome', ready: 'h1', act: (page) => page.locator('.button.quiet').click() },
  inbox: { ready: '[data-row]' },
  'empty bin': { hash: '#/bin', ready: '.message' },
  'failed list': { ready: '[role=alert] .button', before: (server) => server.state.failures.push({ method: 'Conversation/query', status: 500, type: 'x' }) },
  conversation: { ready: '[data-row]', act: (page) => openRow(page, 0, '.card .text') },
  'HTML message': { ready: '[data-row]', act: (page) => openRow(page, 2, 'article iframe') },
  'suspicious message': { ready: '[data-row]', act: (page) => openRow(page, 5, '.card .text') },
  'source and people': { ready: '[data-row]', act: async (page) => {
    await openRow(page, 0, '.card .text');
    await page.locator('.card [aria-haspopup=menu]').last().click();
    await page.getByRole('menuitem').nth(5).click();
    await page.locator('.source p').first().waitFor();
  } },
  'way out of a list': { ready: '[data-row]', before: ({ account }) => account.leaving.offer('<mailto:leave@lists.example>'), act: async (page) => {
    await openRow(page, 6, '.card .text');
    await page.locator('header .way').click();
    await page.locator('.leaving .callout').waitFor();
  } },
  'list that could not be left': { ready: '[data-row]', before: ({ account }) => {
    account.leaving.offer('<https://lists.example/leave>, <mailto:leave@lists.example>', { signed: true });
    account.leaving.refuses = 'refused';
  }, act: async (page) => {
    await openRow(page, 6, '.card .text');
    await page.locator('header .way').click();
    await page.locator('.leaving [role=alert]').waitFor();
  } },
  'list that still writes': { ready: '[data-row]', before: ({ account }) => {
    account.leaving.offer('<https://lists.example/leave>', { signed: true });
    account.leaving.leftAll('2026-11-03T10:00:00.000Z');
  }, act: async (page) => {
    await openRow(page, 6, '.card .text');
    await page.locator('.leaving .warn').waitFor();
  } },
  'conversation being renamed': { ready: '[data-row]', act: async (page) => {
    await openRow(page, 0, '.card .text');
    await page.locator('main header [aria-haspopup=menu]').first().click();
    await page.getByRole('menuitem').nth(1).click();
    await page.locator('main header form input').waitFor();
  } },
  'text as it was sent': { ready: '[data-row]', act: async (page) => {
    await openRow(page, 6, '.card .text');
    await page.locator('.card [aria-haspopup=menu]').last().click();
    await page.getByRole('menuitem').last().click();
    await page.locator('.sent').waitFor();
  } },
  'picture of a message': { ready: '[data-row]', act: (page) => openFile(page, 0, 'dialog img') },
  'text of a message': { ready: '[data-row]', act: (page) => openFile(page, 1, 'dialog pre') },
  'file that is only saved': { ready: '[data-row]', act: (page) => openFile(page, 4, 'dialog .note .button') },
  'PDF of a message': { ready: '[data-row]', act: async (page) => {
    await openFile(page, 9, 'dialog [data-page="1"][aria-busy=false] canvas');
    await page.locator('dialog .words').first().getByText('Line 1').waitFor();
  } },
  'stub of another conversation': { ready: '[data-row]', before: ({ account }) => {
    const order = account.ordered({ place: 'inbox' }, 'latestAt');
    account.answerAlone(order[3], order[0], account.conversations.get(order[0]).people[0], '2026-11-22T09:00:00.000Z');
  }, act: async (page) => {
    await page.locator('.row').filter({ hasText: 'Hanna Wei' }).locator('[data-row]').first().click();
    await page.locator('.stub a').waitFor();
  } },
  'answer with its fields': { stays: true, ready: '[data-row]', act: async (page) => {
    await openRow(page, 0, '.card .text');
    await page.locator('.answer .line').click();
    await page.locator('.audience .link').nth(1).click();
    await page.locator('.composer [role=combobox]').nth(2).fill('gi');
    await page.locator('[role=option]').first().waitFor();
  } },
  'new message, wrong address, file, refusal': { stays: true, hash: '#/compose/new', ready: '.composer', act: async (page) => {
    await page.locator('.composer [role=combobox]').fill('ana@gmail,');
    await page.locator('.composer input[type=file]').setInputFiles([{ name: 'garden.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(900) }]);
    await page.locator('.composer .send').click();
    await page.locator('.composer [role=alert] .danger').waitFor();
    await page.locator('.save[data-state=saved]').waitFor();
  } },
  'forgotten file, formatted': { stays: true, ready: '[data-row]', act: async (page) => {
    await openRow(page, 0, '.card .text');
    await page.locator('.answer .line').click();
    await page.locator('.composer textarea').fill('The scores are attached.');
    await page.locator('.composer [aria-pressed]').click();
    await page.locator('.editor').press('Control+Enter');
    await page.locator('.composer .warn .primary').waitFor();
  } },
  'time to send later': { hash: '#/compose/new', ready: '.composer', act: async (page) => {
    await page.locator('.go [aria-haspopup=menu]').click();
    await page.getByRole('menuitem').last().click();
    await page.locator('dialog input').waitFor();
  } },
  'outlook of several people': { stays: true, hash: '#/compose/new', ready: '.composer', act: async (page) => {
    await page.locator('.composer [role=combobox]').fill('ana@gmail.example, bo@example.net, nobody@example.org,');
    await page.locator('.interruption').waitFor();
    await page.locator('button.wrong').click();
    await page.locator('#outlook-points').waitFor();
    await page.locator('dialog summary').last().click();
  } },
  'outlook of one with two addresses': { stays: true, ready: '[data-row]', before: ({ account }) => {
    for (const [recipient, times] of [['email:ana@gmail.example', 9], ['email:ana@kolab.example', 0]]) account.outlooks.partly.set(recipient, times);
    [...account.contacts.values()][0].handles.push('email:ana@kolab.example');
  }, act: async (page) => {
    await openRow(page, 0, '.card .text');
    await page.locator('.answer .line').click();
    await page.locator('button.partly').click();
    await page.locator('dialog .better').waitFor();
  } },
  drafts: { hash: '#/drafts', ready: '.drafts li', before: ({ account: { sending } }) => {
    const words = { identityId: 'i00000000000000000000000001', to: [{ name: null, handle: 'email:ana@gmail.example' }], text: 'Half a thought' };
    sending.createDraft({ ...words, subject: 'The Fauré' });
    sending.createDraft({ ...words, conflictOf: 'd1' });
  } },
  'what became of a message': { ready: '[data-row]', before: ({ account: { sending } }) => {
    sending.fates.set('email:ana@gmail.example', { state: 'failed', cause: 'no-such-recipient', host: 'mx.gmail.example', said: '550 5.1.1 no such user here', attempts: 2 });
  }, act: async (page, { account: { sending } }) => {
    await openRow(page, 0, '.card .text');
    await page.locator('.answer .line').click();
    await page.locator('.composer textarea').fill('Yes.');
    await page.locator('.composer textarea').press('Control+Enter');
    await page.locator('.fate .waiting').waitFor();
    sending.leaveNow();
    await page.locator('.fate .failed').click();
    await page.locator('blockquote').waitFor();
  } },
  'why panel': { ready: '[data-row]', act: async (page) => {
    await openRow(page, 0, '.card .text');
    await page.locator('article .why').last().click();
    await page.locator('#why-points').waitFor();
    await page.locator('summary').last().click();
  } },
  'a report of encryption': { ready: '[data-row]', before: ({ account }) => addReport(account), act: (page) => openRow(page, 0, '.report h3') },
  'showing that it is you': { ready: '[data-row]', before: ({ account: { gate } }) => (gate.score = 25), act: async (page) => {
    await page.getByRole('button', { name: /Unlock|Déverrouiller|Sblocca/ }).first().click();
    await page.locator('dialog form input').first().waitFor();
  } },
  'person card': { ready: '[data-row]', act: async (page) => {
    await openRow(page, 0, '.card .text');
    await page.locator('.card .link.name').first().click();
    await page.locator('#person-name').waitFor();
  } },
  settings: { hash: '#/settings', ready: '.settings nav a' },
  'looks in the settings': { hash: '#/settings/looks', ready: '#set-language' },
  'reading in the settings': { hash: '#/settings/reading', ready: '.settings section' },
  'writing in the settings': { hash: '#/settings/writing', ready: '.identity textarea', before: ({ account: { desk } }) => {
    desk.addIdentity('choir@example.org').textSignature = 'The choir';
  } },
  'an address to choose, and one that rests': { hash: '#/settings/writing', ready: '.identity', before: ({ account: { coaching, desk } }) => {
    coaching.addressesAllowed = 2;
    Object.assign(desk.addIdentity('ana@example.org'), { isChosen: true, rests: true });
  }, act: async (page) => {
    await page.locator('form:not(.identity) input').fill('a b');
    await page.locator('form:not(.identity) button.primary').click();
    await page.locator('form:not(.identity) [role=alert]').waitFor();
  } },
  'storage in the settings': { hash: '#/settings/storage', ready: '.settings meter', before: ({ account }) => {
    account.storage.used = 9_500_000_000;
    [...account.conversations.values()][0].place = 'bin';
  } },
  'the bin, to be emptied': { stays: true, hash: '#/bin', ready: '[data-row]', before: ({ account }) => ([...account.conversations.values()][0].place = 'bin'), act: async (page) => {
    await page.locator('.note button').click();
    await page.locator('dialog button.danger').waitFor();
  } },
  'templates in the settings': { hash: '#/settings/templates', ready: '.all li', before: ({ account: { desk } }) => desk.addTemplate({ name: 'Thanks', text: 'Thank you very much!' }), act: async (page) => {
    await page.locator('.all .new').click();
    await page.locator('.template input[type=checkbox]').check();
    await page.locator('.template .editor').waitFor();
  } },
  'signature and templates while one writes': { hash: '#/compose/new', ready: '.composer', before: ({ account: { desk } }) => {
    for (const one of desk.identities.values()) one.textSignature = 'Alice Martin';
    desk.addTemplate({ name: 'Thanks', text: 'Thank you very much!' });
  }, act: async (page) => {
    await page.locator('.signature').waitFor();
    await page.locator('.tools [aria-haspopup=dialog]').click();
    await page.locator('dialog [role=option]').first().waitFor();
  } },
  'keyboard in the settings': { hash: '#/settings/keyboard', ready: '.settings input[type=checkbox]' },
  'programs in the settings': { stays: true, hash: '#/settings/programs', ready: '.settings section li', act: async (page) => {
    await page.locator('#program-name').fill('Laptop');
    await page.locator('.settings section form button').click();
    await page.locator('.settings code').waitFor();
    await page.locator('.settings section li button').last().click();
  } },
  'import and export in the settings': { hash: '#/settings/transfer', ready: '.settings li progress', before: ({ account: { transfers } }) => {
    transfers.add({ name: 'old.mbox', size: 900, bytes: 900, stored: 9, passed: 1, faults: [{ path: '', number: 3, offset: 80, reason: 'no-header' }] });
    transfers.add({ name: 'older.mbox', size: 900, bytes: 300, resumeAt: 300, stored: 3, state: 'paused' });
  }, act: (page) => page.locator('.settings summary').click() },
  'my privacy': { hash: '#/settings/mine', ready: '.settings dl', act: (page) => page.locator('.settings details summary').first().click() },
  'services in the settings': { hash: '#/settings/services', ready: '.settings .class summary', act: (page) => page.locator('.settings .class summary').first().click() },
  'sign-in in the settings': { hash: '#/settings/entry', ready: '.settings li' },
  'private messages held back': { ready: '.held', before: ({ account: { gate } }) => (gate.score = 25), act: async (page) => {
    await page.locator('.row').filter({ hasText: 'Giulia' }).locator('[data-row]').first().click();
    await page.locator('article .held').waitFor();
    await page.locator('.answer .held').waitFor();
  } },
  'private messages shown for a while': { ready: '.standing .line', before: ({ account: { gate } }) => {
    gate.score = 25;
    gate.open();
  } },
  'what is shown where, and not without an unlock': { hash: '#/settings/shown', ready: 'fieldset', before: ({ account: { gate } }) => {
    Object.assign(gate, { score: 25, thresholds: { sealed: 60, sealedAndKnown: 60, private: 60 } });
  }, act: async (page) => {
    await page.locator('fieldset input').first().click();
    await page.locator('.settings [role=alert]').waitFor();
  } },
  'passkeys in the settings': { hash: '#/settings/entry', ready: '.settings section .danger.callout', before: ({ account: { passkeys } }) => passkeys.pretend() },
  'an app for codes': { stays: true, hash: '#/settings/entry', ready: '.settings .state', act: async (page) => {
    await page.locator('.settings .state + .cluster button').first().click();
    await page.locator('.setup input[type=password]').fill(PASSWORD);
    await page.locator('.setup button.primary').click();
    await page.locator('.setup svg[role=img]').waitFor();
  } },
  'one more step': { server: { signedIn: false }, ready: 'form', before: ({ account: { passkeys } }) => passkeys.pretend(), act: async (page) => {
    await page.locator('#address').fill('alice@example.org');
    await page.locator('input[type=password]').fill(PASSWORD);
    await page.locator('button.primary').click();
    await page.locator('#code').waitFor();
  } },
  palette: { ready: '[data-row]', act: async (page) => {
    await page.keyboard.press('Control+k');
    await page.keyboard.type('an');
    await page.locator('dialog [role=option]').first().waitFor();
  } },
  help: { ready: '[data-row]', act: async (page) => {
    await page.keyboard.press('?');
    await page.locator('dialog kbd').first().waitFor();
  } },
};
async function openFile(page, number, ready) {
  await page.locator('.row').filter({ hasText: 'Фотографии' }).locator('[data-row]').press('Enter');
  await page.locator('article button.look').nth(number).click();
  await page.locator(ready).waitFor();
}
async function openRow(page, number, ready) {
  await page.locator('[data-row]').nth(number).click();
  await page.locator(ready).last().waitFor();
}

/**
 * Pages of one language, colour scheme and width. A screen that asks for a server of its own, or leaves something behind,
 * has a page of its own; the others are visited one after the other on one page, as people do.
 */
function pages(language, options) {
  const ends = [];
  let context, tour;
  const begin = async (screen) => {
    context ??= await browser.newContext({ ...DESK, locale: language, reducedMotion: 'reduce', ...options });
    const server = await start(screen.server);
    server.account.language = language;
    screen.before?.(server);
    const page = await context.newPage();
    page.setDefaultTimeout(8_000);
    await page.goto(`${server.url}/${screen.hash ?? ''}`);
    const end = async () => {
      await page.close();
      await server.stop();
    };
    return { page, server, end };
  };
  /** Once more from the inbox, whatever the last screen left open. */
  const around = async (screen) => {
    if (!tour) ends.push((tour = await begin({})).end);
    const { page } = tour;
    for (let tries = 0; tries < 9 && (await page.locator('dialog').count()); tries++) await page.keyboard.press('Escape');
    await page.evaluate(() => (location.hash = '#/inbox'));
    await page.waitForFunction(() => document.querySelector('section.list') && !document.querySelector('.stream, .settings, .composer, .shell aside, dialog'));
    if (screen.hash) await page.evaluate((hash) => (location.hash = hash), screen.hash);
    return tour;
  };
  return {
    /** Comes to a screen, and looks at it. */
    async visit(screen, look) {
      const alone = Boolean(screen.server ?? screen.before ?? screen.stays);
      const { page, server, end } = await (alone ? begin(screen) : around(screen));
      // After a failure nobody knows what the page is at: the next screen begins with another one.
      const going = tour;
      if (!alone) tour = undefined;
      try {
        await page.locator(screen.ready).first().waitFor();
        await screen.act?.(page, server);
        await drawn(page);
        await look(page);
        if (!alone) tour = going;
      } finally {
        if (alone) await end();
      }
    },
    async stop() {
      for (const end of ends) await end();
      await context?.close();
    },
  };
}

/** Until what changed is on the screen, and stands still. */
const drawn = (page) => page.evaluate(async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  await frame();
  await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
  await frame();
});

/** What axe finds by some of its rules. */
async function faults(page, runOnly) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  const { violations } = await page.evaluate((rules) => window.axe.run(document, { runOnly: rules, iframes: false, resultTypes: ['violations'] }), runOnly);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => `${node.html.slice(0, 140)} ${node.any[0]?.message ?? ''}`).join(' | ')}`);
}

/** What is chosen, pressed or current and looks like what is not, when the reader's own few colours are all there are. */
function lostStates() {
  const STATES = ['aria-current', 'aria-selected', 'aria-pressed', 'aria-checked'];
  const isOn = (one, state) => one.hasAttribute(state) && one.getAttribute(state) !== 'false';
  const look = (one) => [null, '::before', '::after'].map((pseudo) => {
    const { outlineStyle, outlineWidth, borderTopStyle, borderBottomStyle, borderLeftStyle, textDecorationLine, fontWeight, content, forcedColorAdjust, backgroundColor, color } = getComputedStyle(one, pseudo);
    // Our own colours are gone, but where a part keeps them.
    const colours = forcedColorAdjust === 'none' ? [backgroundColor, color] : [];
    return [outlineStyle, outlineWidth, borderTopStyle, borderBottomStyle, borderLeftStyle, textDecorationLine, fontWeight, content, ...colours].join();
  });
  const whole = (one) => [one, ...one.querySelectorAll('*')].map((part) => look(part).join(';') + (part.localName === 'path' ? part.getAttribute('d') : '')).join('|');
  const peers = (one, state) => {
    for (let around = one.parentElement, steps = 0; around && steps < 3; around = around.parentElement, steps++) {
      const found = [...around.querySelectorAll(one.localName)].filter((other) => other !== one && !isOn(other, state) && other.getClientRects().length && other.childElementCount === one.childElementCount);
      if (found.length) return found;
    }
    return [];
  };
  return STATES.flatMap((state) => [...document.querySelectorAll(`[${state}]`)].filter((one) => isOn(one, state) && one.getClientRects().length && one !== document.activeElement)
    .filter((one) => peers(one, state).some((other) => whole(other) === whole(one)))
    .map((one) => `${state}: ${one.outerHTML.slice(0, 160)}`));
}

const KINDS = [
  ['light, wide, English', 'en', { colorScheme: 'light' }],
  ['dark, wide, French', 'fr', { colorScheme: 'dark' }],
  ['light and dark, narrow, Italian', 'it', { colorScheme: 'light', viewport: { width: 320, height: 640 } }],
];
for (const [kind, language, options] of KINDS) {
  describe(kind, () => {
    const { visit, stop } = pages(language, options);
    after(stop);
    for (const [name, screen] of Object.entries(SCREENS)) {
      test(name, () => visit(screen, async (page) => {
        assert.deepEqual(await faults(page, TAGS), []);
        const sideways = await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
        assert.ok(sideways <= 0, `${sideways} px stand out sideways`);
        if (kind.includes('French')) {
          await page.emulateMedia({ forcedColors: 'active' });
          await drawn(page);
          assert.deepEqual(await page.evaluate(lostStates), []);
          await page.emulateMedia({ forcedColors: 'none' });
        }
        if (!kind.includes('and dark')) return;
        // The same document in the other colours.
        await page.emulateMedia({ colorScheme: 'dark' });
        await drawn(page);
        assert.deepEqual(await faults(page, COLOURS), []);
        await page.emulateMedia({ colorScheme: 'light' });
      }));
    }
  });
}

/** One screen by itself. */
async function at(screen, language, options, look) {
  const { visit, stop } = pages(language, options);
  try {
    await visit(screen, look);
  } finally {
    await stop();
  }
}

test('at 4K and at twice the letters nothing stands out sideways', async () => {
  for (const options of [{ viewport: { width: 3840, height: 2160 } }, { viewport: { width: 640, height: 480 }, deviceScaleFactor: 2 }]) {
    await at(SCREENS['why panel'], 'it', options, async (page) => {
      assert.ok((await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth)) <= 0);
      assert.ok((await page.locator('section.list li').count()) <= 60);
    });
  }
});

test('forced colours keep shapes and the open row in sight', () =>
  at(SCREENS.conversation, 'en', { forcedColors: 'active' }, async (page) => {
    const colours = await page.evaluate(() => ['.row svg[data-level]', '.row.open'].map((at) => getComputedStyle(document.querySelector(at)).color));
    assert.equal(new Set(colours).size, 1);
    assert.equal(await page.locator('.row.open').evaluate((row) => getComputedStyle(row).outlineStyle), 'solid');
  }));

test('a state that only a background showed would be noticed', () =>
  at(SCREENS.inbox, 'en', { forcedColors: 'active' }, async (page) => {
    await page.evaluate(() => {
      const strip = document.createElement('p');
      for (const pressed of [true, false]) strip.append(Object.assign(document.createElement('s'), { ariaPressed: String(pressed), textContent: 'x' }));
      strip.firstChild.style.background = 'teal';
      document.body.append(strip);
    });
    assert.equal((await page.evaluate(lostStates)).length, 1);
  }));

test('each level colour has three to one against what it stands on', async () => {
  for (const colorScheme of ['light', 'dark']) {
    let ratios;
    await at(SCREENS.inbox, 'en', { colorScheme }, async (page) => (ratios = await page.evaluate(() => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d');
      const channels = (name) => {
        const probe = document.createElement('i');
        probe.style.color = `var(${name})`;
        document.body.append(probe);
        canvas.fillStyle = getComputedStyle(probe).color;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
      };
      const light = (name) => {
        const [r, g, b] = channels(name).map((value) => (value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
      return [1, 2, 3, 4, 5].flatMap((level) => ['--surface', '--brand-wash', '--sunken'].map((ground) => [`--level-${level} on ${ground}`, ratio(`--level-${level}`, ground)]));
    })));
    for (const [pair, ratio] of ratios) assert.ok(ratio >= 3, `${colorScheme}: ${pair} is ${ratio.toFixed(2)}`);
  }
});
