// Files looked at: by keyboard, in a dialog, and never so that one of them runs, fetches or pretends.

import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { launch, open } from './support/browser.mjs';
import { FILES } from './support/files.mjs';
import { start } from './support/mock-server.mjs';

let browser, end;
before(async () => (browser = await launch()));
after(() => browser?.close());
afterEach(() => end?.());

/** Opens the message with many files, and one of them. */
async function look(name, { language = 'en', ...options } = {}) {
  const server = await start();
  server.account.language = language;
  const tab = await open(browser, options);
  end = async () => {
    await tab.context.close();
    await server.stop();
  };
  await tab.page.goto(`${server.url}/`);
  await tab.page.locator('.row').filter({ hasText: 'Фотографии' }).locator('[data-row]').press('Enter');
  const opener = tab.page.locator('article button.look').filter({ hasText: name });
  await opener.click();
  const dialog = tab.page.getByRole('dialog', { name });
  await dialog.waitFor();
  return { server, opener, dialog, ...tab };
}

describe('a file', () => {
  test('that is a picture is shown from memory', async () => {
    const { dialog, complaints } = await look('the hill above');
    const image = dialog.locator('img');
    await image.waitFor();
    assert.equal(await image.evaluate((element) => element.naturalWidth), 900);
    assert.match(await image.getAttribute('src'), /^blob:/);
    assert.deepEqual(complaints, []);
  });

  test('that is text is words and nothing else, in the encoding that it is in', async () => {
    const { dialog, page } = await look('notes.txt');
    await dialog.getByText('<b>not bold</b> <script>').waitFor();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('dialog').getByText('Chère Élise, à bientôt').waitFor();
    assert.equal(await page.evaluate(() => window.ran), undefined);
  });

  test('that is a sound is played', async () => {
    const { dialog, complaints } = await look('bell.wav');
    const player = dialog.locator('audio');
    await player.evaluate((audio) => new Promise((done, refused) => {
      audio.addEventListener('error', () => refused(new Error('not played')));
      audio.muted = true;
      void audio.play();
      audio.addEventListener('ended', done);
    }));
    assert.deepEqual(complaints, []);
  });

  const REFUSED = [
    ['programme.pdf', 'This PDF is damaged'],
    ['locked.pdf', 'locked with a password'],
    ['encyclopaedia.pdf', 'too large to be shown here: 180 MB'],
    ['holiday.png', 'not what its name says'],
    ['song.mp3', 'not what its name says'],
    ['torn.png', 'cannot show this file'],
  ];
  for (const [name, sentence] of REFUSED) {
    test(`${name} is not shown, says why, and is saved`, async () => {
      const { dialog, page, requests } = await look(name);
      await dialog.getByText(sentence).waitFor();
      assert.equal(await dialog.locator('img, audio, iframe, object, embed').count(), 0);
      const [download] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name: `Save ${name}` }).last().click()]);
      assert.equal(download.suggestedFilename(), name);
      assert.ok(!requests.some((url) => url.includes('127.0.0.2')));
      assert.equal(await page.evaluate(() => window.ran), undefined);
    });
  }

  test('of another kind is not offered, and said to be saved when one comes to it', async () => {
    const { page } = await look('programme.pdf');
    await page.keyboard.press('ArrowRight');
    await page.getByRole('dialog', { name: 'drawing.svg' }).getByText('Files of this kind are not shown here').waitFor();
    assert.equal(await page.locator('article button.look').filter({ hasText: /drawing\.svg|page\.html/ }).count(), 0);
  });

  test('that a server calls something else is not shown', async () => {
    const { page, server } = await look('notes.txt');
    server.state.saysOpaque = true;
    await page.keyboard.press('ArrowLeft');
    await page.getByRole('dialog').getByText('Files of this kind are not shown here').waitFor();
  });

  test('that is large is loaded only when asked', async () => {
    const { page, dialog, server } = await look('poster.png');
    await dialog.getByText('This file is large: 48 MB.').waitFor();
    const downloads = () => server.state.seen.filter((url) => url.startsWith('/jmap/download/'));
    assert.deepEqual(downloads(), []);
    await dialog.getByRole('button', { name: 'Load it' }).click();
    await dialog.locator('img').waitFor();
    assert.equal(downloads().length, 1);
    await page.keyboard.press('Escape');
  });

  test('that cannot be had is tried again', async () => {
    const { page, server } = await look('notes.txt');
    server.state.failures.push({ path: '/jmap/download/', status: 500, type: 'x' });
    await page.keyboard.press('ArrowRight');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Chère Élise').waitFor();
  });
});

describe('the keyboard', () => {
  test('goes round the files, stays inside, and comes back to where it was', async () => {
    const { page, opener, dialog } = await look('the hill above');
    await dialog.getByText(`1 of ${FILES.length}`).waitFor();
    await page.keyboard.press('ArrowLeft');
    await page.getByRole('dialog', { name: FILES.at(-1).name }).waitFor();
    await page.keyboard.press('ArrowRight');
    await dialog.locator('img').waitFor();
    for (let press = 0; press < 12; press++) {
      await page.keyboard.press('Tab');
      const inside = await page.evaluate(() => document.activeElement === document.body || document.querySelector('dialog').contains(document.activeElement));
      assert.ok(inside, `Tab ${press} left the dialog`);
    }
    await page.keyboard.press('e');
    assert.equal(await page.getByText('Archived.').count(), 0);
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    assert.ok(await opener.evaluate((element) => element === document.activeElement));
    assert.match(page.url(), /#\/inbox\/c/, 'the conversation is still open');
  });

  test('leaves the arrows to the player', async () => {
    const { page, dialog } = await look('bell.wav');
    await dialog.locator('audio').focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForTimeout(150);
    assert.ok(await dialog.isVisible(), 'the same file is still there');
  });
});

describe('a PDF', () => {
  const numbers = (dialog) => dialog.locator('[data-page]').evaluateAll((pages) => pages.map((page) => Number(page.dataset.page)));
  /** The PDF with its first page drawn: a picture that is not only white. */
  async function read(options) {
    const shown = await look('concert.pdf', options);
    await drawn(shown.dialog, 1);
    return shown;
  }
  const drawn = (dialog, number) => dialog.locator(`[data-page="${number}"][aria-busy=false] canvas`).waitFor();
  /** Whether a point of a page of A4 is dark, counted from its upper left corner. */
  const inked = (canvas, x, y) => canvas.evaluate((element, [across, down]) => {
    const [red] = element.getContext('2d').getImageData(across * element.width, down * element.height, 1, 1).data;
    return red < 128;
  }, [x / 595, y / 842]);

  test('is pages with words that can be read aloud and selected', async () => {
    const { dialog, page, complaints } = await read();
    await dialog.getByText('Page 1 of 12', { exact: true }).waitFor();
    assert.ok(!(await inked(dialog.locator('[data-page="1"] canvas'), 300, 20)));
    assert.ok(await inked(dialog.locator('[data-page="1"] canvas'), 94, 842 - (752 - 336 + 3)), 'a note stands on its staff');
    const line = dialog.getByRole('group', { name: 'Page 1', exact: true }).getByText('Line 2 of page 1: the choir meets on Sunday.');
    const over = await line.boundingBox();
    assert.ok(over.width > 200 && over.height > 8, 'the words lie over their picture');
    await line.click({ clickCount: 3 });
    assert.match(await page.evaluate(() => getSelection().toString()), /Line 2 of page 1/);
    assert.deepEqual(complaints, []);
  });

  test('shows scans, whose decoder is loaded when one comes', async () => {
    const { dialog, server } = await read();
    assert.ok(await inked(dialog.locator('[data-page="1"] canvas'), 485, 842 - 730));
    assert.ok(server.state.seen.some((url) => /^\/assets\/pdf-[\d.]+\/jbig2_nowasm_fallback\.js$/.test(url)));
  });

  test('is read in characters whose table it does not bring', async () => {
    const { dialog, server } = await read();
    await dialog.getByRole('group', { name: 'Page 1', exact: true }).getByText('あい').waitFor();
    assert.ok(server.state.seen.some((url) => /^\/assets\/pdf-[\d.]+\/90ms-RKSJ-H\.bcmap$/.test(url)));
  });

  test('is turned by buttons and keys, and only what is near is drawn', async () => {
    const { dialog, page } = await read();
    await dialog.getByRole('button', { name: 'Next page' }).click();
    await dialog.getByText('Page 2 of 12', { exact: true }).waitFor();
    await drawn(dialog, 2);
    await page.keyboard.press('ArrowRight');
    await dialog.getByRole('region', { name: /^Pages of the PDF/ }).focus();
    await page.keyboard.press('ArrowRight');
    await dialog.getByText('Page 4 of 12', { exact: true }).waitFor();
    await drawn(dialog, 4);
    const [wide, high] = await dialog.locator('[data-page="4"]').evaluate((one) => [one.clientWidth, one.clientHeight]);
    assert.ok(wide > high, 'a page that lies on its side is shown so');
    await page.keyboard.press('End');
    await dialog.getByText('Page 12 of 12', { exact: true }).waitFor();
    await drawn(dialog, 12);
    const near = await numbers(dialog);
    assert.ok(near.length <= 6 && near.every((number) => number > 6), `${near}`);
    assert.equal(await dialog.getByRole('button', { name: 'Next page' }).getAttribute('aria-disabled'), 'true');
    await dialog.getByRole('button', { name: 'Next page' }).click({ force: true });
    await dialog.getByText('Page 12 of 12', { exact: true }).waitFor();
    await page.keyboard.press('ArrowLeft');
    await dialog.getByText('Page 11 of 12', { exact: true }).waitFor();
    await page.keyboard.press('Home');
    await dialog.getByText('Page 1 of 12', { exact: true }).waitFor();
    assert.ok((await numbers(dialog)).every((number) => number < 6));
  });

  test('is read on with Page Down, without a line left out', async () => {
    const { dialog, page } = await read();
    const view = dialog.getByRole('region', { name: /^Pages of the PDF/ });
    const [height, tops] = [await view.evaluate((element) => element.clientHeight), [0]];
    for (let press = 0; press < 30 && !(await dialog.getByText('Page 3 of 12', { exact: true }).isVisible()); press++) {
      await page.keyboard.press('PageDown');
      tops.push(await view.evaluate((element) => element.scrollTop));
    }
    assert.ok(await dialog.getByText('Page 3 of 12', { exact: true }).isVisible());
    tops.slice(1).forEach((top, index) => assert.ok(top > tops[index] && top - tops[index] < height, `from ${tops[index]} to ${top}`));
    const before = tops.at(-1);
    await page.keyboard.press('PageUp');
    assert.ok((await view.evaluate((element) => element.scrollTop)) < before);
  });

  test('is zoomed by keys and buttons, and stays where one reads', async () => {
    const { dialog, page } = await read();
    const width = () => dialog.locator('[data-page]').first().evaluate((element) => element.clientWidth);
    await dialog.getByRole('button', { name: 'Next page' }).click();
    const fitted = await width();
    await page.keyboard.press('-');
    await page.waitForFunction((most) => document.querySelector('dialog [data-page]').clientWidth < most, fitted);
    await page.keyboard.press('-');
    await dialog.getByText('Page 2 of 12', { exact: true }).waitFor();
    const small = await width();
    await page.keyboard.press('+');
    await page.waitForFunction((least) => document.querySelector('dialog [data-page]').clientWidth > least, small);
    const fit = dialog.getByRole('button', { name: 'Fit to width' });
    assert.equal(await fit.getAttribute('aria-pressed'), 'false');
    await fit.click();
    assert.equal(await width(), fitted);
    for (let press = 0; press < 20; press++) await page.keyboard.press('+');
    await dialog.getByText('400 %').waitFor();
    await drawn(dialog, 2);
    const pixels = await dialog.locator('[data-page="2"] canvas').evaluate((canvas) => canvas.width * canvas.height);
    assert.ok(pixels <= 8_000_000, `${pixels} pixels`);
    await dialog.getByText('Page 2 of 12', { exact: true }).waitFor();
  });

  test('runs nothing, leads nowhere and fetches nothing but what shows it', async () => {
    const { dialog, page, context, requests, server } = await read();
    await dialog.getByText('Page 1 of the programme').click();
    await page.keyboard.press('End');
    await drawn(dialog, 12);
    assert.equal(await page.evaluate(() => window.ran), undefined);
    assert.equal(await dialog.locator('a, iframe, object, embed, form, input, script, section').count(), 0);
    assert.equal(context.pages().length, 1);
    assert.deepEqual(requests.filter((url) => !url.startsWith(server.url) && !url.startsWith('data:')), []);
    const parts = server.state.seen.filter((url) => url.includes('pdf') && url.startsWith('/assets/'));
    assert.ok(parts.every((url) => /^\/assets\/(?:pdf|pdfworker)-[\w-]+\.js$|^\/assets\/pdf-[\d.]+\/[\w-]+\.(?:ttf|pfb|bcmap|js)$/.test(url)), `${parts}`);
    const [worker] = page.workers();
    const open = await worker.evaluate(() => ['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'importScripts', 'indexedDB', 'caches'].filter((name) => globalThis[name] !== undefined));
    assert.deepEqual(open, [], 'the worker has no network');
  });

  test('is not loaded before one is opened, and ends when it is closed', async () => {
    const { page, opener, requests } = await look('the hill above');
    assert.ok(!requests.some((url) => /\/assets\/pdf/.test(url)));
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    await opener.page().locator('article button.look').filter({ hasText: 'concert.pdf' }).click();
    const dialog = page.getByRole('dialog', { name: 'concert.pdf' });
    await drawn(dialog, 1);
    assert.equal(page.workers().length, 1);
    const ended = page.workers()[0].waitForEvent('close');
    await page.keyboard.press('Escape');
    await ended;
    assert.equal(await page.evaluate(() => document.fonts.size), 0, 'its fonts went with it');
    await page.locator('dialog').waitFor({ state: 'detached' });
    assert.equal(await page.locator('canvas').evaluateAll((all) => all.filter((one) => one.width * one.height > 90_000).length), 0);
  });

  test('whose page is torn says so there, and shows the others, whatever stands before it', async () => {
    const { dialog } = await look('torn.pdf');
    await drawn(dialog, 1);
    await dialog.getByText('This page cannot be shown.').waitFor();
  });

  test('that asks for a script that is gone is tried again', async () => {
    const { page } = await look('notes.txt');
    await page.route('**/assets/pdfworker-*', (route) => route.abort(), { times: 1 });
    await page.keyboard.press('Escape');
    await page.locator('article button.look').filter({ hasText: 'concert.pdf' }).click();
    await page.getByRole('button', { name: 'Try again' }).click();
    await drawn(page.getByRole('dialog', { name: 'concert.pdf' }), 1);
  });

  const SPOKEN = [
    ['fr', 'Page 1 sur 12', 'Page suivante', 'Ce PDF est protégé par un mot de passe'],
    ['it', 'Pagina 1 di 12', 'Pagina successiva', 'Questo PDF è protetto da una password'],
  ];
  for (const [language, at, next, sentence] of SPOKEN) {
    test(`speaks ${language}, on a phone too`, async () => {
      const { dialog, page } = await read({ language, viewport: { width: 320, height: 640 } });
      await dialog.getByText(at, { exact: true }).waitFor();
      await dialog.getByRole('button', { name: next }).click();
      const wide = await dialog.evaluate((element) => Math.max(...[...element.querySelectorAll('button')].map((button) => button.getBoundingClientRect().right)));
      assert.ok(wide <= 320, `a button ends at ${wide}`);
      await page.keyboard.press('Escape');
      await page.locator('article button.look').filter({ hasText: 'locked.pdf' }).click();
      await page.getByText(sentence).waitFor();
    });
  }
});

test('what was shown is let go', async () => {
  const { page, dialog } = await look('the hill above');
  const url = await dialog.locator('img').getAttribute('src');
  await page.keyboard.press('Escape');
  await page.locator('dialog').waitFor({ state: 'detached' });
  const gone = await page.evaluate((address) => new Promise((done) => {
    const image = new Image();
    image.addEventListener('load', () => done(false));
    image.addEventListener('error', () => done(true));
    image.src = address;
  }), url);
  assert.ok(gone);
});
