// The keys of this device (docs/api, "A device signs"). They are made here and no script can read them: what the browser
// asks for is signed with one, so that a stolen cookie alone opens nothing; what it asks for before any script runs is
// sealed to the other. Each account has keys of its own here, so that no server sees that two share a browser.

import type { Signer } from '$lib/jmap/http';
import { database } from './database';
import { open } from './hpke';

interface Keys {
  signing: CryptoKeyPair;
  agreement: CryptoKeyPair;
}

/** What a device says of itself when it signs in. */
export interface Enrolment {
  signingKey: string;
  agreementKey: string;
  isShared: boolean;
}

/** The keys of the account that is signed in here. */
const NOW = 'keys';
const START_PURPOSE = 'caliopen start 1';
/** A proof is used again for so long: the server takes it for two minutes. */
const PROOF_MS = 60_000;
const PROOFS_MOST = 50;

const base64 = (bytes: ArrayBuffer): string => btoa(String.fromCharCode(...new Uint8Array(bytes)));
const base64url = (bytes: ArrayBuffer): string => base64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

/** Where the keys for an account are found again: by its address, or by its id, which a passkey says. */
async function keysOf(account: string): Promise<string> {
  const name = new TextEncoder().encode(`caliopen device ${account.trim().toLowerCase()}`);
  return `keys ${base64(await crypto.subtle.digest('SHA-256', name))}`;
}

async function make(): Promise<Keys> {
  const [signing, agreement] = await Promise.all([
    crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']),
    crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits']),
  ]);
  return { signing, agreement };
}

class Enrolled implements Signer {
  /** Read at once: the first answer is waiting for it. */
  #keys: Promise<Keys | null> = 'subtle' in crypto ? database.fact<Keys>(NOW) : Promise.resolve(null);
  #ready = new Map<string, { proof: string; until: number }>();
  /** How far the server's clock is ahead of ours. */
  #aheadMs = 0;
  #isShared = false;

  /** The keys to sign in with. Null where a browser has none, or cannot keep them: the session is then bound to nothing. */
  async enrol(account: string, isShared: boolean): Promise<Enrolment | null> {
    if (!('subtle' in crypto)) return null;
    const name = await keysOf(account);
    const keys = (await database.fact<Keys>(name)) ?? (await make());
    // On a shared computer they go with the session.
    const kept = await Promise.all([database.setFact(NOW, keys), database.setFact(name, isShared ? null : keys)]);
    if (!kept.every(Boolean)) return null;
    this.#keys = Promise.resolve(keys);
    this.#isShared = isShared;
    this.#ready.clear();
    const [signing, agreement] = await Promise.all([crypto.subtle.exportKey('raw', keys.signing.publicKey), crypto.subtle.exportKey('raw', keys.agreement.publicKey)]);
    return { signingKey: base64(signing), agreementKey: base64(agreement), isShared };
  }

  /** Whose the keys are that just signed in: they are found again whichever way the person comes in next. */
  async belongTo(address: string, accountId: string): Promise<void> {
    const keys = await this.#keys;
    if (!keys || this.#isShared) return;
    for (const name of await Promise.all([keysOf(address), keysOf(accountId)])) await database.setFact(name, keys);
  }

  /** The session is over. */
  leave(): void {
    this.#keys = Promise.resolve(null);
    this.#ready.clear();
    void database.setFact(NOW, null);
  }

  clock(server: number): void {
    this.#aheadMs = server - Date.now();
  }

  forget(): void {
    this.#ready.clear();
  }

  ready(method: string, path: string): string | null {
    const known = this.#ready.get(`${method} ${path}`);
    return known && known.until > Date.now() ? known.proof : null;
  }

  async sign(method: string, path: string): Promise<string | null> {
    const keys = await this.#keys;
    if (!keys) return null;
    const seconds = Math.round((Date.now() + this.#aheadMs) / 1000);
    const words = new TextEncoder().encode(`caliopen request 1\n${method}\n${path}\n${seconds}`);
    const proof = `${seconds}.${base64url(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, keys.signing.privateKey, words))}`;
    if (this.#ready.size >= PROOFS_MOST) this.#ready.clear();
    this.#ready.set(`${method} ${path}`, { proof, until: Date.now() + PROOF_MS });
    return proof;
  }

  async open(sealed: ArrayBuffer): Promise<string> {
    const keys = await this.#keys;
    if (!keys) throw new Error('sealed to another device');
    return new TextDecoder().decode(await open(keys.agreement, START_PURPOSE, new Uint8Array(sealed)));
  }
}

export const enrolled = new Enrolled();
