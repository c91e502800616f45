// What this browser does with passkeys (WebAuthn): makes one, shows one, and hands over the secret that it gives beside
// its signature. Options and answers travel as the standard writes them in JSON; the bytes in them are base64url.

import { ApiError } from '$lib/jmap/http';

/** A passkey as it goes to the server. `prf` is the secret; null from one that gives none. */
export interface Shown {
  credential: { id: string; rawId: string; type: string; response: Record<string, string> };
  prf: string | null;
}

interface Descriptor {
  type: 'public-key';
  id: string;
}

export interface RequestOptions {
  challenge: string;
  rpId: string;
  timeout: number;
  userVerification: UserVerificationRequirement;
  allowCredentials: Descriptor[];
  extensions: { prf: { eval: { first: string } } };
}

export interface CreationOptions {
  challenge: string;
  rp: { id: string; name: string };
  user: { id: string; name: string; displayName: string };
  pubKeyCredParams: PublicKeyCredentialParameters[];
  timeout: number;
  excludeCredentials: Descriptor[];
  authenticatorSelection: AuthenticatorSelectionCriteria;
  attestation: AttestationConveyancePreference;
  extensions: { prf: { eval: { first: string } } };
}

const bytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));

function text(value: BufferSource | null): string {
  if (!value) return '';
  const view = ArrayBuffer.isView(value) ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : new Uint8Array(value);
  return btoa(String.fromCharCode(...view)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

const listed = (descriptors: Descriptor[]): PublicKeyCredentialDescriptor[] => descriptors.map(({ type, id }) => ({ type, id: bytes(id) }));
const extensions = (asked: RequestOptions['extensions']): AuthenticationExtensionsClientInputs => ({ prf: { eval: { first: bytes(asked.prf.eval.first) } } });

/** Whether this page can use any: only on a name of its own, and only with https. */
export const passkeysWork = (): boolean => 'PublicKeyCredential' in window && isSecureContext && !/^[\d.]+$|^\[/.test(location.hostname);

/** Whether the browser offers them among the addresses that it fills in. */
export async function offersPasskeys(): Promise<boolean> {
  if (!passkeysWork() || !('isConditionalMediationAvailable' in PublicKeyCredential)) return false;
  return PublicKeyCredential.isConditionalMediationAvailable().catch(() => false);
}

function refused(cause: unknown): never {
  if (!(cause instanceof DOMException)) throw cause;
  // The authenticator has one for this account already; else the person chose none, or the browser gave up.
  throw new ApiError(cause.name === 'InvalidStateError' ? 'passkey-known' : 'passkey-none');
}

/** Shows one of those that the options allow. `offered`: among the addresses that the browser fills in, until it is called off. */
export async function showPasskey(options: RequestOptions, offered?: AbortSignal): Promise<Shown> {
  const publicKey: PublicKeyCredentialRequestOptions = {
    challenge: bytes(options.challenge),
    rpId: options.rpId,
    timeout: options.timeout,
    userVerification: options.userVerification,
    allowCredentials: listed(options.allowCredentials),
    extensions: extensions(options.extensions),
  };
  const asked: CredentialRequestOptions = offered ? { publicKey, mediation: 'conditional', signal: offered } : { publicKey };
  const shown = (await navigator.credentials.get(asked).catch(refused)) as PublicKeyCredential | null;
  if (!shown) throw new ApiError('passkey-none');
  const response = shown.response as AuthenticatorAssertionResponse;
  return told(shown, {
    clientDataJSON: text(response.clientDataJSON),
    authenticatorData: text(response.authenticatorData),
    signature: text(response.signature),
    ...(response.userHandle ? { userHandle: text(response.userHandle) } : {}),
  });
}

/** Makes one. An authenticator that gives its secret only when it signs is asked to sign at once. */
export async function makePasskey(options: CreationOptions): Promise<Shown> {
  const publicKey: PublicKeyCredentialCreationOptions = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: listed(options.excludeCredentials),
    extensions: extensions(options.extensions),
  };
  const made = (await navigator.credentials.create({ publicKey }).catch(refused)) as PublicKeyCredential | null;
  if (!made) throw new ApiError('passkey-none');
  const response = made.response as AuthenticatorAttestationResponse;
  const whole = told(made, { clientDataJSON: text(response.clientDataJSON), authenticatorData: text(response.getAuthenticatorData()) });
  const gives = made.getClientExtensionResults().prf?.enabled === true;
  return whole.prf || !gives ? whole : { ...whole, prf: await secretOf(made, options) };
}

/** The secret of a passkey that was just made. What it signs meanwhile goes nowhere. */
async function secretOf(made: PublicKeyCredential, { rp, timeout, extensions: asked }: CreationOptions): Promise<string | null> {
  const challenge = text(crypto.getRandomValues(new Uint8Array(32)));
  const allowCredentials: Descriptor[] = [{ type: 'public-key', id: text(made.rawId) }];
  const shown = showPasskey({ challenge, rpId: rp.id, timeout, userVerification: 'required', allowCredentials, extensions: asked });
  // Without it the passkey still shows that it is its person.
  return shown.then(({ prf }) => prf, () => null);
}

function told(credential: PublicKeyCredential, response: Record<string, string>): Shown {
  const secret = credential.getClientExtensionResults().prf?.results?.first;
  const { id, type } = credential;
  return { credential: { id, rawId: text(credential.rawId), type, response }, prf: secret ? text(secret) : null };
}

/** The account that a passkey says it is of: by it this browser finds the keys that it has for it. */
export const accountOf = ({ credential }: Shown): string => {
  const { userHandle } = credential.response;
  return userHandle ? new TextDecoder().decode(bytes(userHandle)) : '';
};
