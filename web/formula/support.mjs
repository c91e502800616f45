// The browser's formula as it is shipped: the program of dist/assets behind the application's own doors, in Node.

import { readFileSync, readdirSync } from 'node:fs';
import ts from 'typescript';

const ASSETS = new URL('../dist/assets/', import.meta.url);
const DOORS = new URL('../src/lib/formula/doors.ts', import.meta.url);

/** Compiled anew for each who asks, as in each tab. */
export async function formula() {
  const name = readdirSync(ASSETS).find((file) => /^formula-.*\.wasm$/.test(file));
  if (!name) throw new Error('dist/ has no formula: run `cargo xtask test`, or compile crates/web-core and build again');
  const { outputText } = ts.transpileModule(readFileSync(DOORS, 'utf8'), { compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 } });
  const { Formula } = await import(`data:text/javascript,${encodeURIComponent(outputText)}`);
  const { instance } = await WebAssembly.instantiate(readFileSync(new URL(name, ASSETS)), {});
  return new Formula(instance.exports);
}
