// The budgets of the application, measured on dist/: what the inbox needs, and each chunk that comes later.

import { readFileSync, readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const DIST = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('manifest.json', DIST)));
const sizeOf = (file) => gzipSync(readFileSync(new URL(file, DIST)), { level: 9 }).length;

/** A chunk with everything that it imports statically. */
function closure(key, found = new Set()) {
  if (found.has(key)) return found;
  found.add(key);
  for (const next of manifest[key].imports ?? []) closure(next, found);
  return found;
}

const files = (keys, kind) => new Set([...keys].flatMap((key) => (kind === 'js' ? [manifest[key].file] : (manifest[key].css ?? []))));
const total = (set) => [...set].reduce((sum, file) => sum + sizeOf(file), 0);

const shell = closure('index.html');
const words = Object.keys(manifest).filter((key) => /i18n\/(?:en|fr|it)\.ts$/.test(key));
const largestWords = words.toSorted((a, b) => sizeOf(manifest[b].file) - sizeOf(manifest[a].file))[0];
const js = files([...shell, largestWords], 'js');
const css = files(shell, 'css');
// Beside the files: the page, the icon, the session with the list, and the stream of events.
const requests = js.size + css.size + 4;

const added = (key) => new Set([...files(closure(key), 'js'), ...files(closure(key), 'css')].filter((file) => !js.has(file) && !css.has(file)));
const composer = added('src/routes/compose/ComposeScreen.svelte');

const formula = readdirSync(new URL('assets/', DIST)).find((name) => /^formula-.*\.wasm$/.test(name));

const KB = 1000;
const rows = [
  ['shell + inbox + words, JS', total(js), 90 * KB],
  ['shell + inbox, CSS', total(css), 15 * KB],
  ['requests to the inbox', requests, 8],
  ['composer', total(composer), 35 * KB],
  ...(formula ? [['privacy index, WebAssembly', sizeOf(`assets/${formula}`), 150 * KB]] : []),
];
const shown = (value) => (value < 100 ? String(value) : `${(value / KB).toFixed(1)} kB`);
let over = false;
for (const [name, value, most] of rows) {
  over ||= value > most;
  console.log(`${value > most ? 'OVER' : 'ok  '}  ${name.padEnd(30)} ${shown(value).padStart(9)} of ${shown(most)}`);
}
if (!formula) console.log('  –   privacy index, WebAssembly      left out of this build: the server is asked');
console.log('\nLater, gzipped:');
for (const [key, chunk] of Object.entries(manifest)) {
  if (!chunk.isDynamicEntry) continue;
  console.log(`      ${key.replace('src/', '').padEnd(50)} ${shown(total(added(key))).padStart(9)}`);
}
process.exitCode = over ? 1 : 0;
