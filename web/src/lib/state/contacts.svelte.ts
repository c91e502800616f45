// People as the user knows them: fetched when a card is opened.

import { SvelteMap } from 'svelte/reactivity';
import type { GetAnswer } from '$lib/jmap/client';
import type { Contact, Person } from '$lib/jmap/types';
import { conversations } from './conversations.svelte';
import { session } from './session.svelte';

class Contacts {
  readonly byId = new SvelteMap<string, Contact>();
  state: string | null = null;

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
    this.state = null;
  }
}

export const contacts = new Contacts();
