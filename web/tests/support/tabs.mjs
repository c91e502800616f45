// Tabs of one browser for a file of tests: each ends with its test, and so does whatever else the test says.

import { after, afterEach, before } from 'node:test';
import { launch, open } from './browser.mjs';

export function tabs() {
  let browser;
  let ends = [];
  before(async () => (browser = await launch()));
  after(() => browser?.close());
  afterEach(async () => {
    for (const end of ends.toReversed()) await end();
    ends = [];
  });
  return {
    /** A tab in a profile of its own; see `open`. */
    async open(options) {
      const tab = await open(browser, options);
      ends.push(() => tab.context.close());
      return tab;
    },
    /** Ended after the test, the last one first. */
    atEnd(end) {
      ends.push(end);
    },
  };
}
