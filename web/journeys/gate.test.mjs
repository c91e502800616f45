// A public computer, in English: a letter that only two people can read keeps its place there and says nothing; no search finds
// it; a passkey that is brought along shows it for a while; the next session begins without it. The letter comes over TLS from a host that its domain names; the browser's own authenticator is the passkey.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { tabs } from '../tests/support/tabs.mjs';
import { startCaliopen } from './support/caliopen.mjs';
import { deliverFrom, startPeers } from './support/peers.mjs';
import { ALICE, begin, PASSWORD, PATIENCE_MS } from './support/person.mjs';

const CAMILLE = 'camille@entreprise.test';
const SUBJECT = 'La commode en noyer';
/** A session key for a public key, then data with integrity protection (RFC 9580 §5.1, §5.13): what is inside is for nobody here. */
const PACKETS = Buffer.from([0xc1, 12, 3, 1, 2, 3, 4, 5, 6, 7, 8, 25, 0xaa, 0xbb, 0xd2, 6, 2, 9, 2, 6, 0xcc, 0xdd]);
/** As OpenPGP programs send it (RFC 3156 §4). */
const SEALED = `From: Camille Petit <${CAMILLE}>
To: ${ALICE}
Subject: ${SUBJECT}
Message-ID: <noyer@entreprise.test>
Date: Sun, 22 Nov 2026 10:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="cut"

--cut
Content-Type: application/pgp-encrypted

Version: 1

--cut
Content-Type: application/octet-stream; name="lettre.asc"

-----BEGIN PGP MESSAGE-----

${PACKETS.toString('base64')}
-----END PGP MESSAGE-----
--cut--
`;

const session = tabs();

/** Camille's company says which hosts write for it; Alice begins at home, by a name, which passkeys need. */
async function world() {
  const peers = startPeers();
  session.atEnd(peers.stop);
  const folder = await mkdtemp(join(tmpdir(), 'caliopen-journey-'));
  session.atEnd(() => rm(folder, { recursive: true }));
  await peers.zone('entreprise.test', 'unsigned', ['text @ v=spf1 ip4:127.0.0.1 -all', 'text _dmarc v=DMARC1; p=reject', 'record @ MX 10 mx.entreprise.test.', 'record mx A 1.1.1.1']);
  const dns = await peers.say(`dns ${folder}/anchors`);
  const server = await startCaliopen(`[dns]\nservers = ["${dns}"]\ntrust_anchors = "${folder}/anchors"\n`);
  session.atEnd(server.stop);
  const url = server.url.replace('127.0.0.1', 'localhost');
  const home = await visit();
  await begin(home, url);
  return { home, origin: new URL(url).origin, post: (message) => deliverFrom(server.smtpPort, { from: CAMILLE, to: ALICE, message }) };
}

/** A browser with an authenticator that its person unlocks by a finger, and that waits to be asked. */
async function visit() {
  const tab = await session.open({ locale: 'en-GB' });
  await tab.context.addInitScript(() => (PublicKeyCredential.isConditionalMediationAvailable = async () => false));
  tab.page.setDefaultTimeout(PATIENCE_MS);
  const devtools = await tab.context.newCDPSession(tab.page);
  await devtools.send('WebAuthn.enable');
  const options = { protocol: 'ctap2', ctap2Version: 'ctap2_1', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true, hasPrf: true };
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', { options });
  const passkeys = async () => (await devtools.send('WebAuthn.getCredentials', { authenticatorId })).credentials;
  const carry = (credential) => devtools.send('WebAuthn.addCredential', { authenticatorId, credential });
  return { ...tab, passkeys, carry };
}
/** Goes somewhere without leaving the page. */
const go = (page, hash) => page.evaluate((to) => (location.hash = to), hash);
const row = (page) => page.locator('.list .row').filter({ hasText: 'Camille' });

async function signIn({ page }, origin) {
  await page.goto(origin);
  await page.locator('input[name=username]').fill(ALICE);
  await page.locator('input[name=password]').fill(PASSWORD);
  await page.getByLabel('This is a shared computer').check();
  await page.locator('button.primary').click();
}

async function addPasskey(page) {
  const list = page.getByRole('region', { name: 'Passkeys' });
  await list.getByRole('button', { name: 'Add a passkey' }).click();
  await list.locator('input[name=password]').fill(PASSWORD);
  await list.getByRole('button', { name: 'Add a passkey' }).click();
  await list.getByText('Signs in without your password').waitFor();
}
const signOut = (page) => page.getByRole('region', { name: 'Sign out' }).getByRole('button').click();

/** What the server told a browser so far. */
function listen({ page }) {
  const told = [];
  page.on('response', (response) => response.url().includes('/jmap/api') && told.push(response.text().catch(() => '')));
  return async () => (await Promise.all(told)).join('\n');
}

test('a public computer: a private letter keeps its place there, says nothing, and is opened by a passkey', async () => {
  const { home, origin, post } = await world();
  await post(SEALED);
  await row(home.page).getByText(SUBJECT).waitFor();
  assert.match(await row(home.page).innerText(), /Sealed/);

  // At home: a passkey, by which she comes back; then she asks that this be read on her own devices alone.
  await go(home.page, '#/settings/entry');
  await addPasskey(home.page);
  await signOut(home.page);
  await home.page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await home.page.getByRole('region', { name: 'Passkeys' }).waitFor();
  await go(home.page, '#/settings/shown');
  const level = home.page.locator('fieldset').filter({ has: home.page.locator('legend', { hasText: /^Sealed$/ }) });
  await level.getByLabel(/^My own devices(?!,)/).check();
  await home.page.getByText('Sealed: My own devices.').waitFor();
  await level.getByText('Shown on this device now').waitFor();
  await go(home.page, '#/inbox');
  await row(home.page).getByText(SUBJECT).waitFor();

  // In the library: nothing that would say it comes as far as this browser.
  const library = await visit();
  const { page } = library;
  const told = listen(library);
  await signIn(library, origin);
  await row(page).getByText('Private · hidden here').waitFor();
  await page.getByText('1 private message is hidden on this device').waitFor();
  await go(page, '#/search/noyer');
  await page.getByText('Private messages are not searched on this device.').waitFor();
  await page.getByText('Nothing found').first().waitFor();
  await go(page, '#/inbox');
  await row(page).locator('[data-row]').click();
  await page.locator('.card').getByText('This message is hidden on this device.').waitFor();
  assert.doesNotMatch(await page.locator('main').innerText(), /noyer|lettre\.asc/);
  assert.doesNotMatch(await told(), /noyer en|en noyer|lettre\.asc/);

  // The passkey, brought along.
  const [key] = await home.passkeys();
  await library.carry(key);
  await page.locator('.card').getByRole('button', { name: /^Unlock/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Use a passkey' }).click();
  await page.getByRole('heading', { name: SUBJECT }).waitFor();
  await page.locator('.card').getByText('End-to-end encrypted.').waitFor();
  await row(page).getByText(SUBJECT).waitFor();

  // It counts for this session alone: the next begins like the first.
  await go(page, '#/settings/entry');
  await signOut(page);
  await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
  assert.doesNotMatch(await page.content(), /noyer/);
  await go(page, '#/inbox');
  await signIn(library, origin);
  await row(page).getByText('Private · hidden here').waitFor();
  assert.doesNotMatch(await page.locator('main').innerText(), /noyer/);
  for (const { complaints } of [home, library]) assert.deepEqual(complaints.filter((one) => !/401/.test(one)), []);
});
