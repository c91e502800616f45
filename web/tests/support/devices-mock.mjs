// The mock's devices (docs/api, "A device signs"): what a browser enrols with, the proofs that it sends, and the sealing
// of the first answer to it (HPKE, RFC 9180, written here once more so that the application is not checked by itself).

import { createHmac, webcrypto } from 'node:crypto';

const { subtle } = webcrypto;
const POINT = { name: 'ECDH', namedCurve: 'P-256' };
const KEM = Buffer.concat([Buffer.from('KEM'), Buffer.from([0, 0x10])]);
const SUITE = Buffer.concat([Buffer.from('HPKE'), Buffer.from([0, 0x10, 0, 1, 0, 2])]);

const hmac = (key, ...parts) => createHmac('sha256', key).update(Buffer.concat(parts.map((part) => Buffer.from(part)))).digest();
const extract = (suite, salt, label, secret) => hmac(salt, 'HPKE-v1', suite, label, secret);
const expand = (suite, key, label, info, length) => hmac(key, [0, length], 'HPKE-v1', suite, label, info, [1]).subarray(0, length);

async function seal(recipient, purpose, words) {
  const ours = await subtle.generateKey(POINT, true, ['deriveBits']);
  const theirs = await subtle.importKey('raw', recipient, POINT, true, []);
  const encapsulated = Buffer.from(await subtle.exportKey('raw', ours.publicKey));
  const shared = await subtle.deriveBits({ name: 'ECDH', public: theirs }, ours.privateKey, 256);
  const secret = expand(KEM, extract(KEM, '', 'eae_prk', Buffer.from(shared)), 'shared_secret', Buffer.concat([encapsulated, recipient]), 32);
  const scheduled = extract(SUITE, secret, 'secret', '');
  const context = Buffer.concat([Buffer.from([0]), extract(SUITE, '', 'psk_id_hash', ''), extract(SUITE, '', 'info_hash', purpose)]);
  const key = await subtle.importKey('raw', expand(SUITE, scheduled, 'key', context, 32), 'AES-GCM', false, ['encrypt']);
  const sealed = await subtle.encrypt({ name: 'AES-GCM', iv: expand(SUITE, scheduled, 'base_nonce', context, 12) }, key, Buffer.from(words));
  return Buffer.concat([encapsulated, Buffer.from(sealed)]);
}

export class Devices {
  /** The keys of the session; null for one that is bound to nothing. */
  keys = null;
  /** What was asked for without a proof that holds. */
  unproved = [];
  all = [
    { id: 'e1', name: 'Chromium · Linux', createdAt: '2026-11-20T09:00:00.000Z', lastUsedAt: '2026-11-22T10:00:00.000Z', daysUsed: 3, isShared: false, isSignedIn: true, isCurrent: true, network: 'unknown', privacy: { score: 64, approximate: true, level: 4, formula: 1 } },
    { id: 'e2', name: 'Firefox · Android', createdAt: '2026-10-02T09:00:00.000Z', lastUsedAt: '2026-11-21T19:12:00.000Z', daysUsed: 31, isShared: false, isSignedIn: true, isCurrent: false, network: null, privacy: { score: 32, approximate: true, level: 3, formula: 1 } },
  ];

  enrol(device) {
    this.keys = device && { signing: Buffer.from(device.signingKey, 'base64'), agreement: Buffer.from(device.agreementKey, 'base64') };
    if (device) this.all[0].isShared = device.isShared;
  }

  /** Whether a request comes from the device of the session. `ahead` plays a clock that goes before ours, in seconds. */
  async proves(request, ahead = 0) {
    if (!this.keys) return true;
    const url = new URL(request.url, 'http://localhost');
    const inQuery = request.method === 'GET' ? url.searchParams.get('proof') : null;
    const [seconds, signature] = (request.headers['x-caliopen-proof'] ?? inQuery ?? '').split('.');
    const path = request.url.replace(/[?&]proof=[^&]*$/, '');
    const key = await subtle.importKey('raw', this.keys.signing, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
    const words = Buffer.from(`caliopen request 1\n${request.method}\n${path}\n${seconds}`);
    const holds = !!signature && (await subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, Buffer.from(signature, 'base64url'), words));
    const ok = holds && Math.abs(Number(seconds) - Date.now() / 1000 - ahead) <= 120;
    if (!ok) this.unproved.push(path);
    return ok;
  }

  seal = (words) => seal(this.keys.agreement, 'caliopen start 1', words);

  get({ ids }) {
    const list = this.all.filter((one) => ids === null || ids.includes(one.id));
    return { state: '1', list, notFound: [] };
  }

  /** Why, as PrivacyReport/get says it. */
  report(id, language = 'en') {
    const one = this.all.find((device) => device.id === id);
    if (!one) return undefined;
    const words = { en: ['Key', 'A key that cannot leave it signs its sessions.', 'Network', 'One that nobody named yet.', 'Add a passkey: it shows that it is you.', 'You'], fr: ['Clé', 'Une clé qui ne peut pas en sortir signe ses sessions.', 'Réseau', 'Personne ne l’a encore nommé.', 'Ajoutez une clé d’accès : elle montre que c’est vous.', 'Vous'], it: ['Chiave', 'Una chiave che non può uscirne firma le sue sessioni.', 'Rete', 'Nessuno l’ha ancora indicata.', 'Aggiungi una passkey: mostra che sei tu.', 'Tu'] }[language];
    const points = [
      { component: 'key', label: words[0], axis: 'technical', points: 20, most: 20, known: true, reason: words[1], evidence: ['ES256'] },
      { component: 'network', label: words[2], axis: 'context', points: 10, most: 25, known: true, reason: words[3], evidence: [] },
    ];
    const raises = [{ who: 'you', whoLabel: words[5], axis: 'behaviour', action: words[4], projected: 59 }];
    return { id, privacy: one.privacy, levelWord: '', sentence: words[3], suspicious: false, readers: [], watchers: [], cap: null, caps: [], points, raises, formula: 1, assessedAt: '2026-11-22T10:00:00.000Z' };
  }

  set({ update = {}, destroy = [] }) {
    for (const [id, patch] of Object.entries(update)) Object.assign(this.all.find((one) => one.id === id), patch);
    this.all = this.all.filter((one) => !destroy.includes(one.id));
    return { updated: Object.fromEntries(Object.keys(update).map((id) => [id, null])), destroyed: destroy };
  }
}
