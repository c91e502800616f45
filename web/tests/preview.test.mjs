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
async function look(name, options = {}) {
  const server = await start();
  const tab = await open(browser, options);
  end = async () => {
    await tab.context.close();
    await server.stop();
  };
  await tab.page.goto(`${server.url}/`);
  await tab.page.locator('.row').filter({ hasText: 'Фотографии' }).locator('[data-row]').click();
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
    ['programme.pdf', 'PDF files can contain programs'],
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
