// What this browser keeps of an account, sealed (docs/decisions, "What a browser keeps"). Two kinds of rooms:
// what the server has too stays in memory, and on disk only when the person wants to read without a network;
// what the person wrote and the server does not have yet (OWN_ROOMS) is always written down.
// The key comes from the server with a session; it stays here only in the first case.

import { BYTES_MOST, excess, OWN_ROOMS, RECORD_BYTES_MOST } from './bounds';
import { database, type Row } from './database';
import { importKey, seal, unseal } from './seal';

const SETTLE_MS = 600;
const REMEMBERED_MOST = 400;
/** After so many new bytes the limits are looked at again. */
const TIDY_BYTES = BYTES_MOST / 20;

/** The one account whose mail is readable here without a network. */
interface Kept {
  account: string;
  key: CryptoKey;
}

class Local {
  #database = database;
  #account: string | null = null;
  #key: CryptoKey | null = null;
  #keeping = false;
  #memory = new Map<string, { room: string; id: string; value: unknown }>();
  #pending = new Map<string, { room: string; id: string; value: unknown }>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #fresh = TIDY_BYTES;
  #erasing: Promise<void> = Promise.resolve();

  constructor() {
    document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && void this.#flush());
  }

  /** True when mail stays readable here without a network. */
  get keeping(): boolean {
    return this.#keeping;
  }

  get unlocked(): boolean {
    return this.#key !== null;
  }

  /** Opens what is kept with the key that is kept; the account, or null when there is none. */
  async resume(): Promise<string | null> {
    const kept = await this.#database.fact<Kept>('kept');
    if (!kept) return null;
    this.#account = kept.account;
    this.#key = kept.key;
    this.#keeping = true;
    return kept.account;
  }

  /** 16 random bytes that this browser made for itself, in base64: the server makes the key for them. */
  async device(): Promise<string | null> {
    if (!('subtle' in crypto)) return null;
    const known = await this.#database.fact<string>('device');
    if (known) return known;
    const made = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
    return (await this.#database.setFact('device', made)) ? made : null;
  }

  /** Takes the account, before its key is known: what is kept of another one is erased. */
  async enter(account: string): Promise<void> {
    await this.#erasing;
    if (this.#account === account) return;
    if (this.#account) await this.erase();
    this.#account = account;
  }

  /** Takes the key that the server made for this account and device, in base64. */
  async unlock(key: string): Promise<void> {
    const bytes = Uint8Array.from(atob(key), (letter) => letter.charCodeAt(0));
    this.#key = await importKey(bytes);
    bytes.fill(0);
    await this.#flush();
  }

  /** Whether mail stays readable here; what is no longer wanted is erased at once. True when it is so. */
  async setKeeping(wanted: boolean): Promise<boolean> {
    if (!wanted) {
      this.#keeping = false;
      // Also what is there of a visit whose wish this browser forgot.
      const kept = await this.#database.fact<Kept>('kept');
      if (kept) await this.#eraseKept(kept.account);
      return true;
    }
    if (this.#keeping || !this.#account || !this.#key) return this.#keeping;
    this.#keeping = await this.#database.setFact('kept', { account: this.#account, key: this.#key } satisfies Kept);
    if (this.#keeping) for (const [place, one] of this.#memory) this.#pending.set(place, one);
    await this.#flush();
    return this.#keeping;
  }

  /** Keeps what the server has too: in memory at once, and on disk soon when that is wanted. */
  keep(room: string, id: string, value: unknown): void {
    const place = `${room} ${id}`;
    this.#memory.delete(place);
    this.#memory.set(place, { room, id, value });
    if (this.#memory.size > REMEMBERED_MOST) this.#memory.delete(this.#memory.keys().next().value ?? '');
    if (!this.#keeping) return;
    this.#pending.set(place, { room, id, value });
    this.#timer ??= setTimeout(() => void this.#flush(), SETTLE_MS);
  }

  /** Writes down what the person alone has; true once it is durable. */
  async hold(room: string, id: string, value: unknown): Promise<boolean> {
    if (this.#account && this.#key) return this.#store([{ room, id, value }], this.#account, this.#key);
    this.#pending.set(`${room} ${id}`, { room, id, value });
    return false;
  }

  async recall<T>(room: string, id: string): Promise<T | null> {
    const known = this.#memory.get(`${room} ${id}`);
    if (known) return known.value as T;
    if (!this.#keeping || !this.#account || !this.#key) return null;
    const row = await this.#database.row([this.#account, room, id]);
    return row && ((await unseal(this.#key, [row.account, room, id], row)) as T | null);
  }

  /** One record of the person's own, as it is on the disk: another tab may have taken it up. */
  async own<T>(room: string, id: string): Promise<T | null> {
    if (!this.#account || !this.#key) return null;
    const row = await this.#database.row([this.#account, room, id]);
    return row && ((await unseal(this.#key, [this.#account, room, id], row)) as T | null);
  }

  /** Everything in a room of the person's own. */
  async all<T>(room: string): Promise<{ id: string; value: T }[]> {
    const [account, key] = [this.#account, this.#key];
    if (!account || !key) return [];
    const rows = await this.#database.rows(account, room);
    const opened = await Promise.all(rows.map(async (row) => ({ id: row.id, value: (await unseal(key, [account, room, row.id], row)) as T | null })));
    return opened.flatMap(({ id, value }) => (value === null ? [] : [{ id, value }]));
  }

  /** Looks at everything that is kept in a room: where `revise` makes another record of it, that one is kept. */
  async review<T>(room: string, revise: (value: T) => T): Promise<void> {
    const known = [...this.#memory.values()].filter((one) => one.room === room);
    const stored = (await this.all<T>(room)).filter(({ id }) => !known.some((one) => one.id === id));
    for (const { id, value } of [...known, ...stored]) {
      const revised = revise(value as T);
      if (revised !== value) this.keep(room, id, revised);
    }
    await this.#flush();
  }

  /** Forgets what is kept in a room, but for these. */
  async retain(room: string, ids: ReadonlySet<string>): Promise<void> {
    const goes = (one: { room: string; id: string }) => one.room === room && !ids.has(one.id);
    for (const places of [this.#memory, this.#pending]) for (const [place, one] of places) if (goes(one)) places.delete(place);
    if (!this.#account) return;
    const keys = (await this.#database.weights(this.#account)).map(({ key }) => key);
    await this.#database.remove(keys.filter(([, at, id]) => goes({ room: at, id })));
  }

  async forget(room: string, id: string): Promise<void> {
    this.#memory.delete(`${room} ${id}`);
    this.#pending.delete(`${room} ${id}`);
    if (this.#account) await this.#database.remove([[this.#account, room, id]]);
  }

  /** The session is over: what was kept is erased, and what the person alone has stays sealed without its key. */
  erase(): Promise<void> {
    const account = this.#account;
    this.#memory.clear();
    this.#pending.clear();
    this.#account = this.#key = null;
    this.#keeping = false;
    if (account) this.#erasing = this.#erasing.then(() => this.#eraseKept(account));
    return this.#erasing;
  }

  async #eraseKept(account: string): Promise<void> {
    for (const [place, { room }] of this.#pending) if (!OWN_ROOMS.has(room)) this.#pending.delete(place);
    await this.#database.setFact('kept', null);
    const kept = (await this.#database.weights(account)).filter(({ key }) => !OWN_ROOMS.has(key[1]));
    await this.#database.remove(kept.map(({ key }) => key));
  }

  async #flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const [account, key] = [this.#account, this.#key];
    if (!account || !key || !this.#pending.size) return;
    const rows = [...this.#pending.values()];
    this.#pending.clear();
    await this.#store(rows, account, key);
  }

  async #store(values: { room: string; id: string; value: unknown }[], account: string, key: CryptoKey): Promise<boolean> {
    const rows: Row[] = [];
    for (const { room, id, value } of values) {
      const sealed = await seal(key, [account, room, id], value);
      const size = sealed.bytes.byteLength;
      if (size <= RECORD_BYTES_MOST) rows.push({ account, room, id, at: Date.now(), size, ...sealed });
    }
    // Erased meanwhile: what was on its way does not come back.
    if (account !== this.#account) return false;
    const stored = rows.length === values.length && (await this.#database.put(rows));
    this.#fresh += rows.reduce((sum, row) => sum + row.size, 0);
    if (!stored || this.#fresh > TIDY_BYTES) await this.#tidy(account, stored);
    return stored;
  }

  /** Drops the oldest beyond the limits, and half of everything when the disk is full. */
  async #tidy(account: string, stored: boolean): Promise<void> {
    this.#fresh = 0;
    const weights = await this.#database.weights(account);
    const bytes = weights.reduce((sum, one) => sum + one.size, 0);
    const gone = stored ? excess(weights) : excess(weights, Math.min(BYTES_MOST, bytes / 2));
    if (gone.length) await this.#database.remove(gone);
  }
}

export const local = new Local();
