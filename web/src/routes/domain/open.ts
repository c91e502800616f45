// The page of a domain stands by itself: no session, nothing that is kept.

import { mount } from 'svelte';
import { preferredLocale, setLocale } from '$lib/i18n/index.svelte';
import DomainScreen from './DomainScreen.svelte';

export async function open(target: HTMLElement, domain: string): Promise<void> {
  await setLocale(preferredLocale());
  mount(DomainScreen, { target, props: { domain } });
}
