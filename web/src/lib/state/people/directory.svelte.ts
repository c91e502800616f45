// Everybody in order of their names, found by any part of a name or an address, with the letters that they begin with.

import { locale } from '$lib/i18n/index.svelte';
import { address } from '$lib/i18n/format';
import type { Contact } from '$lib/jmap/types';
import { contacts } from '../contacts.svelte';

const OTHER_LETTER = '#';

/** Without case and accents, as people type. */
export const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** The letter that a name stands under. */
export function letterOf(name: string): string {
  const first = [...plain(name.trim())][0] ?? '';
  return /\p{L}/u.test(first) ? first.toUpperCase() : OTHER_LETTER;
}

/** Whether each word stands somewhere in what is known of somebody. */
export function matches(contact: Contact, words: string[]): boolean {
  if (!words.length) return true;
  const names = [contact.displayName, contact.suggestedName ?? '', ...contact.handles.map(address)];
  const text = plain(names.join('\n'));
  return words.every((word) => text.includes(word));
}

const wordsOf = (typed: string): string[] => plain(typed).split(/\s+/).filter(Boolean);

class Directory {
  /** What is typed in the field of the search. */
  typed = $state('');
  /** Also those whom the user never wrote to, named or edited. */
  everybody = $state(false);

  readonly sorted = $derived.by(() => {
    const { compare } = new Intl.Collator(locale(), { sensitivity: 'base', numeric: true });
    // Each name is looked at once, not at every comparison.
    const everybody = [...contacts.byId.values()].map((contact) => ({ contact, last: letterOf(contact.displayName) === OTHER_LETTER ? 1 : 0 }));
    const sorted = everybody.toSorted((a, b) => a.last - b.last || compare(a.contact.displayName, b.contact.displayName) || (a.contact.id < b.contact.id ? -1 : 1));
    return sorted.map(({ contact }) => contact);
  });
  readonly known = $derived(this.sorted.filter((contact) => contact.state === 'confirmed'));
  readonly shown = $derived.by(() => {
    const words = wordsOf(this.typed);
    return (this.everybody ? this.sorted : this.known).filter((contact) => matches(contact, words));
  });
  /** Each letter, and the row where it begins. */
  readonly letters = $derived.by(() => {
    const letters: { letter: string; row: number }[] = [];
    this.shown.forEach((contact, row) => {
      const letter = letterOf(contact.displayName);
      if (letters.at(-1)?.letter !== letter) letters.push({ letter, row });
    });
    return letters;
  });

  /** Others whom the words find, for choosing one. */
  others(than: string, typed: string, most: number): Contact[] {
    const words = wordsOf(typed);
    return this.sorted.filter((contact) => contact.id !== than && matches(contact, words)).slice(0, most);
  }
}

export const directory = new Directory();
