import { render as text } from 'svelte/server';

import App from './App.svelte';

export const render = (first) => text(App, { props: { first, heard: {} } }).body;
