// Passkeys, the second factor and step-up of docs/api, in memory. What authenticators sign is checked as a server does,
// with node's own cryptography. For development and tests only.

import { createHash, createHmac, createPublicKey, randomBytes, verify } from 'node:crypto';

const INPUT = Buffer.from('caliopen passkey 1').toString('base64url');
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const URI = `otpauth://totp/localhost:alice%40example.org?secret=${SECRET}&issuer=localhost&algorithm=SHA1&digits=6&period=30`;
/** The recovery code of the mock. */
const RECOVERY = 'K7QF-2M9X-PT4H-8WRC-V3ZD-6NJA';
const bytes = (text) => Buffer.from(text, 'base64url');

/** The code of an app that has the secret of the mock, `ahead` steps from now (RFC 6238). */
export function code(ahead = 0) {
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const tag = createHmac('sha1', '12345678901234567890').update(step).digest();
  const at = tag.at(-1) & 15;
  return String((tag.readUInt32BE(at) & 0x7fffffff) % 1e6).padStart(6, '0');
}

export class Passkeys {
  constructor(account, accountId) {
    this.account = account;
    this.accountId = accountId;
    this.all = [];
    this.second = { id: 'singleton', isOn: false, hasCodes: false };
    /** Until when the session is stepped up; null before. */
    this.steppedUp = null;
    this.asked = new Set();
  }

  /** One of each kind, and a second factor: for who looks at them. */
  pretend() {
    const one = (id, name, more) => ({ id, name, createdAt: '2026-10-02T09:00:00.000Z', lastUsedAt: '2026-11-21T19:00:00.000Z', canSignIn: true, isSynced: false, isCopied: false, credential: id, ...more });
    this.all = [one('y1', 'My laptop'), one('y2', 'Phone', { isSynced: true }), one('y3', 'Key on the ring', { canSignIn: false, lastUsedAt: null }), one('y4', 'The old one', { canSignIn: false, isCopied: true })];
    this.second = { id: 'singleton', isOn: true, hasCodes: true };
  }

  ask() {
    const challenge = randomBytes(32).toString('base64url');
    this.asked.add(challenge);
    return challenge;
  }

  extensions = () => ({ prf: { eval: { first: INPUT } } });

  request(ids) {
    return { challenge: this.ask(), rpId: 'localhost', timeout: 300_000, userVerification: 'required', allowCredentials: ids.map((id) => ({ type: 'public-key', id })), extensions: this.extensions() };
  }

  creation() {
    return {
      challenge: this.ask(), rp: { id: 'localhost', name: 'Caliopen' }, user: { id: Buffer.from(this.accountId).toString('base64url'), name: 'alice@example.org', displayName: 'alice@example.org' },
      pubKeyCredParams: [{ type: 'public-key', alg: -7 }], timeout: 300_000, excludeCredentials: this.all.map((one) => ({ type: 'public-key', id: one.credential })),
      authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' }, attestation: 'none', extensions: this.extensions(),
    };
  }

  /** What both ceremonies have in common; false when it is not to be believed. */
  believes(response, type, origin) {
    const said = JSON.parse(bytes(response.clientDataJSON));
    const data = bytes(response.authenticatorData);
    const isOurs = data.subarray(0, 32).equals(createHash('sha256').update('localhost').digest());
    return said.type === type && said.origin === origin && this.asked.delete(said.challenge) && isOurs && (data[32] & 5) === 5;
  }

  add({ name, credential, prf }, origin) {
    if (!this.believes(credential.response, 'webauthn.create', origin)) return null;
    const data = bytes(credential.response.authenticatorData);
    const id = data.subarray(55, 55 + data.readUInt16BE(53));
    const point = data.subarray(55 + id.length);
    const key = { kty: 'EC', crv: 'P-256', x: point.subarray(10, 42).toString('base64url'), y: point.subarray(45, 77).toString('base64url') };
    const one = { id: `y${this.all.length + 1}`, name, createdAt: '2026-11-22T10:00:00.000Z', lastUsedAt: null, canSignIn: !!prf, isSynced: false, isCopied: false, credential: id.toString('base64url'), key, prf };
    this.all.push(one);
    this.tell('Passkey', one.id, 'created');
    return { id: one.id, canSignIn: one.canSignIn };
  }

  /** The passkey that was shown, if it is one of ours. */
  shown({ credential }, origin) {
    const one = this.all.find(({ credential: id }) => id === credential.rawId);
    const { response } = credential;
    if (!one || !this.believes(response, 'webauthn.get', origin)) return null;
    const signed = Buffer.concat([bytes(response.authenticatorData), createHash('sha256').update(bytes(response.clientDataJSON)).digest()]);
    if (!verify('sha256', signed, createPublicKey({ key: one.key, format: 'jwk' }), bytes(response.signature))) return null;
    one.lastUsedAt = '2026-11-22T10:00:00.000Z';
    return one;
  }

  tell(type, id, kind) {
    this.account.record(type, id, kind);
    this.account.push();
  }

  choose(isOn) {
    this.second = { ...this.second, isOn, hasCodes: isOn && this.second.hasCodes };
    this.tell('SecondFactor', 'singleton', 'updated');
  }

  get(type, { ids }) {
    const told = ({ id, name, createdAt, lastUsedAt, canSignIn, isSynced, isCopied }) => ({ id, name, createdAt, lastUsedAt, canSignIn, isSynced, isCopied });
    const shown = type === 'SecondFactor' ? [this.second] : this.all.map(told);
    return { state: String(this.account.sequence), list: shown.filter(({ id }) => !ids || ids.includes(id)), notFound: [] };
  }

  set({ update = {}, destroy = [] }) {
    for (const [id, { name }] of Object.entries(update)) this.all.find((one) => one.id === id).name = name;
    const isLast = this.second.isOn && !this.second.hasCodes && this.all.length === destroy.length;
    if (isLast) return { updated: {}, destroyed: [], notDestroyed: Object.fromEntries(destroy.map((id) => [id, { type: 'forbidden' }])) };
    this.all = this.all.filter((one) => !destroy.includes(one.id));
    return { updated: Object.fromEntries(Object.keys(update).map((id) => [id, null])), destroyed: destroy, notUpdated: {}, notDestroyed: {} };
  }

  /** Whether what stands beside a right password will do: `undefined` when nothing does. */
  beside(asked, origin) {
    if (!this.second.isOn) return true;
    if (asked.code !== undefined) return this.second.hasCodes && asked.code === code();
    return asked.passkey && !!this.shown(asked.passkey, origin);
  }

  /** Answers a path of /auth; false for one that is not here. */
  answer(path, asked, { origin, password, json, none, problem, begun }) {
    const knows = asked.password === password;
    const deeds = {
      '/auth/passkey/options': () => json({ publicKey: this.request([]) }),
      '/auth/passkey': () => this.enter(asked, origin, { problem, begun }),
      '/auth/passkeys/options': () => (knows || this.steppedUp ? json({ publicKey: this.creation() }) : problem(401, 'credentials')),
      '/auth/passkeys': () => {
        const added = this.add(asked, origin);
        return added ? json(added) : problem(400, 'passkey');
      },
      '/auth/second-factor': () => {
        if (!knows) return problem(401, 'credentials');
        this.choose(asked.isOn);
        return none();
      },
      '/auth/second-factor/codes': () => (knows ? json({ secret: SECRET, uri: URI }) : problem(401, 'credentials')),
      '/auth/second-factor/codes/confirm': () => {
        if (asked.code !== code()) return problem(401, 'second-factor-wrong');
        this.second.hasCodes = true;
        this.choose(true);
        return none();
      },
      '/auth/step-up/options': () => json({ publicKey: this.all.length ? this.request(this.all.map((one) => one.credential)) : null, codes: this.second.hasCodes, recoveryCode: true }),
      '/auth/step-up/end': () => {
        this.steppedUp = null;
        this.account.gate.close();
        return none();
      },
      '/auth/step-up': () => this.stepUp(asked, origin, { json, problem }),
    };
    deeds[path]?.();
    return path in deeds;
  }

  enter(asked, origin, { problem, begun }) {
    const one = this.shown(asked, origin);
    if (one && !one.prf) return problem(401, 'passkey-only-confirms');
    return one && asked.prf === one.prf ? begun() : problem(401, 'credentials');
  }

  stepUp(asked, origin, { json, problem }) {
    const shown = asked.passkey ? this.shown(asked.passkey, origin) : asked.code ? asked.code === code() : asked.recoveryCode === RECOVERY;
    if (!shown) return problem(401, 'credentials');
    this.steppedUp = new Date(Date.now() + 900_000).toISOString();
    this.account.gate.open();
    return json({ until: this.steppedUp });
  }
}
