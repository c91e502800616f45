// The wire between browser and server, which can be cut: before a request goes through, or after, when its answer is lost.

import { createServer, request as ask } from 'node:http';

/** Stands before the server at `url`; `origin` is what the browser opens instead. */
export async function wire(url) {
  const behind = new URL(url);
  const state = { cut: false, deafTo: null };
  const server = createServer((request, response) => {
    if (state.cut) return request.socket.destroy();
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => forward(behind, state, request, Buffer.concat(chunks), response));
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const cut = () => {
    state.cut = true;
    server.closeAllConnections();
  };
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    cut,
    mend: () => (state.cut = false),
    /** The next request that says this is done, its answer is lost, and the wire stays cut. */
    deafTo: (words) => (state.deafTo = words),
    stop: () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    },
  };
}

function forward(behind, state, request, body, response) {
  const options = { host: behind.hostname, port: behind.port, path: request.url, method: request.method, headers: { ...request.headers, host: behind.host } };
  const onward = ask(options, (answer) => {
    if (state.deafTo && body.includes(state.deafTo)) {
      answer.resume();
      answer.on('end', () => {
        Object.assign(state, { deafTo: null, cut: true });
        request.socket.destroy();
      });
      return;
    }
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => request.socket.destroy());
  response.on('close', () => onward.destroy());
  onward.end(body);
}
