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
  | 'not-found'
  | 'server';

export class ApiError extends Error {
  constructor(
    readonly kind: ErrorKind,
    /** Seconds to wait, when the server said so (RFC 9110 §10.2.3). */
    readonly retryAfterSeconds = 0,
  ) {
    super(kind);
  }
}

const PROBLEM = 'urn:caliopen:error:';
const PROBLEM_KINDS = new Set<ErrorKind>(['credentials', 'rate', 'first-start', 'password-weak', 'address', 'request']);

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
  return answered(fetch(path, init));
}

/** Asks for what the page's head names as a preload: only a plain request gets the answer that is already on its way. */
export const preloaded = (path: string): Promise<Response> => answered(fetch(path));

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
  const type = said && typeof said === 'object' && 'type' in said ? String(said.type) : '';
  const kind = type.startsWith(PROBLEM) ? (type.slice(PROBLEM.length) as ErrorKind) : null;
  if (kind && PROBLEM_KINDS.has(kind)) return new ApiError(kind, retryAfter);
  if (response.status === 401) return new ApiError('signed-out');
  if (response.status === 404) return new ApiError('not-found');
  if (response.status === 429) return new ApiError('rate', retryAfter);
  return new ApiError(response.status < 500 ? 'request' : 'server', retryAfter);
}
