// Which screen is shown: a path behind the `#` of the address, so that a reload needs no server route,
// and so that neither ids nor the first-start token ever travel in a request or a Referer.

import type { Place } from '$lib/jmap/types';
import { labelOf, PLACES, type Where } from './where';

export type Panel = { kind: 'why' | 'fate'; messageId: string } | { kind: 'person'; contactId: string } | null;

/** What is open beside the list of people. */
export type PeoplePage = 'card' | 'edit' | 'merge' | 'new' | 'import';

export type Route =
  | { screen: 'list'; place: Where; query: string | null; conversationId: string | null; panel: Panel }
  | { screen: 'compose'; draftId: string | null }
  | { screen: 'drafts' }
  | { screen: 'people'; contactId: string | null; page: PeoplePage | null }
  | { screen: 'settings'; page: string | null }
  | { screen: 'welcome' }
  | { screen: 'recover' }
  | { screen: 'first-start'; token: string };

export function parse(hash: string): Route {
  const text = hash.replace(/^#\/?/, '');
  if (text.startsWith('first-start=')) return { screen: 'first-start', token: text.slice('first-start='.length) };
  const [head = '', ...rest] = text.split('/').map(decode);
  const query = head === 'search' ? (rest.shift() ?? '') : null;
  const [conversationId, panelKind, panelId] = rest;
  if (head === 'compose') return { screen: head, draftId: conversationId && conversationId !== 'new' ? conversationId : null };
  if (head === 'people') return peopleOf(conversationId, panelKind);
  if (head === 'settings') return { screen: head, page: conversationId || null };
  if (head === 'drafts' || head === 'welcome' || head === 'recover') return { screen: head };
  const place = PLACES.includes(head as Place) || labelOf(head as Where) ? (head as Where) : 'inbox';
  return { screen: 'list', place, query, conversationId: conversationId || null, panel: panelOf(panelKind, panelId) };
}

function peopleOf(id: string | undefined, page: string | undefined): Route {
  if (id === 'new' || id === 'import') return { screen: 'people', contactId: null, page: id };
  if (!id) return { screen: 'people', contactId: null, page: null };
  return { screen: 'people', contactId: id, page: page === 'edit' || page === 'merge' ? page : 'card' };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}

function panelOf(kind: string | undefined, id: string | undefined): Panel {
  if ((kind === 'why' || kind === 'fate') && id) return { kind, messageId: id };
  return kind === 'person' && id ? { kind, contactId: id } : null;
}

export const href = (place: Where, conversationId?: string | null, panel?: Panel): string => path([place], conversationId, panel);

/** A question, and what was opened of what it found. */
export const searchHref = (query: string, conversationId?: string | null, panel?: Panel): string => path(['search', query], conversationId, panel);

function path(parts: string[], conversationId?: string | null, panel?: Panel): string {
  if (conversationId) parts.push(conversationId);
  if (conversationId && panel) parts.push(panel.kind, panel.kind === 'person' ? panel.contactId : panel.messageId);
  return `#/${parts.map(encodeURIComponent).join('/')}`;
}

export const peopleHref = (id?: string | null, page?: 'edit' | 'merge'): string =>
  `#/${['people', id, page].filter(Boolean).map((part) => encodeURIComponent(part as string)).join('/')}`;

export const composeHref = (draftId: string | null): string => `#/compose/${draftId ?? 'new'}`;

export const settingsHref = (page?: string | null): string => (page ? `#/settings/${page}` : '#/settings');

class Router {
  route = $state.raw<Route>(parse(location.hash));
  #read = location.hash;

  constructor() {
    window.addEventListener('hashchange', () => this.#follow());
  }

  #follow(): void {
    if (location.hash === this.#read) return;
    this.#read = location.hash;
    this.route = parse(this.#read);
  }

  get place(): Where {
    return this.route.screen === 'list' ? this.route.place : 'inbox';
  }

  /** The question whose answers stand in the place of the list; null when none was asked. */
  get query(): string | null {
    return this.route.screen === 'list' ? this.route.query : null;
  }

  /** An address in the list, or among the answers, that is shown now. */
  here(conversationId?: string | null, panel?: Panel): string {
    return this.query === null ? href(this.place, conversationId, panel) : searchHref(this.query, conversationId, panel);
  }

  get conversationId(): string | null {
    return this.route.screen === 'list' ? this.route.conversationId : null;
  }

  get panel(): Panel {
    return this.route.screen === 'list' ? this.route.panel : null;
  }

  /** The route follows at once: the event comes later, and the next key may come before it. */
  go(hash: string): void {
    if (location.hash !== hash) location.hash = hash;
    this.#follow();
  }

  /** Goes somewhere without leaving the present address in the history. */
  replace(hash: string): void {
    history.replaceState(null, '', hash);
    this.#follow();
  }

  openPanel(panel: Panel): void {
    if (this.conversationId) this.go(this.here(this.conversationId, panel));
  }

  closePanel(): void {
    if (this.panel && this.conversationId) this.replace(this.here(this.conversationId));
  }
}

export const router = new Router();
