// `import type {} from 'entropix-elements/svelte'`: the elements in markup.
import type { HTMLAttributes } from 'svelte/elements';
import type { Attributes, Heard } from './index.js';

type Elements = {
  [N in keyof Attributes]: Attributes[N] &
    Omit<HTMLAttributes<HTMLElementTagNameMap[N]>, keyof Attributes[N] | 'onchange' | 'oninput'> & {
      onchange?: (event: Heard) => void;
      oninput?: (event: Heard) => void;
    };
};

declare module 'svelte/elements' {
  interface SvelteHTMLElements extends Elements {}
}
