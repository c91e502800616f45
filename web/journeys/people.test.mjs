// Bring an address book of 500 people → find one → write to her → put two together → take them apart; in Italian.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { tabs } from '../tests/support/tabs.mjs';
import { deliver, startCaliopen } from './support/caliopen.mjs';

const ALICE = 'alice@example.org';
const PASSWORD = 'four unrelated words here';
const IMPORT_MS = 60_000;
const session = tabs();

/** As a telephone of ten years ago writes them: 2.1, quoted-printable, in one file. */
function book(count) {
  const card = (number) => `BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Perch=C3=A9 ${number};Persona;;;\r\nTEL;CELL:+39 333 ${number}\r\nEMAIL;INTERNET:persona${number}@rubrica.example\r\nEND:VCARD\r\n`;
  return Buffer.from(Array.from({ length: count }, (_, number) => card(number)).join(''));
}

async function begin(page, server) {
  await page.goto(server.url);
  await page.locator('input[name=username]').fill(ALICE);
  await page.locator('input[type=password]').fill(PASSWORD);
  await page.locator('button.primary').click();
  await page.locator('.welcome, h1').first().waitFor();
  await page.waitForURL(/#\/welcome/);
  await page.goto('about:blank');
  await page.goto(`${new URL(server.url).origin}/#/people`);
  await page.getByRole('heading', { name: 'Persone', exact: true }).waitFor();
}

describe('un’intera rubrica', () => {
  test('importare 500 persone, trovarne una, scriverle, unirne due e separarle', async () => {
    const server = await startCaliopen();
    session.atEnd(server.stop);
    const { page, complaints } = await session.open({ locale: 'it-IT' });
    await begin(page, server);

    await page.getByRole('link', { name: 'Persone', exact: true }).waitFor();
    await page.goto(`${new URL(server.url).origin}/#/people/import`);
    await page.locator('input[type=file]').setInputFiles({ name: 'rubrica.vcf', mimeType: 'text/vcard', buffer: book(500) });
    const report = page.getByRole('status', { name: 'Che ne è stato delle schede' });
    await report.waitFor({ timeout: IMPORT_MS });
    assert.match(await report.innerText(), /500\s+nuovi contatti/);

    await page.getByRole('searchbox', { name: 'Cerca una persona' }).fill('perche 321');
    await page.locator('[data-person]').click();
    await page.getByRole('heading', { level: 1, name: 'Persona Perché 321' }).waitFor();
    await page.getByText('+39 333 321').waitFor();
    await page.getByRole('button', { name: 'Scrivi', exact: true }).click();
    await page.getByRole('textbox', { name: 'Messaggio', exact: true }).fill('Cara, ci vediamo domenica?');
    await page.locator('.save[data-state=saved]').waitFor();
    assert.match(await page.locator('.composer').innerText(), /Persona Perché 321/);

    // She writes from two addresses: two conversations, until the two are one person.
    const letter = (from, subject) => `From: ${from}\nTo: ${ALICE}\nSubject: ${subject}\nMessage-ID: <${subject}@x.example>\n\nCiao.\n`;
    await deliver(server.smtpPort, ALICE, letter('Persona 321 <persona321@rubrica.example>', 'uno'));
    await deliver(server.smtpPort, ALICE, letter('Trecentoventuno <altra@posta.example>', 'due'));
    await page.goto(`${new URL(server.url).origin}/#/inbox`);
    await page.locator('[data-row]').nth(1).waitFor();

    await page.goto(`${new URL(server.url).origin}/#/people`);
    await page.getByRole('searchbox').fill('321');
    await page.locator('[data-person]').first().click();
    await page.getByRole('button', { name: /^Azioni/ }).click();
    await page.getByRole('menuitem', { name: 'Unisci con…' }).click();
    await page.getByLabel('Nome o indirizzo dell’altro contatto').fill('altra@posta');
    await page.getByRole('button', { name: 'Trecentoventuno' }).click();
    await page.getByText('Nessun messaggio viene cambiato').waitFor();
    await page.getByRole('button', { name: 'Unisci', exact: true }).click();
    await page.getByText('Nuovo indirizzo di Persona Perché 321, non confermato').waitFor();
    await page.getByRole('link', { name: 'La tua conversazione con Persona Perché 321' }).click();
    await page.locator('.card').nth(1).waitFor();
    assert.equal(await page.locator('[data-row]').count(), 1, 'one conversation with one person');

    await page.goBack();
    await page.getByRole('button', { name: 'Separa' }).click();
    await page.getByText('Trecentoventuno è di nuovo un contatto a sé.').waitFor();
    await page.goto(`${new URL(server.url).origin}/#/inbox`);
    await page.locator('[data-row]').nth(1).waitFor();
    assert.deepEqual(complaints.filter((one) => !/401/.test(one)), []);
  });

  test('no word of the book stands in clear on the disk', async () => {
    const server = await startCaliopen();
    session.atEnd(server.stop);
    const { page } = await session.open({ locale: 'it-IT' });
    await begin(page, server);
    await page.goto(`${new URL(server.url).origin}/#/people/import`);
    await page.locator('input[type=file]').setInputFiles({ name: 'rubrica.vcf', mimeType: 'text/vcard', buffer: book(20) });
    await page.getByRole('status', { name: 'Che ne è stato delle schede' }).waitFor({ timeout: IMPORT_MS });
    for (const word of ['rubrica.example', 'Persona', '39 333', 'Perch']) {
      const { status, stdout } = spawnSync('grep', ['-rlaF', word, server.data], { encoding: 'utf8' });
      assert.equal(status, 1, `${word} stands in ${stdout}`);
    }
  });
});
