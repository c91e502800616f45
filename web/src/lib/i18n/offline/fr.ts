// Ce qui se dit sans réseau, en français.
import type { Words } from '../index.svelte';
import type { offline as english } from './en';

export const offline: Words<typeof english> = {
  offline_now: 'Vous êtes hors ligne. Ce que vous écrivez attend.',
  offline_waits: { one: 'Vous êtes hors ligne. {count} chose attend le réseau.', many: 'Vous êtes hors ligne. {count} de choses attendent le réseau.', other: 'Vous êtes hors ligne. {count} choses attendent le réseau.' },
  version_new: 'Une nouvelle version est là.',
};
