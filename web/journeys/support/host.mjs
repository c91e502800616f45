// A stranger's mail host (RFC 5321) that is down until it is started, and keeps what it takes.

import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

const listen = (server, port) => new Promise((done, refused) => server.once('error', refused).listen(port, '127.0.0.1', done));

/** A port of this machine where nobody answers. */
export async function quietPort() {
  const server = createServer();
  await listen(server, 0);
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** Starts there; `taken` are the messages that it has, with their envelopes. */
export async function startHost(port) {
  const taken = [];
  const open = new Set();
  const server = createServer((socket) => {
    open.add(socket.on('close', () => open.delete(socket)).on('error', () => {}));
    talk(socket, taken);
  });
  await listen(server, port);
  const stop = () => {
    for (const socket of open) socket.destroy();
    return new Promise((done) => server.close(done));
  };
  return { port: server.address().port, taken, stop };
}

function talk(socket, taken) {
  const say = (line) => socket.write(`${line}\r\n`);
  let envelope = { from: null, to: [] };
  let text = null;
  say('220 host.test ESMTP');
  createInterface({ input: socket }).on('line', (line) => {
    if (text) {
      if (line !== '.') return text.push(line.replace(/^\./, ''));
      taken.push({ ...envelope, text: text.join('\n') });
      text = null;
      return say('250 2.0.0 taken');
    }
    const [verb = ''] = line.toUpperCase().split(/[ :]/);
    if (verb === 'QUIT') return socket.end('221 2.0.0 bye\r\n');
    if (verb === 'EHLO') return say('250-host.test\r\n250-8BITMIME\r\n250 SMTPUTF8');
    if (verb === 'MAIL') envelope = { from: line.match(/<(.*?)>/)?.[1], to: [] };
    if (verb === 'RCPT') envelope.to.push(line.match(/<(.*?)>/)?.[1]);
    if (verb === 'DATA') {
      text = [];
      return say('354 go on');
    }
    return say('250 2.0.0 well');
  });
}
