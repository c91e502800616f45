// Opens what was sealed to this device: HPKE (RFC 9180), base mode, DHKEM(P-256, HKDF-SHA256), HKDF-SHA256,
// AES-256-GCM. WebCrypto has its parts, and not the whole.

type Bytes = Uint8Array<ArrayBuffer>;

/** An uncompressed point of P-256. */
const POINT_BYTES = 65;
const HASH_BYTES = 32;
const NONCE_BYTES = 12;

const text = (words: string): Bytes => new TextEncoder().encode(words);
function joined(...parts: Bytes[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
const VERSION = text('HPKE-v1');
/** The identifiers of §7: KEM 0x0010, KDF 0x0001, AEAD 0x0002. */
const KEM = joined(text('KEM'), new Uint8Array([0, 0x10]));
const SUITE = joined(text('HPKE'), new Uint8Array([0, 0x10, 0, 1, 0, 2]));
const NONE = new Uint8Array(0);

async function hmac(key: Bytes, words: Bytes): Promise<Bytes> {
  // HMAC fills a short key up with zeros; WebCrypto refuses an empty one.
  const imported = await crypto.subtle.importKey('raw', key.length ? key : new Uint8Array(HASH_BYTES), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, words));
}

/** LabeledExtract (§4). */
const extract = (suite: Bytes, salt: Bytes, label: string, secret: Bytes) => hmac(salt, joined(VERSION, suite, text(label), secret));

/** LabeledExpand (§4), of no more than one hash. */
async function expand(suite: Bytes, key: Bytes, label: string, info: Bytes, length: number): Promise<Bytes> {
  const words = joined(new Uint8Array([0, length]), VERSION, suite, text(label), info, new Uint8Array([1]));
  return (await hmac(key, words)).slice(0, length);
}

/** The words that were sealed for `purpose`. Throws when they were sealed to another key, or changed. */
export async function open(pair: CryptoKeyPair, purpose: string, sealed: Bytes): Promise<Bytes> {
  const encapsulated = sealed.slice(0, POINT_BYTES);
  const [theirs, ours] = await Promise.all([
    crypto.subtle.importKey('raw', encapsulated, { name: 'ECDH', namedCurve: 'P-256' }, false, []),
    crypto.subtle.exportKey('raw', pair.publicKey),
  ]);
  const shared = new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, pair.privateKey, 8 * HASH_BYTES));
  const [early, idHash, infoHash] = await Promise.all([
    extract(KEM, NONE, 'eae_prk', shared),
    extract(SUITE, NONE, 'psk_id_hash', NONE),
    extract(SUITE, NONE, 'info_hash', text(purpose)),
  ]);
  const secret = await extract(SUITE, await expand(KEM, early, 'shared_secret', joined(encapsulated, new Uint8Array(ours)), HASH_BYTES), 'secret', NONE);
  const context = joined(new Uint8Array([0]), idHash, infoHash);
  const [key, nonce] = await Promise.all([expand(SUITE, secret, 'key', context, HASH_BYTES), expand(SUITE, secret, 'base_nonce', context, NONCE_BYTES)]);
  const imported = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt']);
  return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonce }, imported, sealed.subarray(POINT_BYTES)));
}
