// One formula: the browser's program answers ten thousand random questions, in three languages, exactly as the server's
// code does. The questions and the server's answers come from `crates/web-core/examples/questions.rs`.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { describe, test } from 'node:test';
import { formula } from './support.mjs';

const QUESTIONS = 10_000;
const LANGUAGES = 3;
const program = process.env.CALIOPEN_QUESTIONS ?? new URL('../../target/debug/examples/questions', import.meta.url).pathname;

describe('the formula in the browser', () => {
  test('answers ten thousand random questions as the server does, word for word, in three languages', async () => {
    const here = await formula();
    const child = spawn(program, [String(QUESTIONS)], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise((done, failed) => child.on('error', failed).on('exit', done));
    const lines = createInterface({ input: child.stdout, crlfDelay: Infinity });
    let version = null;
    let count = 0;
    const scores = new Set();
    for await (const line of lines) {
      if (version === null) {
        version = Number(line);
        assert.equal(here.version, version, 'both have one version of the formula');
        continue;
      }
      const [question, answer] = line.split('\t');
      const found = here.ask(question);
      if (found !== answer) assert.deepEqual(JSON.parse(found), JSON.parse(answer), question);
      assert.equal(found, answer);
      scores.add(JSON.parse(found).message.privacy.score);
      count += 1;
    }
    assert.equal(await ended, 0);
    assert.equal(count, QUESTIONS * LANGUAGES);
    assert.ok(scores.size > 40, `the questions reach ${scores.size} different indices`);
  });

  test('refuses what it does not know, and goes on', async () => {
    const here = await formula();
    assert.equal(here.score([['carrierPigeon']], 'en'), null);
    assert.equal(here.score([[]], 'xx'), null);
    assert.equal(JSON.parse(here.ask(' '.repeat(8 * 1024 * 1024 + 1))).refused, 'tooMany');
    assert.equal(here.score([['telephoneNetwork']], 'it').message.sentence, 'Gli operatori telefonici possono leggere questo messaggio.');
  });

  test('says of the evidence of the mock what the mock says', async () => {
    const here = await formula();
    const said = JSON.parse(readFileSync(new URL('../tests/support/outlooks.json', import.meta.url)));
    for (const [service, words] of Object.entries(said)) {
      for (const language of ['en', 'fr', 'it']) {
        const { message } = here.score([words.evidence], language);
        assert.deepEqual(words[language], message, `${service}, ${language}`);
      }
    }
  });
});
