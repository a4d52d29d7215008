// `import type {} from 'entropix-elements/vue'`: the elements in templates.
import type { DefineComponent, HTMLAttributes } from 'vue';
import type { Attributes, Heard } from './index.js';

type Components = {
  [N in keyof Attributes]: DefineComponent<
    Attributes[N] &
      Omit<HTMLAttributes, keyof Attributes[N] | 'onChange' | 'onInput'> & {
        onChange?: (event: Heard) => void;
        onInput?: (event: Heard) => void;
      }
  >;
};

declare module 'vue' {
  interface GlobalComponents extends Components {}
}
