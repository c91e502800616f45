// Builds the static application into dist/: one entry, lazy chunks for what the inbox does not need.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const PDFJS = new URL('./node_modules/pdfjs-dist/', import.meta.url);
/**
 * What PDF.js asks for by name, when a document needs it: the fonts that need not be in a PDF, the tables of Asian
 * characters, the decoders of scanned pictures in plain JavaScript; and the licences of it all.
 */
const pdfParts = (): Plugin => ({
  name: 'pdf-parts',
  apply: 'build',
  generateBundle() {
    const { version } = JSON.parse(readFileSync(new URL('package.json', PDFJS), 'utf8')) as { version: string };
    const kept = { '': /^LICENSE$/, 'cmaps/': /\.bcmap$|^LICENSE/, 'standard_fonts/': /./, 'wasm/': /_nowasm_fallback\.js$|^LICENSE_(?!.*QCMS)/ };
    for (const [folder, wanted] of Object.entries(kept)) {
      for (const name of readdirSync(new URL(`./${folder}`, PDFJS)).filter((name) => wanted.test(name))) {
        const fileName = `assets/pdf-${version}/${name === 'LICENSE' && folder ? 'LICENSE_CMAPS' : name}`;
        this.emitFile({ type: 'asset', fileName, source: readFileSync(new URL(`${folder}${name}`, PDFJS)) });
      }
    }
  },
});

/** The formula of the privacy index (crates/web-core), where `cargo xtask` could compile it: else the server is asked. */
const FORMULA = new URL('./compiled/formula.wasm', import.meta.url);
const formula = existsSync(FORMULA) ? readFileSync(FORMULA) : null;
const formulaName = formula && `assets/formula-${createHash('sha256').update(formula).digest('hex').slice(0, 8)}.wasm`;
const formulaPart = (): Plugin => ({
  name: 'formula-part',
  apply: 'build',
  generateBundle() {
    if (formula && formulaName) this.emitFile({ type: 'asset', fileName: formulaName, source: formula });
  },
});

/**
 * Nearly all of what the first screen needs is called by it: browsers that know this word (V8's explicit compile hints)
 * compile it beside the page while it arrives, instead of function by function in the page's way.
 */
const COMPILE_ALL = '//# allFunctionsCalledOnLoad\n';
const compiledAhead = (): Plugin => ({
  name: 'compiled-ahead',
  apply: 'build',
  generateBundle: {
    // It counts on the first line alone, where Vite writes too.
    order: 'post',
    handler(_, bundle) {
      for (const part of Object.values(bundle)) if (part.type === 'chunk' && part.isEntry) part.code = COMPILE_ALL + part.code;
    },
  },
});

/**
 * Words are data: a browser reads JSON several times faster than a script that says the same, and what is put together here
 * need not be put together on each start.
 */
const wordsAsData = (): Plugin => ({
  name: 'words-as-data',
  apply: 'build',
  async renderChunk(code, { facadeModuleId }) {
    if (!/\/i18n\/(?:en|fr|it)\.ts$/.test(facadeModuleId ?? '')) return null;
    const { default: words } = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as { default: unknown };
    return `export default JSON.parse(${JSON.stringify(JSON.stringify(words))});`;
  },
});

export default defineConfig({
  plugins: [svelte(), pdfParts(), formulaPart(), compiledAhead(), wordsAsData()],
  define: { FORMULA_URL: JSON.stringify(formulaName && `/${formulaName}`) },
  worker: { format: 'es' },
  resolve: { alias: { $lib: fileURLToPath(new URL('./src/lib', import.meta.url)) } },
  build: {
    target: ['chrome123', 'firefox120', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: 'manifest.json',
    sourcemap: false,
    rolldownOptions: {
      // What the first screen needs is one file, so that it is one request.
      output: { codeSplitting: { groups: [{ name: 'app', tags: ['$initial'] }] } },
    },
  },
});
