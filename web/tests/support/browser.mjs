// The real Chromium, in a profile of its own that goes away with the test.

import { chromium } from 'playwright-core';

export const ARGUMENTS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ARGUMENTS });

/** What the browser says when a test goes without service workers. */
const BLOCKED = 'Service Worker registration blocked by Playwright';

/** Where most tests sit. Without a service worker: installing one in each profile takes longer than most tests. */
export const DESK = { timezoneId: 'UTC', viewport: { width: 1440, height: 900 }, serviceWorkers: 'block' };

/**
 * A page that remembers what it complained about and every address that it asked for.
 */
export async function open(browser, options = {}) {
  const context = await browser.newContext({ locale: 'en-GB', ...DESK, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(8_000);
  const complaints = [];
  const requests = [];
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && message.text() !== BLOCKED && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  context.on('request', (request) => requests.push(request.url()));
  return { context, page, complaints, requests };
}
