// Signing in and out: the plain requests of docs/api, "Signing in". The session itself is an HttpOnly
// cookie; the token that the answers carry is for other programs and is dropped here.

import type { Shown } from '$lib/passkeys';
import { send } from './http';
import type { Locale, SignedIn } from './types';

interface AuthState {
  firstStart: boolean;
  language: Locale;
  languages: Locale[];
}

/** What is shown beside a password. */
export type Second = { code: string } | { passkey: Shown };

/** The public keys of this device, in base64; null where it has none. */
type Device = { signingKey: string; agreementKey: string; isShared: boolean } | null;

async function signedIn(path: string, body: unknown): Promise<SignedIn> {
  const answer = (await (await send(path, body)).json()) as SignedIn;
  const { accountId, address, language, recoveryCodeConfirmed, secondFactorEnded } = answer;
  return { accountId, address, language, recoveryCodeConfirmed, secondFactorEnded };
}

export const authState = async (): Promise<AuthState> => (await send('/auth/state')).json() as Promise<AuthState>;

export const firstStart = (token: string, address: string, password: string, language: Locale, device: Device) =>
  signedIn('/auth/first-start', { token, address, password, language, client: clientName(), device });

export const login = (address: string, password: string, device: Device, second?: Second) =>
  signedIn('/auth/login', { address, password, client: clientName(), device, ...second });

export const loginByPasskey = (shown: Shown, device: Device) => signedIn('/auth/passkey', { ...shown, client: clientName(), device });

export const recover = (address: string, code: string, password: string, device: Device) =>
  signedIn('/auth/recover', { address, code, new: password, client: clientName(), device });

export const logout = () => send('/auth/logout', {});

export const changePassword = (current: string, password: string) =>
  send('/auth/password', { current, new: password });

export const newRecoveryCode = async (password: string): Promise<string> => {
  const answer = (await (await send('/auth/recovery-code', { password })).json()) as { code: string };
  return answer.code;
};

/** The key of what this browser keeps, which `device` names (docs/api). */
export const deviceKey = async (device: string): Promise<string> => {
  const answer = (await (await send('/auth/device-key', { device })).json()) as { key: string };
  return answer.key;
};

export const confirmRecoveryCode = (code: string) => send('/auth/recovery-code/confirm', { code });

export const saveLanguage = (language: Locale) => send('/auth/language', { language });

/** A name for the list of sessions: browser and system, no more than the user could say themself. */
function clientName(): string {
  const agent = navigator.userAgent;
  const browsers: [RegExp, string][] = [[/Firefox\//, 'Firefox'], [/Edg\//, 'Edge'], [/Chrom(e|ium)\//, 'Chromium'], [/Safari\//, 'Safari']];
  const systems: [RegExp, string][] = [[/Android/, 'Android'], [/iPhone|iPad/, 'iOS'], [/Windows/, 'Windows'], [/Mac OS X/, 'macOS'], [/Linux/, 'Linux']];
  const named = (table: [RegExp, string][]) => table.find(([pattern]) => pattern.test(agent))?.[1];
  return [named(browsers) ?? 'Browser', named(systems)].filter(Boolean).join(' · ');
}
