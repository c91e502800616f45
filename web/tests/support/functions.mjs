// A page in which the pure functions of the reader stand as `window.layers`: they run where people run them.

import { launch, open } from './browser.mjs';
import { layersScript } from './layers.mjs';
import { start } from './mock-server.mjs';

export async function functionsPage() {
  const html = () => '<!doctype html><script type="module" src="/layers.js"></script>';
  const server = await start({ pages: { '/layers.js': { script: await layersScript() }, '/strict': { html } } });
  const browser = await launch();
  const close = async () => {
    await browser.close();
    await server.stop();
  };
  const { page } = await open(browser);
  await page.goto(`${server.url}/strict`);
  await page.waitForFunction(() => 'layers' in window);
  return { page, close };
}
