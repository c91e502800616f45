// A server that cannot do one thing until it is mended: a method of the API, or an address.

import { start } from './mock-server.mjs';

/** Whether a request asks for it: `Message/get`, `Message/get bodies` when that property is asked for, or `/auth/logout`. */
function asks(request, what) {
  const { pathname } = new URL(request.url());
  if (what.startsWith('/') || pathname !== '/jmap/api') return what.startsWith('/') && pathname.startsWith(what);
  const [method, property] = what.split(' ');
  const { methodCalls = [] } = JSON.parse(request.postData() ?? '{}');
  return methodCalls.some(([name, args]) => name === method && (!property || args.properties?.includes(property)));
}

/** Opens `hash` on a server of its own; `break` makes things fail from then on, `mend` ends that. */
export async function visit(session, hash, { arrange, server: options, fails = [] } = {}) {
  const server = await start(options);
  session.atEnd(server.stop);
  arrange?.(server);
  const { page } = await session.open();
  const broken = new Set(fails);
  let refused = 0;
  await page.route(/\/(jmap|auth|public)\//, async (route) => {
    const found = [...broken].find((what) => asks(route.request(), what));
    if (!found) return route.continue();
    refused += 1;
    return route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify({ type: 'about:blank', status: 503 }) });
  });
  await page.goto(`${server.url}/${typeof hash === 'function' ? hash() : hash}`);
  /** How often the server was asked for it, and heard. */
  const did = (what) => (what.startsWith('/') ? server.state.seen.filter((path) => path.startsWith(what)) : server.account.calls.filter(([name]) => name === what)).length;
  return { page, server, account: server.account, break: (what) => broken.add(what), mend: () => broken.clear(), did, refused: () => refused };
}

/** What says that something failed, and what to do, somewhere in `within`. */
export const alert = (within) => within.getByRole('alert').filter({ hasText: /try again|try .* again|réessayez|reload/i }).first();

/** Until the promise of it holds; a page has no word for "the server was asked". */
export async function until(page, holds, what) {
  for (let tries = 0; !holds(); tries++) {
    if (tries > 100) throw new Error(`never: ${what}`);
    await page.waitForTimeout(50);
  }
}
