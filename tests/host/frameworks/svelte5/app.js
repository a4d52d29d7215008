import { hydrate, mount } from 'svelte';

import App from './App.svelte';

export function start(target, first, heard, rendered) {
  (rendered ? hydrate : mount)(App, { target, props: { first, heard } });
}
