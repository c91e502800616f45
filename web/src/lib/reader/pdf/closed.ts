// Takes the network and the stores away from the worker that reads PDFs, before any of its other code runs. A worker has
// the policy of its own script (CSP 3 §4.2), not that of the page: what it cannot reach, a flaw in it cannot use.

const TAKEN = [
  'fetch', 'XMLHttpRequest', 'WebSocket', 'WebSocketStream', 'WebTransport', 'EventSource', 'importScripts', 'Worker',
  'SharedWorker', 'BroadcastChannel', 'indexedDB', 'caches', 'cookieStore',
];

for (const name of TAKEN) {
  if (name in globalThis) Object.defineProperty(globalThis, name, { value: undefined, configurable: false, writable: false });
}
