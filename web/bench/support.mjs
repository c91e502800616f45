// What the measurements share: the network and processor that they pretend to have, medians, and the table.

/** Chrome's "Fast 4G", in bytes a second and milliseconds. */
const FAST_4G = { offline: false, latency: 165, downloadThroughput: (9e6 / 8) * 0.9, uploadThroughput: (1.5e6 / 8) * 0.9 };
const SLOWDOWN = 4;

/** A slow phone: a network of the fourth generation, a processor four times slower than this one. Until it is told to end. */
export async function slow(page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', FAST_4G);
  return async () => {
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: 1 });
    await devtools.detach();
  };
}

export function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
export const median = (values) => quantile(values, 0.5);

/** Several rounds of one measurement. */
export async function rounds(count, measure) {
  const found = [];
  for (let round = 0; round < count; round++) found.push(await measure(round));
  return found;
}

/** Prints as `npm run size` does: what was found, and what it should be. */
export class Table {
  #over = false;

  row(name, found, most, unit, { atLeast = false } = {}) {
    const reached = atLeast ? found >= most : found <= most;
    this.#over ||= !reached;
    const shown = (value) => `${value >= 100 ? Math.round(value) : Math.round(value * 10) / 10}${unit}`;
    console.log(`${reached ? 'ok  ' : 'OVER'}  ${name.padEnd(58)} ${shown(found).padStart(9)} of ${atLeast ? '≥' : '≤'} ${shown(most)}`);
  }

  end() {
    process.exitCode = this.#over ? 1 : 0;
  }
}
