// Sealing what is kept in this browser: AES-GCM with 256 bits, under a key that no script can read. A record is bound to
// where it stands, so that none can be put in another's place.

const NONCE_BYTES = 12;

export interface Sealed {
  nonce: Uint8Array<ArrayBuffer>;
  bytes: ArrayBuffer;
}

/** A key of 32 bytes for this page: it seals and opens, and cannot be exported. */
export const importKey = (bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);

const placed = (place: readonly string[]): Uint8Array<ArrayBuffer> => new TextEncoder().encode(JSON.stringify(place));

export async function seal(key: CryptoKey, place: readonly string[], value: unknown): Promise<Sealed> {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const words = new TextEncoder().encode(JSON.stringify(value));
  const bytes = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce, additionalData: placed(place) }, key, words);
  return { nonce, bytes };
}

/** What was sealed there; null when it was sealed under another key, or elsewhere, or was changed. */
export async function unseal(key: CryptoKey, place: readonly string[], { nonce, bytes }: Sealed): Promise<unknown> {
  try {
    const words = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonce, additionalData: placed(place) }, key, bytes);
    return JSON.parse(new TextDecoder().decode(words)) as unknown;
  } catch {
    return null;
  }
}
