// @ts-check
// What was taken back of an answer: its text stays with the token that came in its place.
/** @import { Entry } from './types.js' */
import { spoken } from './marks.js';

export class Struck {
  /** Taken back where the next token comes. */
  #waiting = '';
  /** What went before a token, by its index. */
  #texts = /** @type {Map<number, string>} */ (new Map());

  clear() {
    this.#waiting = '';
    this.#texts.clear();
  }

  /**
   * Tokens were taken back, from an index on, and with them what went before each and after the last.
   * @param {Entry[]} entries
   * @param {number} from
   * @param {string} unseen what followed them
   */
  take(entries, from, unseen) {
    let gone = '';
    for (const [i, { text }] of entries.entries()) {
      gone += (this.#texts.get(from + i) ?? '') + text;
      this.#texts.delete(from + i);
    }
    this.#waiting = gone + this.#waiting + unseen;
  }

  /**
   * A token came. Returns whether it is in the place of others.
   * @param {number} index
   */
  settle(index) {
    const text = this.#waiting;
    this.#waiting = '';
    if (text) this.add(index, text);
    return text !== '';
  }

  /**
   * @param {number} index of the token before which a text was taken back
   * @param {string} text
   */
  add(index, text) {
    this.#texts.set(index, (this.#texts.get(index) ?? '') + text);
  }

  /**
   * Attributes of a token that tell of it.
   * @param {Entry} entry
   * @param {number} index
   */
  attributes(entry, index) {
    const gone = this.#texts.get(index);
    const taken = gone === undefined ? '' : `, taken back before it: ${gone}`;
    return { 'data-gone': gone ?? null, 'aria-label': spoken(entry) + taken };
  }
}
