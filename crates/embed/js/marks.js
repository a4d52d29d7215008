// @ts-check
// Tokens, decisions and numbers of a trace in words.
/** @import { Entry } from './types.js' */

/** What happened at a token, by the action of its decision: that alone wears a mark. Draws wear none. */
export const MARKS = /** @type {Record<string, string>} */ ({
  insert: 'inserted',
  branch: 'branched',
  resample: 'went back',
  given: 'put here',
});

/** What each mark of the sampler's says. What a person put there is known to that person. */
export const MEANINGS = /** @type {Record<string, string>} */ ({
  insert: 'the sampler put this in, the model did not say it',
  branch: 'several continuations were tried, the best was kept',
  resample: 'words were taken back, and this was drawn anew',
});

/**
 * Blanks before the word, the word, line ends after it. Blanks without a line end are a word.
 * @param {string} text
 */
export function parts(text) {
  if (text.trim()) return text.match(/^(\s*)(.*?)(\n*)$/s).slice(1);
  return text.includes('\n') ? ['', '', text] : ['', text, ''];
}

/**
 * A token for a screen reader.
 * @param {Entry} entry
 */
export function spoken({ label, decision }) {
  const { entropy_bits: h, varentropy_bits2: v } = decision.uncertainty;
  const word = label.trim() || (label.includes('\n') ? 'line break' : 'space');
  const mark = MARKS[decision.action];
  return `${word}, entropy ${h.toFixed(1)} bits, varentropy ${v.toFixed(1)} bits²${mark ? `, ${mark}` : ''}`;
}

/** @param {number} n */
export const thousands = (n) => n.toLocaleString('en');

/** @param {number} x */
export const quantity = (x) => x.toFixed(x && x < 0.1 ? 3 : 2);
