// People as the user knows them: one when a card is opened, all when somebody is to be written to.

import { SvelteMap } from 'svelte/reactivity';
import { resultOf, type GetAnswer, type QueryAnswer } from '$lib/jmap/client';
import { ApiError } from '$lib/jmap/http';
import type { Contact, Person } from '$lib/jmap/types';
import { conversations } from './conversations.svelte';
import { askOrRecall } from './kept';
import { session } from './session.svelte';

const PAGE_CONTACTS = 500;
const CONTACTS_MOST = 5_000;

class Contacts {
  readonly byId = new SvelteMap<string, Contact>();
  state: string | null = null;
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
    this.#all ??= this.#fetchAll().catch((cause: unknown) => {
      this.#all = null;
      session.noticeEnd(cause);
    });
    return this.#all;
  }

  async #fetchAll(): Promise<void> {
    const everybody = await askOrRecall('contacts', 'all', () => this.#ask());
    this.take(everybody);
  }

  async #ask(): Promise<GetAnswer<Contact>> {
    const all: GetAnswer<Contact> = { state: '', list: [], notFound: [] };
    for (let position = 0; position < CONTACTS_MOST; position += PAGE_CONTACTS) {
      const answers = await session.client?.call([
        ['Contact/query', { position, limit: PAGE_CONTACTS }, 'q'],
        ['Contact/get', { '#ids': resultOf('q', 'Contact/query', '/ids') }, 'g'],
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
    for (const contact of answer.list) this.byId.set(contact.id, contact);
  }

  async need(id: string): Promise<Contact | null> {
    const known = this.byId.get(id);
    if (known || !session.client) return known ?? null;
    this.take(await session.client.get<Contact>('Contact', [id]));
    return this.byId.get(id) ?? null;
  }

  /** Saves, and shows the new name wherever the person stands. */
  async update(id: string, change: Partial<Pick<Contact, 'name' | 'note' | 'blocked'>>): Promise<void> {
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
    this.#all = null;
    this.state = null;
  }
}

export const contacts = new Contacts();
