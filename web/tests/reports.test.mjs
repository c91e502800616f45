// A message in which another host tells how encryption went is read in words, not as a file of JSON.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { start } from './support/mock-server.mjs';
import { addReport } from './support/report.mjs';
import { tabs } from './support/tabs.mjs';

const session = tabs();

async function read(language) {
  const server = await start({});
  session.atEnd(server.stop);
  server.account.language = language.slice(0, 2);
  addReport(server.account);
  const { page } = await session.open({ locale: language });
  await page.goto(server.url);
  await page.locator('[data-row]').first().click();
  const report = page.locator('.report');
  await report.waitFor();
  return (await report.innerText()).replaceAll(/\s+/g, ' ');
}

const SAID = {
  'en-GB': ['A report of encryption', 'Company-X says how encrypted mail to you went from 21 Nov 2026', 'example.org, under MTA-STS', '303 of 5,629 connections failed.', '100 connections at mx1.example.org: the certificate is out of date', '203 connections: the reason has no name here', 'old.example.org, which demands nothing', '1 connection, all as demanded.'],
  fr: ['Un rapport de chiffrement', 'example.org, selon MTA-STS', '100 connexions à mx1.example.org : le certificat n’est pas à sa date'],
  it: ['Un rapporto sulla cifratura', 'example.org, secondo MTA-STS', '100 connessioni presso mx1.example.org: il certificato è fuori data'],
};

describe('a report of encryption', () => {
  for (const [language, sentences] of Object.entries(SAID)) {
    test(`is said in words: ${language}`, async () => {
      const text = await read(language);
      for (const sentence of sentences) assert.ok(text.includes(sentence), `${sentence} in: ${text}`);
    });
  }
});
