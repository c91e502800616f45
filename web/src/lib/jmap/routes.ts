// Route of docs/api: the ways that the user's messages can take, ranked.

import { resultOf, type Client, type GetAnswer } from './client';
import type { Contact, Explanation, Locale, Privacy } from './types';

export type RouteKind = 'end-to-end' | 'same-server' | 'proven' | 'encrypted' | 'not-seen' | 'clear' | 'advertising';

/** Ways that are alike. What is explained is the least private of them. */
export interface Route extends Explanation {
  kind: RouteKind;
  /** Who reads along, where that is what makes them alike. */
  service: string | null;
  contactCount: number;
  /** Some of them. */
  contactIds: string[];
  highest: Privacy;
}

export interface RouteAnswer {
  list: Route[];
  /** Contacts that somebody looked at, and those of them whom nothing would reach. */
  counted: number;
  notReached: number;
  /** False when there are more contacts than one answer looks at. */
  isComplete: boolean;
}

/** The routes, and the people whom they name. */
export async function askRoutes(client: Client, language: Locale, properties: string[]): Promise<{ routes: RouteAnswer; people: GetAnswer<Contact> }> {
  const answers = await client.call([
    ['Route/get', { language }, 'r'],
    ['Contact/get', { '#ids': resultOf('r', 'Route/get', '/list/*/contactIds'), properties }, 'c'],
  ]);
  return { routes: answers.read<RouteAnswer>('r'), people: answers.read<GetAnswer<Contact>>('c') };
}
