// Where the application begins.

import { mount } from 'svelte';
import './styles/tokens.css';
import './styles/base.css';
import App from './App.svelte';
import { start } from '$lib/state/start';

const target = document.getElementById('app');
if (target) mount(App, { target });
start();
