// @ts-check
// An answer as a whole: how uncertain it is, which colours it has, what the sampler did.
/** @import { Entry } from './types.js' */
import { COLOURS, family } from './legend.js';
import { MARKS } from './marks.js';

export class Summary {
  #entries = /** @type {Entry[]} */ ([]);
  #count = 0;
  /** Sums of H and V, and tokens by the name of their colour and mark. */
  #sums = { h: 0, v: 0 };
  #by = /** @type {Record<string, number>} */ ({});

  /**
   * Means of H in bits and V in bits², and how many tokens have which colour or mark; costs what is new.
   * @param {Entry[]} entries
   */
  of(entries) {
    if (entries !== this.#entries || entries.length < this.#count) {
      this.#entries = entries;
      this.#count = 0;
      this.#sums = { h: 0, v: 0 };
      this.#by = Object.fromEntries(
        [...Object.keys(COLOURS), ...Object.keys(MARKS)].map((name) => [name, 0]),
      );
    }
    for (; this.#count < entries.length; this.#count += 1) {
      const { uncertainty, action } = entries[this.#count].decision;
      this.#sums.h += uncertainty.entropy_bits;
      this.#sums.v += uncertainty.varentropy_bits2;
      this.#by[family(uncertainty)] += 1;
      if (action in MARKS) this.#by[action] += 1;
    }
    const count = Math.max(this.#count, 1);
    return { h: this.#sums.h / count, v: this.#sums.v / count, by: this.#by };
  }
}
