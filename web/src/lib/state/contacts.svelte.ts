// People as the user knows them: one when a card is opened, all when somebody is to be written to.

import { SvelteMap } from 'svelte/reactivity';
import { resultOf, type GetAnswer, type QueryAnswer } from '$lib/jmap/client';
import { ApiError } from '$lib/jmap/http';
import type { Contact, Person } from '$lib/jmap/types';
import { conversations } from './conversations.svelte';
import { askOrRecall } from './kept';
import { session } from './session.svelte';

const PAGE_CONTACTS = 500;
const CONTACTS_MOST = 50_000;
/** What lists and suggestions need; the rest comes with the card. */
export const BRIEF = ['id', 'name', 'suggestedName', 'displayName', 'note', 'state', 'handles', 'blocked', 'showsPictures', 'privacy'];
const WHOLE = [...BRIEF, 'fields', 'ways', 'conversations'];
const BY_ID = [{ property: 'id' }];

class Contacts {
  readonly byId = new SvelteMap<string, Contact>();
  state: string | null = null;
  /** Why not everybody could be had. */
  error = $state.raw<unknown>(null);
  #all: Promise<void> | null = null;
  #byHandle = $derived(new Map([...this.byId.values()].flatMap((contact) => contact.handles.map((handle) => [handle, contact] as const))));

  /** Who has an address, among those that are known here. */
  at(handle: string): Contact | undefined {
    return this.#byHandle.get(handle);
  }

  /** True once everybody was asked for: then the new ones are wanted too. */
  get complete(): boolean {
    return this.#all !== null;
  }

  /** Fetches everybody, once. What cannot be had is missing from the suggestions, and asked for again next time. */
  needAll(): Promise<void> {
    if (!this.#all) this.error = null;
    this.#all ??= this.#fetchAll().catch((cause: unknown) => {
      this.#all = null;
      if (!session.noticeEnd(cause)) this.error = cause;
    });
    return this.#all;
  }

  /** Fetches everybody anew, after many changed at once. */
  again(): Promise<void> {
    this.#all = null;
    return this.needAll();
  }

  async #fetchAll(): Promise<void> {
    const everybody = await askOrRecall('contacts', 'all', () => this.#ask());
    this.take(everybody);
  }

  async #ask(): Promise<GetAnswer<Contact>> {
    const all: GetAnswer<Contact> = { state: '', list: [], notFound: [] };
    for (let position = 0; position < CONTACTS_MOST; position += PAGE_CONTACTS) {
      const answers = await session.client?.call([
        ['Contact/query', { position, limit: PAGE_CONTACTS, sort: BY_ID }, 'q'],
        ['Contact/get', { '#ids': resultOf('q', 'Contact/query', '/ids'), properties: BRIEF }, 'g'],
      ]);
      if (!answers) throw new ApiError('network');
      const page = answers.read<GetAnswer<Contact>>('g');
      all.state ||= page.state;
      all.list.push(...page.list);
      if (answers.read<QueryAnswer>('q').ids.length < PAGE_CONTACTS) break;
    }
    return all;
  }

  take(answer: GetAnswer<Contact>): void {
    this.state ??= answer.state;
    // A list gives less than a card: what is known beyond it stays.
    for (const contact of answer.list) this.byId.set(contact.id, { ...this.byId.get(contact.id), ...contact });
  }

  /** What changed elsewhere. A card that is open is fetched whole. */
  async changed(created: string[], updated: string[], destroyed: string[]): Promise<void> {
    for (const id of destroyed) this.byId.delete(id);
    const ids = [...(this.complete ? created : []), ...updated.filter((id) => this.byId.has(id))];
    if (ids.length && session.client) this.take(await session.client.get<Contact>('Contact', ids));
  }

  async need(id: string): Promise<Contact | null> {
    const known = this.byId.get(id);
    if (known?.ways || !session.client) return known ?? null;
    return this.fetch(id);
  }

  /** The whole card as the server has it now; null when it is gone. */
  async fetch(id: string): Promise<Contact | null> {
    const answer = await session.client?.get<Contact>('Contact', [id], { properties: WHOLE });
    if (answer?.notFound?.length) this.byId.delete(id);
    if (answer) this.take(answer);
    return this.byId.get(id) ?? null;
  }

  /** Shows what somebody is called now wherever they stand. */
  renamed(id: string): void {
    const name = this.byId.get(id)?.displayName;
    if (name) this.#rename(id, name);
  }

  /** Saves, and shows the new name wherever the person stands. */
  async update(id: string, change: Partial<Pick<Contact, 'name' | 'note' | 'blocked' | 'showsPictures'>>): Promise<void> {
    await session.client?.update('Contact', { [id]: change });
    const known = this.byId.get(id);
    if (!known) return;
    const next = { ...known, ...change };
    const displayName = next.name ?? next.suggestedName ?? known.displayName;
    this.byId.set(id, { ...next, displayName, state: 'name' in change ? 'confirmed' : next.state });
    if ('name' in change) this.#rename(id, displayName);
  }

  #rename(id: string, name: string): void {
    const rename = (person: Person) => (person.contactId === id ? { ...person, name } : person);
    for (const conversation of conversations.byId.values()) {
      if (!conversation.people.some((person) => person.contactId === id)) continue;
      conversations.byId.set(conversation.id, { ...conversation, people: conversation.people.map(rename) });
    }
  }

  clear(): void {
    this.byId.clear();
    this.error = null;
    this.#all = null;
    this.state = null;
  }
}

export const contacts = new Contacts();
