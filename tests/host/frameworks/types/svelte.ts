import type {} from 'entropix-elements/svelte';
import type { SvelteHTMLElements } from 'svelte/elements';

type Triangle = SvelteHTMLElements['varentropy-triangle'];
export const right: Triangle = {
  p: [0.7, 0.2, 0.1],
  labels: ['a', 'b', 'c'],
  locked: false,
  class: 'wide',
  onchange: (event) => event.detail.h,
};
// @ts-expect-error no such mode
export const wrong: Triangle = { mode: 'loud' };
