// Hard-wrapped paragraphs become whole again; nothing else moves. In the real browser, whose regular expressions these are.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { functionsPage } from './support/functions.mjs';

let page, close;
before(async () => ({ page, close } = await functionsPage()));
after(() => close?.());
const reflow = (text) => page.evaluate((words) => window.layers.reflow(words), text);

/** What is joined: each break that goes stands as ¶. */
const JOINED = {
  'a paragraph at 72 columns': 'The harbour office has moved to the yellow house behind the fish market,¶where the old chandlery was; the entrance is from the yard, and the bell¶only works when the wind does not.',
  'two paragraphs, each by itself': 'The rehearsal begins at half past seven this time because the church is¶needed by the bell ringers until then.\n\nWe shall sing the second movement from memory, so please look at it once¶more before you come.',
  'a sentence that ends where the line does, in a text that is broken': 'I have been thinking about the roof again, and about what the carpenter¶said when he stood in the garden and looked at it for such a long time.¶Nobody expected that it would last another winter, least of all the man¶who built it.',
  'a last word with a capital, in a text that is broken': 'We thought for a while that the best day to meet would be the day before¶the concert, but then we thought that it would still be the first or the¶Tuesday.',
  'French, with its spaces before the marks': 'Le train de nuit pour Vienne part à dix-neuf heures quarante-trois ; il¶faut réserver les couchettes avant la fin du mois, sinon il ne reste que¶des places assises.',
  'Italian after an apostrophe': 'Il mercato del sabato si sposta in piazza per tutto il mese, perché la¶strada lungo il fiume è chiusa e l’unica altra piazza è ancora piena di¶tavolini.',
  'Cyrillic': 'Собрание жильцов состоится в среду вечером, в семь часов, в подвале у¶котельной, потому что зал занят до конца месяца.',
  'Arabic, which has no capitals': 'سوف يجتمع فريق الحديقة مساء يوم الأربعاء القادم في القاعة الصغيرة بجانب¶المكتبة لأن القاعة الكبيرة مغلقة',
  'spaces left at the end of a line': 'The minutes of the last meeting are attached; please read them before   ¶you come, since we shall not go through them again.',
  'a link inside the words': 'The list of changes is long, so I put it on https://example.org/changes¶instead of sending all of it to everybody in this already long letter.',
  'a number that begins a line': 'The whole thing would come to something like three hundred and fifty or¶400 euros, which is less than last year.',
};

/** What stays as it is, to the last space. */
const KEPT = {
  'nothing': '',
  'a short letter': 'Hi Alice,\n\nyes.\nSee you there,\nAna',
  'long lines that nobody broke': `${'one two three four '.repeat(12)}\n${'five six seven eight '.repeat(12)}`,
  'two sentences on lines of their own': 'One more thing: could you lend me the tenor part of it? Mine is lost.\nNo hurry, Sunday is fine.',
  'a break where the next word would have fitted': 'I would rather stay at home tonight and finish the\nbook\nthat you lent me in the spring, since it has to go back to the library.',
  'a list with dashes': 'For the picnic we still need somebody who would bring the following few:\n- bread and cheese for about a dozen people, better too much than little\n- something to drink that is not only lemonade, although lemonade is fine\n- a ball',
  'a numbered list': '1. Turn off the water at the main tap before you touch the other things\n2. then open the upper valve and wait until nothing comes out any longer\n3) close it again',
  'a quotation that nobody marked as one': '> The harbour office has moved to the yellow house behind the market and\n> the entrance is from the yard.',
  'indented lines': '    The harbour office has moved to the yellow house behind the market and\n    the entrance is from the yard.',
  'a poem': 'Whose woods these are I think I know.\nHis house is in the village though;\nhe will not see me stopping here\nto watch his woods fill up with snow.',
  'an address': 'Night Train Tickets and Other Journeys by Rail Across the Whole Continent\nRingstraße 1\n1010 Wien\nAustria',
  'a signature': '-- \nThe release team of the harbour office, which is always there for all of\nyou, on each and every day of the year',
  'a table': 'Station          Arrives   Departs   Platform     Remarks about the seats\nVienna           19:12     19:43     4            only with a reservation',
  'a table of bars': '| Station of the night train | arrives | departs | platform | and remarks |\n| vienna | 19:12 | 19:43 | 4 | only with reservation |',
  'a drawing': 'some words that are long enough to be prose if one only counted letters\n   /\\_/\\\n  ( o.o )   meow',
  'a rule and what stands under it': 'the list of the garden and of everybody who has ever watered anything at\n________________________________\ngarden mailing list',
  'code': 'for (const line of lines) { if (line.length > most) { throw new Error(); }\nelse keep(line); }',
  'a diff': '+ added a line that is really rather long and that goes on until column 72\n- removed another one',
  'headers': 'Subject: Re: a very long subject that somebody broke by hand somewhere\nFrom: Ana Moreau of the choir who also has a very long name for everybody\nTo: Alice',
  'letters of a key': 'mQINBGVxAbcBEAC7v5yPqkz3nVY8fQ2sTn4dXw9LkRj0aHc6uEoZpMi1gBtKxSvWlQfYr\nnDh7eJmCzXoLbP3aVkT9sWqRiUyGf5cN8jHdEwMxB2lO6vZpKtS4rYgIuAqFe1nC0bJhXm',
  'a link alone': 'the whole programme of the winter, with the times of all the concerts, is\nhttps://choir.example.org/winter',
  'a name under the last line': 'It would be lovely to see all of you there on the second Sunday of May\nAna Moreau',
  'a colon, after which something begins': 'this is what the man from the office told me when I asked him about it:\nnever on a Sunday',
  'a hyphen, which may be part of the word': 'the meeting about the fence will be short, since everybody is well-\nknown to be busy on the first of May',
  'Japanese, which has no spaces': 'こんにちは。来週の予定を教えてください。こちらは火曜日と木曜日が空いています。できれば午後のほうがいいです。場所は\n駅前の喫茶店でどうでしょうか。',
};

describe('is joined', () => {
  for (const [name, text] of Object.entries(JOINED)) {
    test(name, async () => assert.equal(await reflow(text.replaceAll('¶', '\n')), text.replace(/ *¶/g, ' ')));
  }
});

describe('is left alone', () => {
  for (const [name, text] of Object.entries(KEPT)) {
    test(name, async () => assert.equal(await reflow(text), text));
  }
});

test('the signature stays under a letter that is joined', async () => {
  const letter = 'The harbour office has moved to the yellow house behind the fish market,\nwhere the old chandlery was.';
  const signature = '-- \nThe harbour office, behind the fish market, where the old chandlery was\nand the yard';
  assert.equal(await reflow(`${letter}\n\n${signature}`), `${letter.replace('\n', ' ')}\n\n${signature}`);
});

test('no word is lost, added or moved, whatever the text', async () => {
  const changed = await page.evaluate(() => {
    let seed = 7;
    const chance = (most) => (seed = (seed * 48_271) % 2_147_483_647) % most;
    const PIECES = ['word ', 'Word ', 'a ', 'sentence. ', '\n', '\n', '\n\n', '> ', '- ', '  ', '\t', '|', '-- \n', 'https://a.example/b ', 'é', '字', '🙂 ', ': ', 'somewhat longer words here '];
    for (let round = 0; round < 3_000; round++) {
      const text = Array.from({ length: chance(60) }, () => PIECES[chance(PIECES.length)]).join('');
      const bare = (words) => words.replace(/\s+/g, ' ').trim();
      if (bare(window.layers.reflow(text)) !== bare(text)) return text;
    }
    return null;
  });
  assert.equal(changed, null);
});

test('the lines of quotations hold: they are cut out first', async () => {
  const lines = ['The harbour office has moved to the yellow house behind the fish market,', 'where the old chandlery was.', '', '> The office is closed on Sundays and on every other day of the week in', '> which it rains.', '', 'Then we shall go there on Monday, when it does not rain, and take all of', 'the papers with us.'];
  const shown = await page.evaluate((text) => window.layers.blocks(text, [[3, 5]]).map((part) => (part.quoted ? part.text : window.layers.reflow(part.text))), lines.join('\n'));
  assert.deepEqual(shown, [`${lines[0]} ${lines[1]}`, `${lines[3]}\n${lines[4]}`, `${lines[6]} ${lines[7]}`]);
});

test('costs no more than the text is long', async () => {
  const ms = await page.evaluate(() => {
    const began = performance.now();
    for (const seed of ['a ', 'word word word word\n', '|', '====', 'x\n\n', '(', '   ', ' = ', 'A: ', `${'long words '.repeat(6)}\nand `]) window.layers.reflow(seed.repeat(200_000 / seed.length));
    return performance.now() - began;
  });
  assert.ok(ms < 3_000, `${ms} ms`);
});
