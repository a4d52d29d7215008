// `import type {} from 'entropix-elements/react'`: the elements in JSX.
import type * as React from 'react';
import type { Attributes, Heard } from './index.js';

type Intrinsic = {
  [N in keyof Attributes]: React.ClassAttributes<HTMLElementTagNameMap[N]> &
    Omit<React.HTMLAttributes<HTMLElementTagNameMap[N]>, keyof Attributes[N]> &
    Attributes[N] & {
      /** React 19 */
      onchange?: (event: Heard) => void;
      /** React 19 */
      oninput?: (event: Heard) => void;
    };
};

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements extends Intrinsic {}
  }
}
