// Draws the icons of the installed application from public/favicon.svg, in the real Chromium: `node scripts/icons.mjs`.
// What it writes is committed.

import { readFileSync, writeFileSync } from 'node:fs';
import { launch } from '../tests/support/browser.mjs';

const PUBLIC = new URL('../public/', import.meta.url);
const svg = readFileSync(new URL('favicon.svg', PUBLIC), 'utf8');
const [, background] = /<rect[^>]*fill="([^"]+)"/.exec(svg);
/** A maskable icon fills its square; what counts stands in the inner four fifths (Web Application Manifest, "Icon masks"). */
const filled = svg.replace(/rx="\d+"/, 'rx="0"').replace('viewBox="0 0 48 48"', 'viewBox="-6 -6 60 60"');
const ICONS = [
  ['any-192', 192, svg, 'transparent'],
  ['any-512', 512, svg, 'transparent'],
  ['maskable-512', 512, filled, background],
  ['touch-180', 180, filled, background],
];

const browser = await launch();
for (const [name, size, drawing, behind] of ICONS) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>html, body { margin: 0; background: ${behind} } svg { display: block; width: ${size}px; height: ${size}px }</style>${drawing}`);
  writeFileSync(new URL(`icons/${name}.png`, PUBLIC), await page.screenshot({ omitBackground: true }));
  await page.close();
}
await browser.close();
