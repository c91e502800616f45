// The real server in a folder of its own, and a stranger's mail server that writes to it.

import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

function program() {
  const named = process.env.CALIOPEN_PROGRAM;
  if (!named) throw new Error('CALIOPEN_PROGRAM names the built server; `cargo xtask test` sets it');
  return named;
}

/** Starts the binary on an empty folder, maybe with a configuration; resolves with the URL to open and where mail comes in. */
export async function startCaliopen(config = '') {
  const data = await mkdtemp(join(tmpdir(), 'caliopen-journey-'));
  if (config) await writeFile(join(data, 'caliopen.toml'), config);
  const options = ['--data', data, 'serve', '--http', '127.0.0.1:0', '--smtp', '127.0.0.1:0'];
  const child = spawn(program(), options, { stdio: ['ignore', 'pipe', 'inherit'] });
  let smtpPort;
  for await (const line of createInterface({ input: child.stdout })) {
    smtpPort ??= line.match(/^mail from the network: .*:(\d+)$/)?.[1];
    const url = line.match(/^open (\S+)$/)?.[1];
    if (url) {
      const stop = async () => {
        const ended = new Promise((done) => child.once('exit', done));
        child.kill('SIGTERM');
        await ended;
        await rm(data, { recursive: true });
      };
      return { url, data, smtpPort: Number(smtpPort), stop };
    }
  }
  throw new Error('the server ended before it said what to open');
}

/** What the pipeline finds in a message: `caliopen inspect`, the same code that an arrival goes through. */
export function inspect(raw) {
  const { status, stdout, stderr } = spawnSync(program(), ['inspect'], { input: raw, maxBuffer: 50_000_000 });
  if (status !== 0) throw new Error(`inspect ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

/** Delivers one message by SMTP (RFC 5321); rejects with the server's words when it is not taken. `accepted` runs at the
 * reply to the message itself. */
export async function deliver(port, recipient, raw, accepted = () => {}) {
  const socket = connect(port, '127.0.0.1');
  const replies = createInterface({ input: socket })[Symbol.asyncIterator]();
  const expect = async (code) => {
    for (;;) {
      const { value: line } = await replies.next();
      if (!line?.startsWith(code)) throw new Error(`expected ${code}, got ${line}`);
      if (line[3] !== '-') return;
    }
  };
  await expect('220');
  const text = raw.replace(/\r?\n/g, '\r\n').replace(/^\./gm, '..');
  const steps = [['EHLO sender.test', '250'], ['MAIL FROM:<bob@sender.test>', '250'], [`RCPT TO:<${recipient}>`, '250'], ['DATA', '354'], [`${text}\r\n.`, '250'], ['QUIT', '221']];
  for (const [line, code] of steps) {
    socket.write(`${line}\r\n`);
    await expect(code);
    if (line.endsWith('\r\n.')) accepted();
  }
  socket.destroy();
}
