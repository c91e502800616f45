// Builds layers.ts into one script, and a server that counts whoever connects.

import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

export async function layersScript() {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const result = await build({
    root, configFile: false, logLevel: 'error',
    build: { write: false, minify: false, lib: { entry: fileURLToPath(new URL('./layers.ts', import.meta.url)), formats: ['es'], fileName: 'layers' } },
  });
  return [result].flat()[0].output[0].code;
}

/** Counts connections, so that a preconnect without a request is noticed too. */
export async function canary() {
  const connections = [];
  const server = createServer((socket) => {
    socket.once('data', (data) => connections.push(data.toString().split('\r\n')[0]));
    connections.push('connected');
    socket.on('error', () => {});
    setTimeout(() => socket.destroy(), 50);
  });
  await new Promise((done) => server.listen(0, '127.0.0.2', done));
  return { url: `http://127.0.0.2:${server.address().port}`, connections, stop: () => new Promise((done) => server.close(done)) };
}
