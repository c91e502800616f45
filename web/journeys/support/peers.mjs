// Real peers for a journey: a signed DNS (Knot), mail hosts (Postfix) with good, bad and no TLS, and who writes from
// elsewhere (swaks). The program behind it is crates/testkit/src/bin/caliopen-peers.rs; one line says one thing.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, dirname } from 'node:path';
import { createInterface } from 'node:readline';

/** Starts nobody yet. `stop` ends everybody. */
export function startPeers() {
  const child = spawn(join(dirname(process.env.CALIOPEN_PROGRAM ?? ''), 'caliopen-peers'), { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const say = async (line) => {
    child.stdin.write(`${line}\n`);
    const { value: answer = 'failed: it ended' } = await answers.next();
    if (answer.startsWith('failed')) throw new Error(`${line}: ${answer}`);
    return answer;
  };
  return {
    say,
    /** A zone, and its records, each `OWNER TYPE VALUE`; `text` is for those with blanks. */
    async zone(name, signing, records) {
      await say(`zone ${name} ${signing}`);
      for (const record of records) await say(record);
    },
    /** What a mail host did so far, line by line. */
    log: async (host) => (await say(`log ${host}`)).split('\u001f'),
    async stop() {
      child.stdin.end();
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

/** A mail host of elsewhere hands one message over, by TLS or in clear. Its name server says whether it may. */
export async function deliverFrom(port, { from, to, message, tls = true }) {
  const options = ['--server', `127.0.0.1:${port}`, '--ehlo', 'mail.elsewhere.test', '--from', from, '--to', to, '--data', '-', ...(tls ? ['--tls'] : [])];
  const swaks = spawn('swaks', options, { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [swaks.stdout, swaks.stderr]) stream.on('data', (part) => (said += part));
  swaks.stdin.end(message.replace(/\r?\n/g, '\r\n'));
  const [status] = await once(swaks, 'close');
  if (status !== 0) throw new Error(`swaks ended with ${status}: ${said}`);
}
