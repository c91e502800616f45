// Passkeys, the second factor and step-up, as docs/api has them.

import type { CreationOptions, RequestOptions, Shown } from '$lib/passkeys';
import { send } from './http';

export interface Passkey {
  id: string;
  name: string;
  createdAt: string;
  lastUsedAt: string | null;
  /** Whether it opens the account by itself. */
  canSignIn: boolean;
  /** Whether it is kept with other devices of its person, too. */
  isSynced: boolean;
  /** There are two of it: it is believed no more. */
  isCopied: boolean;
}

export interface SecondFactor {
  id: 'singleton';
  isOn: boolean;
  hasCodes: boolean;
}

/** What will do to step up. */
export interface StepUpWays {
  publicKey: RequestOptions | null;
  codes: boolean;
  recoveryCode: boolean;
}

/** The secret of an app for codes: as it is typed, and as it is read from a picture. */
export interface CodeSecret {
  secret: string;
  uri: string;
}

async function asked<T>(path: string, body: unknown): Promise<T> {
  return (await (await send(path, body)).json()) as T;
}

export const signInOptions = async () => (await asked<{ publicKey: RequestOptions }>('/auth/passkey/options', {})).publicKey;

/** Begins to add one: for who knows the password, or without it for who stepped up a moment ago. */
export const addOptions = async (password: string | null) => (await asked<{ publicKey: CreationOptions }>('/auth/passkeys/options', password === null ? {} : { password })).publicKey;

export const addPasskey = (name: string, made: Shown) => asked<{ id: string; canSignIn: boolean }>('/auth/passkeys', { name, ...made });

export const newCodeSecret = (password: string) => asked<CodeSecret>('/auth/second-factor/codes', { password });
export const confirmCodes = (code: string) => send('/auth/second-factor/codes/confirm', { code });
export const askForSecondFactor = (password: string, isOn: boolean) => send('/auth/second-factor', { password, isOn });

export const stepUpWays = () => asked<StepUpWays>('/auth/step-up/options', {});
export const endStepUp = () => send('/auth/step-up/end', {});
export const stepUpBy = (way: { passkey: Shown } | { code: string } | { recoveryCode: string }) => asked<{ until: string }>('/auth/step-up', way);
