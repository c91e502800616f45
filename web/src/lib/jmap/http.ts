// The only caller of fetch. Turns every failure into one ApiError that a screen can explain.

export type ErrorKind =
  | 'network'
  | 'signed-out'
  | 'credentials'
  | 'rate'
  | 'first-start'
  | 'password-weak'
  | 'address'
  | 'request'
  | 'passkey'
  | 'passkey-none'
  | 'passkey-known'
  | 'passkey-many'
  | 'passkey-only-confirms'
  | 'passkey-name'
  | 'second-factor'
  | 'second-factor-wrong'
  | 'second-factor-none'
  | 'not-found'
  | 'hidden'
  | 'mailbox-full'
  | 'server';

export class ApiError extends Error {
  constructor(
    readonly kind: ErrorKind,
    /** Seconds to wait, when the server said so (RFC 9110 §10.2.3). */
    readonly retryAfterSeconds = 0,
    /** What else the server said (RFC 7807 §3.2). */
    readonly said: Record<string, unknown> = {},
  ) {
    super(kind);
  }
}

const PROBLEM = 'urn:caliopen:error:';
const PROBLEM_KINDS = new Set<ErrorKind>([
  'credentials', 'rate', 'first-start', 'password-weak', 'address', 'request', 'hidden', 'mailbox-full', 'passkey', 'passkey-known', 'passkey-many', 'passkey-only-confirms', 'passkey-name',
  'second-factor', 'second-factor-wrong', 'second-factor-none',
]);

/** Signs what this device asks for: a session that it began answers nobody else. */
export interface Signer {
  /** A proof for this request that was made a moment ago; null when there is none. */
  ready(method: string, path: string): string | null;
  /** A proof for this request; null where there is no key. */
  sign(method: string, path: string): Promise<string | null>;
  /** The proofs so far are of a wrong time. */
  forget(): void;
  /** The server's time, in milliseconds of the epoch. */
  clock(server: number): void;
  /** The words that were sealed to this device. */
  open(sealed: ArrayBuffer): Promise<string>;
}

let signer: Signer | null = null;
export const signWith = (device: Signer): void => void (signer = device);

const PROOF_HEADER = 'X-Caliopen-Proof';
const SEALED_TYPE = 'application/vnd.caliopen.sealed';

/** A path as it goes over the wire: what is signed. */
function onWire(path: string): string {
  const url = new URL(path, location.href);
  return url.pathname + url.search;
}

/** The headers that show that a request is this device's. */
export async function proved(method: string, path: string): Promise<Record<string, string>> {
  const proof = await signer?.sign(method, onWire(path));
  return proof ? { [PROOF_HEADER]: proof } : {};
}

/** A path that shows it by itself: for what the browser asks for on its own. */
export async function provedPath(path: string): Promise<string> {
  const wire = onWire(path);
  const proof = await signer?.sign('GET', wire);
  return proof ? `${wire}${wire.includes('?') ? '&' : '?'}proof=${proof}` : path;
}

/**
 * Sends one request to our own origin with the session's cookie, and fails unless the answer is 2xx. One that
 * `outlives` its page is bounded by the browser to 64 kB (Fetch §4.6).
 */
export async function send(path: string, body?: unknown, signal?: AbortSignal, outlives?: 'page'): Promise<Response> {
  const headers: Record<string, string> = { 'X-Caliopen': '1' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  const init: RequestInit = {
    method: body === undefined ? 'GET' : 'POST',
    headers,
    credentials: 'same-origin',
    cache: 'no-store',
    redirect: 'error',
  };
  if (body !== undefined) init.body = JSON.stringify(body);
  if (signal) init.signal = signal;
  if (outlives) init.keepalive = true;
  return answered(signed(path, init, headers));
}

/** Signs and sends; once more with the server's time when ours was wrong. A page that goes away waits for no signature. */
async function signed(path: string, init: RequestInit, headers: Record<string, string>): Promise<Response> {
  const wire = onWire(path);
  const method = init.method ?? 'GET';
  const proof = signer?.ready(method, wire) ?? (await signer?.sign(method, wire));
  if (proof) headers[PROOF_HEADER] = proof;
  const response = await fetch(path, init);
  tellClock(response);
  if (response.status !== 401 || !proof || !(await isUnproved(response))) return response;
  signer?.forget();
  headers[PROOF_HEADER] = (await signer?.sign(method, wire)) ?? proof;
  return fetch(path, init);
}

let aheadMs = 0;
/** The server's time, in milliseconds of the epoch, to the second. */
export const serverNow = (): number => Date.now() + aheadMs;

function tellClock(response: Response): void {
  const date = Date.parse(response.headers.get('Date') ?? '');
  if (!date) return;
  aheadMs = date - Date.now();
  signer?.clock(date);
}

async function isUnproved(response: Response): Promise<boolean> {
  const said: unknown = await response.clone().json().catch(() => null);
  return !!said && typeof said === 'object' && 'type' in said && said.type === `${PROBLEM}proof`;
}

/**
 * Asks for what the page's head names as a preload: only a plain request gets the answer that is already on its way.
 * Such an answer is sealed to this device.
 */
export async function preloaded(path: string): Promise<unknown> {
  const response = await answered(fetch(path));
  tellClock(response);
  if (response.headers.get('Content-Type') !== SEALED_TYPE) return response.json();
  const opened = signer?.open(await response.arrayBuffer());
  // Keys that are gone are as good as a session that is over.
  return JSON.parse((await opened?.catch(() => null)) ?? unopened());
}

function unopened(): never {
  throw new ApiError('signed-out');
}

async function answered(asked: Promise<Response>): Promise<Response> {
  const response = await asked.catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiError('network');
  });
  if (response.ok) return response;
  throw await problem(response);
}

export async function problem(response: Response): Promise<ApiError> {
  const retryAfter = Number(response.headers.get('Retry-After') ?? 0) || 0;
  const said: unknown = await response.json().catch(() => null);
  const members = said && typeof said === 'object' ? (said as Record<string, unknown>) : {};
  const type = String(members['type'] ?? '');
  const kind = type.startsWith(PROBLEM) ? (type.slice(PROBLEM.length) as ErrorKind) : null;
  if (kind && PROBLEM_KINDS.has(kind)) return new ApiError(kind, retryAfter, members);
  if (response.status === 401) return new ApiError('signed-out');
  if (response.status === 404) return new ApiError('not-found');
  if (response.status === 429) return new ApiError('rate', retryAfter);
  return new ApiError(response.status < 500 ? 'request' : 'server', retryAfter);
}
