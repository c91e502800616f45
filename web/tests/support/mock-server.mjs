// A server for development and tests: dist/ under the Content-Security-Policy of the real one, and docs/api over an
// account in memory. `node tests/support/mock-server.mjs [port]` starts it alone; password: correct horse battery.

import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { domainOf } from './domain-mock.mjs';
import { ACCOUNT, Account } from './jmap-mock.mjs';
import { blobs, PIXEL } from './sample.mjs';

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));
export const PASSWORD = 'correct horse battery';
const TYPES = { '.png': 'image/png', '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.json': 'application/json', '.webmanifest': 'application/manifest+json', '.wasm': 'application/wasm' };
/** What a download says back (docs/api). */
const SAID_BACK = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif', 'image/bmp', 'text/plain', 'application/pdf', 'audio/mpeg', 'audio/ogg', 'audio/wav', 'audio/mp4', 'audio/flac', 'audio/webm', 'audio/aac']);

/** The policy of docs/decisions and ui.md, as the real server sends it. */
export const policy = (nonce) =>
  `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data: blob:; media-src blob:; connect-src 'self'; font-src 'self'; frame-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types svelte-trusted-html dompurify caliopen`;

/**
 * Starts on a free port of 127.0.0.1. `pages` are further answers by path, for tests of single layers: `{ script }`, or
 * `{ html }`, a function of the nonce, served under the same policy unless `open` says that it has none.
 */
export async function start({ port = 0, conversations = 60, signedIn = true, firstStart = false, pages = {} } = {}) {
  const state = { account: new Account({ conversations }), signedIn, firstStart, failures: [], rate: 0, seen: [], confirmed: !firstStart };
  const server = createServer((request, response) => {
    if (state.cut) return request.socket.destroy();
    state.seen.push(request.url);
    if (state.clockAhead) response.setHeader('Date', new Date(Date.now() + 1000 * state.clockAhead).toUTCString());
    handle(state, pages, request, response).catch((cause) => {
      console.error(cause);
      response.writeHead(500).end();
    });
  });
  await new Promise((done) => server.listen(port, '127.0.0.1', done));
  const url = `http://127.0.0.1:${server.address().port}`;
  const stop = () => {
    state.account.sending.stop();
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  };
  /** No network: open connections break, new ones too, until `mend`. */
  const cut = () => {
    state.cut = true;
    server.closeAllConnections();
  };
  const mend = () => (state.cut = false);
  return { url, state, account: state.account, stop, cut, mend };
}

async function handle(state, pages, request, response) {
  const { pathname } = new URL(request.url, 'http://localhost');
  if (fails(state, response, (one) => one.path !== undefined && pathname.startsWith(one.path))) return;
  if (pathname.startsWith('/public/domain/')) {
    const said = domainOf(state.account.outlooks, new URL(request.url, 'http://localhost'));
    return said ? json(response, said) : problem(response, 404, 'not-found');
  }
  if (pathname.startsWith('/auth/')) return auth(state, pathname, request, response);
  if (pathname === '/.well-known/jmap' || pathname.startsWith('/jmap/')) {
    if (!state.signedIn) return problem(response, 401, 'credentials-missing');
    // The first answer may be asked for without a proof: it is sealed.
    if (pathname !== '/jmap/start' && !(await proves(state, request))) return problem(response, 401, 'proof');
    return jmap(state, pathname, request, response);
  }
  return file(state, pages, pathname, request, response);
}

/** Answers with the failure that a test asked for, once: of an address, or of whatever calls a method. */
function fails(state, response, wanted) {
  const failure = state.failures.findIndex(wanted);
  if (failure < 0) return false;
  const [{ status, type, retryAfter }] = state.failures.splice(failure, 1);
  problem(response, status, type, retryAfter);
  return true;
}

/** `clockAhead` plays a server whose clock goes before the browser's: the Date of each answer says so. */
const proves = (state, request) => state.account.devices.proves(request, state.clockAhead);

async function raw(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const body = async (request) => JSON.parse((await raw(request)).toString() || '{}');

function json(response, value, status = 200, type = 'application/json') {
  response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' }).end(JSON.stringify(value));
}

function problem(response, status, type, retryAfter, more = {}) {
  if (retryAfter) response.setHeader('Retry-After', String(retryAfter));
  json(response, { type: `urn:caliopen:error:${type}`, status, detail: 'Try again.', ...more }, status, 'application/problem+json');
}

async function auth(state, pathname, request, response) {
  if (pathname === '/auth/state') return json(response, { firstStart: state.firstStart, language: 'en', languages: ['en', 'fr', 'it'] });
  if (request.headers['x-caliopen'] !== '1') return problem(response, 400, 'request');
  const asked = await body(request);
  const answer = () => ({ token: 'secret', accountId: ACCOUNT, address: 'alice@example.org', language: state.account.language, recoveryCodeConfirmed: state.confirmed });
  const begun = () => {
    state.signedIn = true;
    state.account.devices.enrol(asked.device ?? null);
    return json(response, answer());
  };
  if (state.signedIn && !['/auth/login', '/auth/first-start', '/auth/recover', '/auth/passkey', '/auth/passkey/options'].includes(pathname) && !(await proves(state, request))) return problem(response, 401, 'proof');
  const { passkeys } = state.account;
  const { origin } = request.headers;
  const answers = { json: (value) => json(response, value), none: () => response.writeHead(204).end(), problem: (status, type) => problem(response, status, type), begun };
  if (passkeys.answer(pathname, asked, { origin, password: PASSWORD, ...answers })) return;
  switch (pathname) {
    case '/auth/login':
      if (asked.password !== PASSWORD) return problem(response, 401, 'credentials');
      if (!passkeys.beside(asked, origin)) {
        const isTried = asked.code !== undefined || asked.passkey;
        return problem(response, 401, isTried ? 'second-factor-wrong' : 'second-factor', 0, { codes: passkeys.second.hasCodes, passkeys: passkeys.all.length > 0 });
      }
      return begun();
    case '/auth/first-start':
      if (!state.firstStart || asked.token !== 'TOKEN') return problem(response, 404, 'first-start');
      state.firstStart = false;
      state.account.language = asked.language;
      return begun();
    case '/auth/recover':
      return begun();
    case '/auth/recovery-code':
      return json(response, { code: 'K7QF-2M9X-PT4H-8WRC-V3ZD-6NJA' });
    case '/auth/language':
      state.account.language = asked.language;
      return response.writeHead(204).end();
    case '/auth/recovery-code/confirm':
      state.confirmed = true;
      return response.writeHead(204).end();
    case '/auth/password':
      return asked.current === PASSWORD ? response.writeHead(204).end() : problem(response, 401, 'credentials');
    case '/auth/device-key':
      if (!state.signedIn) return problem(response, 401, 'session');
      return json(response, { key: createHash('sha256').update(`key of ${asked.device}`).digest('base64') });
    case '/auth/logout':
      state.signedIn = false;
      return response.writeHead(204).end();
    default:
      return problem(response, 404, 'request');
  }
}

/** What the server asks itself for the first answer (docs/api). */
const FIRST_PAGE = {
  using: [],
  methodCalls: [
    ['Conversation/query', { accountId: ACCOUNT, filter: { place: 'inbox' }, sort: [{ property: 'latestAt', isAscending: false }], position: 0, limit: 50, calculateTotal: true }, 'q'],
    ['Conversation/get', { accountId: ACCOUNT, '#ids': { resultOf: 'q', name: 'Conversation/query', path: '/ids' } }, 'g'],
  ],
};

/** A failure that a test asked for is met by the first answer too, and left for the question that follows. */
function firstPage({ account, failures }) {
  const failing = failures.some(({ method }) => FIRST_PAGE.methodCalls.some(([name]) => name === method));
  return failing ? { methodResponses: [['error', { type: 'serverFail' }, 'q']] } : account.request(FIRST_PAGE);
}

async function jmap(state, pathname, request, response) {
  const { account } = state;
  if (pathname === '/.well-known/jmap') return json(response, account.session());
  if (pathname === '/jmap/start') {
    const answer = { session: account.session(), inbox: firstPage(state) };
    if (!account.devices.keys) return json(response, answer);
    return response.writeHead(200, { 'Content-Type': 'application/vnd.caliopen.sealed', 'Cache-Control': 'no-store' }).end(await account.devices.seal(JSON.stringify(answer)));
  }
  if (pathname === '/jmap/api') {
    const asked = await body(request);
    if (fails(state, response, (one) => asked.methodCalls.some(([name]) => name === one.method))) return;
    const answer = account.request(asked);
    // It was done, and the answer is lost on its way.
    if (state.deafTo && asked.methodCalls.some(([name]) => name === state.deafTo)) {
      state.deafTo = null;
      state.cut = true;
      return request.socket.destroy();
    }
    return json(response, answer);
  }
  if (pathname.startsWith('/jmap/upload/')) {
    const bytes = await raw(request);
    return json(response, { accountId: ACCOUNT, ...account.sending.upload(bytes, request.headers['content-type']) }, 201);
  }
  if (pathname.startsWith('/jmap/import/')) {
    const offset = Number(new URL(request.url, 'http://localhost').searchParams.get('offset'));
    const taken = await account.transfers.receive(request, pathname.split('/').at(-1), offset);
    if (taken) return json(response, taken);
    return request.destroyed ? undefined : problem(response, 409, 'transfer');
  }
  if (pathname.startsWith('/jmap/export/')) {
    return response.writeHead(200, { 'Content-Type': 'application/x-tar', 'Content-Disposition': 'attachment; filename="caliopen.tar"' }).end('everything');
  }
  if (pathname.startsWith('/jmap/contacts/')) return response.writeHead(200, { 'Content-Type': 'text/vcard; charset=utf-8', 'Content-Disposition': 'attachment; filename=contacts.vcf' }).end(account.people.text());
  if (pathname.startsWith('/jmap/picture/')) {
    // The second cannot be had.
    if (pathname.endsWith('/1')) return problem(response, 404, 'not-found');
    return response.writeHead(200, { 'Content-Type': 'image/png', 'Cache-Control': 'no-store' }).end(Buffer.from(PIXEL, 'base64'));
  }
  if (pathname.startsWith('/jmap/download/')) {
    const [, , , , blobId] = pathname.split('/');
    if (account.gate.ofHeld(decodeURIComponent(blobId))) return problem(response, 403, 'hidden');
    const bytes = blobs.get(decodeURIComponent(blobId)) ?? Buffer.from('sample bytes');
    const asked = new URL(request.url, 'http://localhost').searchParams.get('type');
    const type = SAID_BACK.has(asked) && !state.saysOpaque ? asked : 'application/octet-stream';
    return response.writeHead(200, { 'Content-Type': type, 'Content-Disposition': 'attachment', 'X-Content-Type-Options': 'nosniff' }).end(bytes);
  }
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  response.write(': hello\n\n');
  const listener = (event) => response.write(`event: state\ndata: ${JSON.stringify(event)}\n\n`);
  account.listeners.add(listener);
  request.on('close', () => account.listeners.delete(listener));
}

/** The page with what the server puts into it: its nonce, and the words that the browser will ask for. */
async function page(bytes, nonce, languages = '') {
  const manifest = JSON.parse(await readFile(join(DIST, 'manifest.json'), 'utf8'));
  const tag = languages.split(',').map((one) => one.trim().slice(0, 2)).find((one) => ['en', 'fr', 'it'].includes(one)) ?? 'en';
  const words = `<link rel="modulepreload" href="/${manifest[`src/lib/i18n/${tag}.ts`].file}" />`;
  return bytes.toString().replaceAll('__CSP_NONCE__', nonce).replace('</head>', `${words}</head>`);
}

async function file(state, pages, pathname, request, response) {
  const nonce = randomBytes(16).toString('base64url');
  const headers = { 'Content-Security-Policy': policy(nonce), 'Referrer-Policy': 'no-referrer', 'X-Content-Type-Options': 'nosniff' };
  const own = pages[pathname];
  if (own?.script) return response.writeHead(200, { ...headers, 'Content-Type': 'text/javascript' }).end(own.script);
  if (own) return response.writeHead(200, { ...(own.open ? {} : headers), 'Content-Type': TYPES['.html'] }).end(own.html(nonce));
  const path = normalize(join(DIST, pathname === '/' || pathname.startsWith('/domain/') ? 'index.html' : pathname));
  const bytes = path.startsWith(DIST) ? await readFile(path).catch(() => null) : null;
  if (!bytes) return response.writeHead(404).end();
  if (pathname === '/sw.js') Object.assign(headers, { 'Content-Security-Policy': "default-src 'none'; connect-src 'self'; require-trusted-types-for 'script'", 'Service-Worker-Allowed': '/', 'Cache-Control': 'no-cache' });
  if (pathname.startsWith('/assets/pdfworker-')) headers['Content-Security-Policy'] = "default-src 'none'; script-src 'self'";
  const found = extname(path) === '.html' ? await page(bytes, nonce, request.headers['accept-language']) : bytes;
  // A server that was replaced by a newer one: its worker names another build.
  if (pathname === '/sw.js' && state.newBuild) return response.writeHead(200, { ...headers, 'Content-Type': TYPES['.js'] }).end(found.toString().replace('"caliopen "', '"caliopen next "'));
  response.writeHead(200, { ...headers, 'Content-Encoding': 'gzip', 'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream' }).end(gzipSync(found));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { url } = await start({ port: Number(process.argv[2] ?? 4173) });
  console.log(`Mock server on ${url} (alice@example.org, ${PASSWORD})`);
}
