// Un ordinateur public, en français : une lettre que deux personnes seulement peuvent lire y garde sa place et n'y dit rien ;
// aucune recherche ne la trouve ; une clé d'accès, apportée là, la montre pour un moment ; la session suivante recommence
// sans elle. The letter comes over TLS from a host that its domain names; the browser's own authenticator is the passkey.

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
  const tab = await session.open({ locale: 'fr-FR' });
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
  await page.getByLabel('C’est un ordinateur partagé').check();
  await page.locator('button.primary').click();
}

async function addPasskey(page) {
  const list = page.getByRole('region', { name: 'Clés d’accès' });
  await list.getByRole('button', { name: 'Ajouter une clé d’accès' }).click();
  await list.locator('input[name=password]').fill(PASSWORD);
  await list.getByRole('button', { name: 'Ajouter une clé d’accès' }).click();
  await list.getByText('Permet de se connecter sans mot de passe').waitFor();
}
const signOut = (page) => page.getByRole('region', { name: 'Se déconnecter' }).getByRole('button').click();

/** What the server told a browser so far. */
function listen({ page }) {
  const told = [];
  page.on('response', (response) => response.url().includes('/jmap/api') && told.push(response.text().catch(() => '')));
  return async () => (await Promise.all(told)).join('\n');
}

test('un ordinateur public : une lettre privée y garde sa place, n’y dit rien, et s’ouvre par une clé d’accès', async () => {
  const { home, origin, post } = await world();
  await post(SEALED);
  await row(home.page).getByText(SUBJECT).waitFor();
  assert.match(await row(home.page).innerText(), /Scellé/);

  // Chez elle : une clé d'accès, par laquelle elle revient ; puis elle demande que cela ne se lise que sur ses appareils.
  await go(home.page, '#/settings/entry');
  await addPasskey(home.page);
  await signOut(home.page);
  await home.page.getByRole('button', { name: 'Se connecter avec une clé d’accès' }).click();
  await home.page.getByRole('region', { name: 'Clés d’accès' }).waitFor();
  await go(home.page, '#/settings/shown');
  const level = home.page.locator('fieldset').filter({ has: home.page.locator('legend', { hasText: /^Scellé$/ }) });
  await level.getByLabel(/^Mes propres appareils(?!,)/).check();
  await home.page.getByText('Scellé : Mes propres appareils.').waitFor();
  await level.getByText('Affiché sur cet appareil en ce moment').waitFor();
  await go(home.page, '#/inbox');
  await row(home.page).getByText(SUBJECT).waitFor();

  // À la bibliothèque : rien de ce qui le dirait ne vient jusqu'à ce navigateur.
  const library = await visit();
  const { page } = library;
  const told = listen(library);
  await signIn(library, origin);
  await row(page).getByText('Privé · masqué ici').waitFor();
  await page.getByText('1 message privé est masqué sur cet appareil').waitFor();
  await go(page, '#/search/noyer');
  await page.getByText('La recherche laisse de côté les messages privés sur cet appareil.').waitFor();
  await page.getByText('Aucun résultat').first().waitFor();
  await go(page, '#/inbox');
  await row(page).locator('[data-row]').click();
  await page.locator('.card').getByText('Ce message est masqué sur cet appareil.').waitFor();
  assert.doesNotMatch(await page.locator('main').innerText(), /noyer|lettre\.asc/);
  assert.doesNotMatch(await told(), /noyer en|en noyer|lettre\.asc/);

  // La clé d'accès, apportée là.
  const [key] = await home.passkeys();
  await library.carry(key);
  await page.locator('.card').getByRole('button', { name: /^Déverrouiller/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Utiliser une clé d’accès' }).click();
  await page.getByRole('heading', { name: SUBJECT }).waitFor();
  await page.locator('.card').getByText('Chiffré de bout en bout.').waitFor();
  await row(page).getByText(SUBJECT).waitFor();

  // Elle ne vaut que pour cette session : la suivante recommence comme la première.
  await go(page, '#/settings/entry');
  await signOut(page);
  await page.getByRole('heading', { name: 'Heureux de vous revoir' }).waitFor();
  assert.doesNotMatch(await page.content(), /noyer/);
  await go(page, '#/inbox');
  await signIn(library, origin);
  await row(page).getByText('Privé · masqué ici').waitFor();
  assert.doesNotMatch(await page.locator('main').innerText(), /noyer/);
  for (const { complaints } of [home, library]) assert.deepEqual(complaints.filter((one) => !/401/.test(one)), []);
});
