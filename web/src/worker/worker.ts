// The service worker: keeps the files of one build, so that the application opens without a network, and nothing else.
// What the API answers never passes through here (docs/decisions, "What a browser keeps").

/** The files of this build, and a hash of their names: put in by vite.worker.config.ts. */
declare const BUILT_FILES: readonly string[];
declare const BUILT_AS: string;

const worker = self as unknown as ServiceWorkerGlobalScope;
const FILES = new Set(BUILT_FILES);
const PREFIX = 'caliopen ';
const CACHE = PREFIX + BUILT_AS;
const PAGE = '/';
/** This build, and the one before it: a tab that still runs that one finds its parts. */
const BUILDS_KEPT = 2;

worker.addEventListener('install', (event) => event.waitUntil(install()));
worker.addEventListener('activate', (event) => event.waitUntil(activate()));
worker.addEventListener('message', (event) => {
  if (event.data === 'take over') void worker.skipWaiting();
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== worker.location.origin) return;
  if (request.mode === 'navigate') {
    if (url.pathname === PAGE) event.respondWith(page(request));
  } else if (url.pathname.startsWith('/assets/') || FILES.has(url.pathname)) {
    event.respondWith(file(request));
  }
});

async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  const answer = await fetch(PAGE, { cache: 'no-store' });
  const [entry = ''] = FILES;
  // The server may have been replaced since this script was fetched: its page would name files of another build.
  if (!answer.ok || !(await answer.clone().text()).includes(entry)) throw new Error('another build');
  await cache.addAll([...FILES]);
  await cache.put(PAGE, answer);
}

async function activate(): Promise<void> {
  const ours = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  const old = ours.slice(0, Math.max(0, ours.length - (BUILDS_KEPT - 1)));
  await Promise.all(old.map((name) => caches.delete(name)));
  await worker.clients.claim();
}

/**
 * The page as it was kept, with the policy and the nonce that it came with. Its files are of the same build, so there is
 * no broken mix; a newer build is told by the browser's own check of this script, and taken over when the person agrees.
 */
async function page(request: Request): Promise<Response> {
  const kept = await (await caches.open(CACHE)).match(PAGE);
  return kept ?? fetch(request);
}

async function file(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(request)) ?? (await caches.match(request)) ?? fetch(request);
}
