// By a touch: a passkey is added, opens the mail without the password, stands beside it as a second factor, and shows that
// its person is still there. Chromium's own authenticator against the real server.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { tabs } from '../tests/support/tabs.mjs';
import { deliver, startCaliopen } from './support/caliopen.mjs';
import { ALICE, arrive, PASSWORD } from './support/person.mjs';

/** On a busy machine. */
const PATIENCE_MS = 30_000;

const session = tabs();

/** The code that an app shows which was told this secret (RFC 6238), `ahead` steps from now. */
function code(secret, ahead = 0) {
  const bits = [...secret].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const tag = createHmac('sha1', key).update(step).digest();
  return String((tag.readUInt32BE(tag.at(-1) & 15) & 0x7fffffff) % 1e6).padStart(6, '0');
}

async function begin() {
  const server = await startCaliopen();
  session.atEnd(server.stop);
  const tab = await session.open({ locale: 'en-GB' });
  const { page } = tab;
  page.setDefaultTimeout(PATIENCE_MS);
  // What a browser offers by itself would be taken at once: this authenticator is touched whenever it asks.
  await tab.context.addInitScript(() => (PublicKeyCredential.isConditionalMediationAvailable = async () => false));
  const devtools = await tab.context.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', ctap2Version: 'ctap2_1', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true, hasPrf: true },
  });
  const url = server.url.replace('127.0.0.1', 'localhost');
  await arrive(page, url);
  return { page, server };
}

async function settings(page) {
  await page.evaluate(() => (location.hash = '#/settings/entry'));
}

async function signOut(page) {
  await settings(page);
  await page.getByRole('region', { name: words.signOut }).getByRole('button').click();
  await page.getByRole('button', { name: words.byPasskey }).waitFor();
  await page.evaluate(() => (location.hash = '#/inbox'));
}

const words = {
  passkeys: 'Passkeys', add: 'Add a passkey', opens: 'Signs in without your password', byPasskey: 'Sign in with a passkey', signOut: 'Sign out', second: 'Second factor',
  setUp: 'Set up an app for codes', on: 'On: a code of your app, or a passkey.', use: 'Use a passkey', step: 'One more step', without: 'Without the password', known: 'You have added this passkey already.',
};

test('a passkey opens the mail alone, stands beside the password, and steps up', async () => {
  const { page, server } = await begin();
  await deliver(server.smtpPort, ALICE, `From: Bob <bob@sender.test>\nTo: ${ALICE}\nSubject: The lighthouse\nMessage-ID: <1@sender.test>\n\nIt still stands.\n`);
  await page.locator('[data-row]').getByText('The lighthouse').waitFor();
  await settings(page);
  const list = page.getByRole('region', { name: words.passkeys });
  await list.getByRole('button', { name: words.add }).click();
  await list.locator('input[name=password]').fill(PASSWORD);
  await list.getByRole('button', { name: words.add }).click();
  await list.getByText(words.opens).waitFor();

  await signOut(page);
  await page.getByRole('button', { name: words.byPasskey }).click();
  await page.locator('[data-row]').getByText('The lighthouse').click();
  await page.locator('article').getByText('It still stands.').waitFor();

  await settings(page);
  const second = page.getByRole('region', { name: words.second });
  await second.getByRole('button', { name: words.setUp }).click();
  await second.locator('input[name=password]').fill(PASSWORD);
  await second.locator('form button.primary').click();
  await second.getByRole('img').waitFor();
  const secret = (await second.locator('code').innerText()).replaceAll(' ', '');
  await second.locator('input[inputmode=numeric]').fill(code(secret));
  await second.locator('form button.primary').click();
  await second.getByText(words.on).waitFor();

  await signOut(page);
  await page.locator('input[name=username]').fill(ALICE);
  await page.locator('input[name=password]').fill(PASSWORD);
  await page.locator('button.primary').click();
  await page.getByRole('heading', { name: words.step }).waitFor();
  assert.equal(await page.locator('[data-row]').count(), 0, 'the password alone opens nothing');
  await page.getByRole('button', { name: words.use }).click();
  await page.locator('[data-row]').first().waitFor();

  await signOut(page);
  await page.locator('input[name=username]').fill(ALICE);
  await page.locator('input[name=password]').fill(PASSWORD);
  await page.locator('button.primary').click();
  // The code of now confirmed the app: each counts once, and the next one counts already.
  await page.locator('#code').fill(code(secret, 1));
  await page.locator('button.primary').click();
  await page.locator('[data-row]').first().waitFor();

  await settings(page);
  await list.getByRole('button', { name: words.add }).click();
  await list.getByRole('button', { name: words.without }).click();
  await page.getByRole('dialog').getByRole('button', { name: words.use }).click();
  // No password was asked for: the authenticator itself says that it has one.
  await list.getByText(words.known).waitFor();
});
