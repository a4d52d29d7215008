// What elements have beside their attributes, by name.
import type { Entry, Evaluation, Recording } from './types.js';

export interface Members {
  'varentropy-curve': object;
  'varentropy-triangle': {
    /** The three most probable are shown, renormalised; `h` in bits, `v` in bits². */
    set distribution(token: { top: { label: string; p: number }[]; h: number; v: number } | null);
    get distribution(): number[];
  };
  'varentropy-plane': {
    /** In bits and bits²; instead of `points`. */
    tokens: { h: number; v: number; rule?: string }[];
  };
  'entropix-tint': object;
  'entropix-inspector': object;
  'entropix-markdown': object;
  'entropix-tokens': {
    entries: Entry[];
    append(entry: Entry): void;
    /** Takes back all but the first `count` tokens. */
    retract(count: number): void;
    selected: number | null;
    /** Index of the end-of-generation token. */
    end: number | null;
    /** Whether more tokens will come. */
    busy: boolean;
    readonly shown: number | null;
  };
  'entropix-results': {
    /** Published results, instead of those at `src`. */
    results: Evaluation | null;
  };
  'entropix-trace': {
    trace: Recording | null;
    /** Number of tokens shown. */
    readonly position: number;
    play(): void;
    pause(): void;
    seek(count: number): void;
  };
}
