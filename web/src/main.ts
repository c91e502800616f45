// Where the application begins.

import { mount } from 'svelte';
import './styles/tokens.css';
import './styles/base.css';
import App from './App.svelte';
import { domainAsked } from '$lib/jmap/domains';
import { session } from '$lib/state/session.svelte';
import { start } from '$lib/state/start';

/** What is there sooner is shown without a logo before it. */
const LOGO_MS = 400;

const target = document.getElementById('app');
const domain = domainAsked(location.pathname);
if (domain !== null) {
  if (target) void import('./routes/domain/open').then(({ open }) => open(target, domain));
} else {
  start();
  const waited = new Promise((resolve) => setTimeout(resolve, LOGO_MS));
  if (target) void Promise.race([session.settled, waited]).then(() => mount(App, { target }));
}
