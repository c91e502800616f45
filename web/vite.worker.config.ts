// Builds the service worker into dist/sw.js, after the application: it names every file of that build, so that its bytes
// change whenever one of them does, which is how browsers find a new version.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const DIST = new URL('./dist/', import.meta.url);
interface Chunk {
  file: string;
  css?: string[];
}

/** What reads PDFs is large, and without a network there is no file to read: it is fetched when one is opened. */
const NOT_KEPT = 'node_modules/pdfjs-dist/';

function files(): string[] {
  const manifest = JSON.parse(readFileSync(new URL('manifest.json', DIST), 'utf8')) as Record<string, Chunk>;
  for (const key of Object.keys(manifest)) if (key.startsWith(NOT_KEPT)) delete manifest[key];
  // The entry comes first: the page is recognised by it.
  const chunks = [manifest['index.html'], ...Object.values(manifest)].flatMap((chunk) => (chunk ? [chunk.file].concat(chunk.css ?? []) : []));
  const icons = readdirSync(new URL('icons/', DIST)).map((name) => `icons/${name}`);
  return [...new Set([...chunks, 'favicon.svg', 'manifest.webmanifest', ...icons])].map((name) => `/${name}`);
}

const names = files();
const page = readFileSync(new URL('index.html', DIST));
const build = createHash('sha256').update(names.join('\n')).update(page).digest('hex').slice(0, 16);

export default defineConfig({
  publicDir: false,
  define: { BUILT_FILES: JSON.stringify(names), BUILT_AS: JSON.stringify(build) },
  build: {
    target: ['chrome123', 'firefox120', 'safari17.5'],
    emptyOutDir: false,
    lib: { entry: fileURLToPath(new URL('src/worker/worker.ts', import.meta.url)), formats: ['es'], fileName: () => 'sw.js' },
  },
});
