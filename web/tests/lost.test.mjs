// A way that was proven and is no more: whoever writes is told once, in words, before the message leaves or waits.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';
import { start } from './support/mock-server.mjs';
import { tabs } from './support/tabs.mjs';

const session = tabs();
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function letter(locale = 'en-US') {
  const server = await start({});
  server.account.language = locale.slice(0, 2);
  session.atEnd(server.stop);
  const tab = await session.open({ locale });
  await tab.page.goto(`${server.url}/#/compose/new`);
  await tab.page.locator('.composer').waitFor();
  return { to: tab.page.locator('.composer [role=combobox]').first(), line: tab.page.locator('.interruption'), ...tab };
}
const SAID = {
  'en-US': ['Until Nov 20, 2026 the way to ana@lost.example was proven; now nothing proves which host answers.', 'no longer proves who it is, as it did until Nov 21, 2026', 'withheld.example does not prove who it is'],
  'fr-FR': ['la voie vers ana@lost.example était prouvée', 'ne prouve plus qui il est, comme il le faisait jusqu’au 21 nov. 2026', 'withheld.example ne prouve pas qui il est'],
  'it-IT': ['la via verso ana@lost.example era provata', 'non prova più chi è, come faceva fino al 21 nov 2026', 'withheld.example non prova chi è'],
};

describe('a way that lost its proof', () => {
  for (const [locale, [open, waits, chip]] of Object.entries(SAID)) {
    test(`${locale}: said before it is sent, and why it would wait`, async () => {
      const { page, to, line } = await letter(locale);
      await to.fill('ana@lost.example,');
      await line.getByText(open).waitFor();
      await page.locator('.recipients .chip button').first().click();
      await line.waitFor({ state: 'detached' });
      await to.fill('bo@withheld.example,');
      await line.getByText(waits).waitFor();
      await page.locator('.bar .wrong').getByText(chip).waitFor();
    });
  }

  test('it interrupts once: put aside, it stays aside for that draft, and what is next is said then', async () => {
    const { page, to, line } = await letter();
    await to.fill('ana@lost.example,bo@gmail.example,driss@kolab.example,');
    await line.getByText('was proven').waitFor();
    assert.equal(await line.count(), 1, 'one thing at a time');
    await line.getByRole('button', { name: 'Leave it so' }).click();
    await line.getByText('bo@gmail.example makes this “Postcard” for everybody.').waitFor();
    assert.equal(await page.getByText('was proven').count(), 0);
  });

  test('the panel behind it says what to do, and axe finds nothing', async () => {
    const { page, to, line } = await letter();
    await to.fill('bo@withheld.example,');
    await line.getByRole('button', { name: 'See why' }).click();
    await page.getByRole('dialog').getByText('tried again by itself for five days').waitFor();
    await page.evaluate(AXE);
    const found = await page.evaluate(async () => (await window.axe.run(document, { iframes: false })).violations.map((one) => `${one.id}: ${one.nodes[0].html}`));
    assert.deepEqual(found, []);
  });
});
