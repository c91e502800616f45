// IndexedDB, as few promises. It holds sealed records, and facts about this browser that say nothing of correspondence.
// Every failure is an answer (null, false): a private window, a full disk, another tab with a newer version.

import type { Sealed } from './seal';

const NAME = 'caliopen';
const VERSION = 1;
const RECORDS = 'records';
const FACTS = 'facts';
/** By account and age, with the size in the key: what to drop is known without reading it. */
const AGE = 'age';

export interface Row extends Sealed {
  account: string;
  room: string;
  id: string;
  /** When it was written, in milliseconds of the epoch. */
  at: number;
  size: number;
}

export interface Weight {
  key: [account: string, room: string, id: string];
  size: number;
}

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('the database refused')));
  });

const committed = (transaction: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    transaction.addEventListener('complete', () => resolve());
    for (const name of ['error', 'abort']) transaction.addEventListener(name, () => reject(transaction.error ?? new Error('the database refused')));
  });

function upgrade(database: IDBDatabase): void {
  const records = database.createObjectStore(RECORDS, { keyPath: ['account', 'room', 'id'] });
  records.createIndex(AGE, ['account', 'at', 'size']);
  database.createObjectStore(FACTS);
}

class Database {
  #open: Promise<IDBDatabase | null> | null = null;

  #database(): Promise<IDBDatabase | null> {
    this.#open ??= this.#connect().catch(() => null);
    return this.#open;
  }

  async #connect(): Promise<IDBDatabase> {
    const request = indexedDB.open(NAME, VERSION);
    request.addEventListener('upgradeneeded', () => upgrade(request.result));
    const database = await done(request);
    // A newer version in another tab goes first: this one goes on without a database.
    database.addEventListener('versionchange', () => {
      database.close();
      this.#open = Promise.resolve(null);
    });
    database.addEventListener('close', () => (this.#open = null));
    return database;
  }

  async #read<T>(store: string, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T | null> {
    try {
      const database = await this.#database();
      return database && (await done(ask(database.transaction(store).objectStore(store))));
    } catch {
      return null;
    }
  }

  /** True once it is durable. */
  async #write(store: string, change: (store: IDBObjectStore) => void): Promise<boolean> {
    try {
      const database = await this.#database();
      if (!database) return false;
      const transaction = database.transaction(store, 'readwrite');
      change(transaction.objectStore(store));
      await committed(transaction);
      return true;
    } catch {
      return false;
    }
  }

  async row(key: Weight['key']): Promise<Row | null> {
    return (await this.#read(RECORDS, (store) => store.get(key) as IDBRequest<Row | undefined>)) ?? null;
  }

  async rows(account: string, room: string): Promise<Row[]> {
    const range = IDBKeyRange.bound([account, room], [account, room, []]);
    return (await this.#read(RECORDS, (store) => store.getAll(range) as IDBRequest<Row[]>)) ?? [];
  }

  put(rows: readonly Row[]): Promise<boolean> {
    return this.#write(RECORDS, (store) => rows.forEach((row) => store.put(row)));
  }

  remove(keys: readonly Weight['key'][]): Promise<boolean> {
    return this.#write(RECORDS, (store) => keys.forEach((key) => store.delete(key)));
  }

  /** What an account keeps here, the oldest first. */
  async weights(account: string): Promise<Weight[]> {
    const found: Weight[] = [];
    const database = await this.#database();
    if (!database) return found;
    const range = IDBKeyRange.bound([account], [account, []]);
    const request = database.transaction(RECORDS).objectStore(RECORDS).index(AGE).openKeyCursor(range);
    return new Promise((resolve) => {
      request.addEventListener('error', () => resolve(found));
      request.addEventListener('success', () => {
        const cursor = request.result;
        if (!cursor) return resolve(found);
        found.push({ key: cursor.primaryKey as Weight['key'], size: (cursor.key as [string, number, number])[2] });
        cursor.continue();
      });
    });
  }

  async fact<T>(name: string): Promise<T | null> {
    return (await this.#read(FACTS, (store) => store.get(name) as IDBRequest<T | undefined>)) ?? null;
  }

  setFact(name: string, value: unknown): Promise<boolean> {
    return this.#write(FACTS, (store) => (value === null ? store.delete(name) : store.put(value, name)));
  }
}

export const database = new Database();
