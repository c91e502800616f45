// Passkeys with Chromium's own authenticator: added, shown, renamed, removed; a second factor, and step-up.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, open } from './support/browser.mjs';
import { PASSWORD, start } from './support/mock-server.mjs';
import { code } from './support/passkeys-mock.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** A browser that waits to be asked: one that offers passkeys by itself has them taken at once by what is touched at once. */
const waitsToBeAsked = () => {
  if ('PublicKeyCredential' in window) PublicKeyCredential.isConditionalMediationAvailable = async () => false;
};

/**
 * A page on a name, with an authenticator that verifies its user at once; `hasPrf` false for one that gives no secret,
 * `offers` true for a browser that offers passkeys among the addresses that it fills in.
 */
async function desk({ hasPrf = true, offers = false, server: options = {}, ...context } = {}) {
  const server = await start(options);
  const opened = await open(browser, context);
  const { page } = opened;
  if (!offers) await opened.context.addInitScript(waitsToBeAsked);
  const devtools = await opened.context.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', ctap2Version: 'ctap2_1', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true, ...(hasPrf ? { hasPrf } : {}) },
  });
  after(async () => {
    await opened.context.close();
    await server.stop();
  });
  const url = server.url.replace('127.0.0.1', 'localhost');
  const verifies = (isUserVerified) => devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
  return { ...opened, server, url, passkeys: server.account.passkeys, verifies };
}

async function settings(options) {
  const found = await desk(options);
  await found.page.goto(`${found.url}/#/settings/entry`);
  const list = found.page.getByRole('region', { name: 'Passkeys' });
  await list.waitFor();
  return { ...found, list };
}

async function add({ page, list }, name = 'My laptop') {
  await list.getByRole('button', { name: 'Add a passkey' }).click();
  await list.getByLabel('Name of the passkey').fill(name);
  await list.getByLabel('Current password').fill(PASSWORD);
  await list.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByText(`Passkey added: ${name}`).first().waitFor();
}

async function leave({ page, server, url }) {
  server.state.signedIn = false;
  await page.goto('about:blank');
  await page.goto(url);
}

async function signOut(here) {
  await leave(here);
  await here.page.getByRole('heading', { name: 'Welcome back' }).waitFor();
}

describe('passkeys', () => {
  test('one is added with the password, and signs in without it, on the same device', async () => {
    const here = await settings();
    await add(here);
    await here.list.getByText('Signs in without your password').waitFor();
    assert.equal(here.passkeys.all[0].canSignIn, true);
    await signOut(here);
    const { page, server } = here;
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.locator('[data-row]').first().waitFor();
    const key = server.account.devices.keys.signing.toString('base64');
    await signOut(here);
    await page.getByLabel('Address').fill('alice@example.org');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.locator('[data-row]').first().waitFor();
    assert.equal(server.account.devices.keys.signing.toString('base64'), key, 'whichever way one comes in');
  });

  test('one that gives no secret says so, and does not sign in', async () => {
    const here = await settings({ hasPrf: false });
    await add(here);
    await here.list.getByText('Confirms that it is you; cannot sign in by itself').waitFor();
    await signOut(here);
    await here.page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await here.page.getByRole('alert').getByText('Sign in with your password').waitFor();
  });

  test('one is taken from what the browser offers in the form, without a button', async () => {
    const here = await settings({ offers: true });
    await add(here);
    await leave(here);
    await here.page.locator('[data-row]').first().waitFor();
    assert.equal(here.server.state.seen.filter((path) => path === '/auth/passkey').length, 1);
  });

  test('one that is offered and opens nothing is not offered again, and the form stays as it is', async () => {
    const here = await settings({ hasPrf: false, offers: true });
    await add(here);
    await signOut(here);
    const { page, server } = here;
    const tried = () => server.state.seen.filter((path) => path === '/auth/passkey').length;
    const said = page.getByRole('alert').getByText('Sign in with your password');
    await said.waitFor();
    assert.equal(tried(), 1);
    const again = page.waitForResponse('**/auth/passkey');
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await again;
    await said.waitFor();
    await page.getByLabel('Address').fill('alice@example.org');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.locator('[data-row]').first().waitFor();
    assert.equal(tried(), 2, 'the offer once, the button once');
  });

  test('a wrong password adds none, and leaves none behind in the authenticator', async () => {
    const { list, passkeys } = await settings();
    await list.getByRole('button', { name: 'Add a passkey' }).click();
    await list.getByLabel('Current password').fill('wrong wrong wrong');
    await list.getByRole('button', { name: 'Add a passkey' }).click();
    await list.getByRole('alert').getByText(/./).waitFor();
    assert.deepEqual([passkeys.all.length, passkeys.asked.size], [0, 0]);
  });

  test('the same authenticator is not added twice, and the form says why', async () => {
    const here = await settings();
    await add(here);
    const { list } = here;
    await list.getByRole('button', { name: 'Add a passkey' }).click();
    await list.getByLabel('Current password').fill(PASSWORD);
    await list.getByRole('button', { name: 'Add a passkey' }).click();
    await list.getByText('You have added this passkey already.').waitFor();
  });

  test('one is renamed where it stands, and removed after a question', async () => {
    const here = await settings();
    await add(here);
    const { page, list, passkeys } = here;
    await list.getByRole('button', { name: 'Rename My laptop' }).click();
    await list.getByLabel('Name of the passkey').fill('The blue one');
    await page.keyboard.press('Enter');
    await list.getByText('The blue one').waitFor();
    assert.equal(passkeys.all[0].name, 'The blue one');
    await list.getByRole('button', { name: 'Remove The blue one' }).click();
    await list.getByRole('button', { name: 'Cancel' }).click();
    assert.equal(passkeys.all.length, 1);
    await list.getByRole('button', { name: 'Remove The blue one' }).click();
    await list.getByRole('button', { name: 'Remove now' }).click();
    await list.getByText('You have none yet.').waitFor();
    assert.equal(passkeys.all.length, 0);
  });

  test('what changes on another device is seen here', async () => {
    const { list, passkeys } = await settings();
    await list.getByText('You have none yet.').waitFor();
    passkeys.all.push({ id: 'y9', name: 'Phone', createdAt: '2026-11-22T10:00:00.000Z', lastUsedAt: null, canSignIn: true, isSynced: true, isCopied: true });
    passkeys.tell('Passkey', 'y9', 'created');
    await list.getByText('Phone').waitFor();
    await list.getByText('There seem to be two of it').waitFor();
  });

  test('an address that is a number has none, and says what to do', async () => {
    const { page, server } = await desk();
    await page.goto(`${server.url}/#/settings/entry`);
    await page.getByText('Open Caliopen by the name of its server.').waitFor();
  });
});

describe('a second factor', () => {
  const section = (page) => page.getByRole('region', { name: 'Second factor' });

  async function enter(page, password = PASSWORD) {
    await page.getByLabel('Address').fill('alice@example.org');
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  }

  test('an app is set up with a picture and a key, and is asked for from then on', async () => {
    const here = await settings();
    const { page } = here;
    await section(page).getByRole('button', { name: 'Set up an app for codes' }).click();
    await section(page).getByLabel('Current password').fill(PASSWORD);
    await section(page).getByRole('button', { name: 'Continue' }).click();
    await section(page).getByRole('img', { name: 'QR code with the key' }).waitFor();
    await section(page).getByText('GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ').waitFor();
    await section(page).getByLabel('The code that the app shows now').fill('000000');
    await section(page).getByRole('button', { name: 'Turn on' }).click();
    await section(page).getByText('This was not accepted.').waitFor();
    await section(page).getByLabel('The code that the app shows now').fill(code());
    await section(page).getByRole('button', { name: 'Turn on' }).click();
    await section(page).getByText('On: a code of your app, or a passkey.').waitFor();
    await signOut(here);
    await enter(page);
    await page.getByRole('heading', { name: 'One more step' }).waitFor();
    await page.getByLabel('Code of six digits').fill('000000');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('alert').getByText('This was not accepted.').waitFor();
    await page.getByLabel('Code of six digits').fill(code());
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.locator('[data-row]').first().waitFor();
  });

  test('a passkey will do, and the last one is not removed meanwhile', async () => {
    const here = await settings({ hasPrf: false });
    await add(here);
    const { page, list } = here;
    await section(page).getByRole('button', { name: 'Ask for a passkey' }).click();
    await section(page).getByLabel('Current password').fill(PASSWORD);
    await section(page).getByRole('button', { name: 'Turn on' }).click();
    await section(page).getByText('On: one of your passkeys.').waitFor();
    await list.getByRole('button', { name: 'Remove My laptop' }).click();
    await list.getByRole('button', { name: 'Remove now' }).click();
    await page.getByText('this is your last one').first().waitFor();
    await signOut(here);
    await enter(page);
    await page.getByRole('heading', { name: 'One more step' }).waitFor();
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await page.locator('[data-row]').first().waitFor();
  });

  test('turning it off asks for the password', async () => {
    const here = await settings();
    here.passkeys.second = { id: 'singleton', isOn: true, hasCodes: true };
    const { page } = here;
    await page.reload();
    await section(page).getByRole('button', { name: 'Turn off' }).click();
    await section(page).getByLabel('Current password').fill(PASSWORD);
    await section(page).getByRole('button', { name: 'Turn off' }).click();
    await section(page).getByText('Off: your password alone signs you in.').waitFor();
  });
});

describe('step-up', () => {
  test('adding another passkey without the password asks for one, by whichever way one has', async () => {
    const here = await settings();
    await add(here);
    const { page, list, passkeys, verifies } = here;
    passkeys.second.hasCodes = true;
    const ask = async () => {
      await list.getByRole('button', { name: 'Add a passkey' }).click();
      await list.getByRole('button', { name: 'Without the password' }).click();
      await page.getByRole('dialog', { name: 'Show that it is you' }).waitFor();
    };
    const dialog = page.getByRole('dialog');
    await ask();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    assert.equal(passkeys.steppedUp, null);
    await list.getByRole('button', { name: 'Without the password' }).click();
    await verifies(false);
    await dialog.getByRole('button', { name: 'Use a passkey' }).click();
    await dialog.getByRole('alert').getByText('No passkey was used.').waitFor();
    await dialog.getByRole('button', { name: 'Use a code of the app' }).click();
    await dialog.getByLabel('Code of six digits').fill('000000');
    await dialog.getByRole('button', { name: 'Continue' }).click();
    await dialog.getByRole('alert').getByText(/./).waitFor();
    await dialog.getByRole('button', { name: 'Use the recovery code' }).click();
    await dialog.getByLabel('Recovery code').fill('K7QF-2M9X-PT4H-8WRC-V3ZD-6NJA');
    await dialog.getByRole('button', { name: 'Continue' }).click();
    await dialog.waitFor({ state: 'detached' });
    assert.ok(passkeys.steppedUp);
  });

  test('a passkey steps up by one touch', async () => {
    const here = await settings();
    await add(here);
    const { page, list, passkeys } = here;
    await list.getByRole('button', { name: 'Add a passkey' }).click();
    await list.getByRole('button', { name: 'Without the password' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Use a passkey' }).click();
    await list.getByText('You have added this passkey already.').waitFor();
    assert.ok(passkeys.steppedUp);
  });
});
