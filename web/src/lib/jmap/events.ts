// Push (RFC 8620 §7.3): an EventSource that is opened again with growing pauses for as long as it is wanted.

import { provedPath } from './http';

const PAUSE_MS_FIRST = 1_000;
const PAUSE_MS_MOST = 60_000;

export interface PushListener {
  changed(states: Record<string, string>): void;
  /** True when the stream stands; false while it is being opened again. */
  connected(live: boolean): void;
}

/** Listens until the returned function is called. */
export function listen(template: string, accountId: string, listener: PushListener): () => void {
  const url = template.replace('{types}', 'Conversation,Message,Contact,Session,Draft,Submission,Identity,Template,Label,Transfer,Device,UserPrivacy,Gate,Passkey,SecondFactor,Quota').replace('{closeafter}', 'no').replace('{ping}', '30');
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pauseMs = PAUSE_MS_FIRST;
  let over = false;

  const open = async () => {
    source?.close();
    const signed = await provedPath(url);
    if (over) return;
    source?.close();
    source = new EventSource(signed);
    source.addEventListener('open', () => {
      pauseMs = PAUSE_MS_FIRST;
      listener.connected(true);
    });
    source.addEventListener('state', (event) => {
      const states = readStates(String(event.data), accountId);
      if (states) listener.changed(states);
    });
    source.addEventListener('error', () => {
      source?.close();
      listener.connected(false);
      // A little chance spreads out the clients of a server that starts again.
      timer = setTimeout(() => void open(), pauseMs * (0.75 + Math.random() / 2));
      pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MOST);
    });
  };
  const atOnce = () => {
    clearTimeout(timer);
    pauseMs = PAUSE_MS_FIRST;
    void open();
  };
  // An open connection does not notice by itself that the network is gone; a server on this machine is there all the same.
  for (const name of ['online', 'offline']) window.addEventListener(name, atOnce);
  void open();
  return () => {
    over = true;
    for (const name of ['online', 'offline']) window.removeEventListener(name, atOnce);
    clearTimeout(timer);
    source?.close();
  };
}

function readStates(data: string, accountId: string): Record<string, string> | null {
  try {
    const event = JSON.parse(data) as { changed?: Record<string, Record<string, string>> };
    return event.changed?.[accountId] ?? null;
  } catch {
    return null;
  }
}
