// @ts-check
// What the game says.
/** @import { Quadrant } from './moments.js' */

/** Names of the rules, by their codes in traces. @type {Record<string, string>} */
export const RULES = {
  LELV: 'argmax',
  HELV: 'insert',
  LEHV: 'branch',
  HEHV: 'resample',
  ADAPTIVE: 'adaptive',
};

/** @type {Record<Quadrant, { name: string, often: string }>} */
export const FIELDS = {
  LELV: { name: 'low H, low V', often: 'one word, or very few, hold nearly everything' },
  LEHV: { name: 'low H, high V', often: 'a clear favourite over a long tail' },
  HELV: { name: 'high H, low V', often: 'a few words that are about equal' },
  HEHV: { name: 'high H, high V', often: 'many words, likely and unlikely' },
};

/** @param {number} x */
export const bits = (x) => `${x.toFixed(2)} bits`;

/** @param {number} p */
export function percent(p) {
  if (p < 0.0001) return '< 0.01 %';
  return `${(100 * p).toFixed(p < 0.0995 ? 2 : 1)} %`;
}

/**
 * A word on offer. One that continues the last without a blank begins with an ellipsis.
 * @param {string} label
 * @param {string} before the text so far
 */
export function shown(label, before) {
  const joins = /\S$/.test(before) && /^[\p{L}\p{N}]/u.test(label);
  return `${joins ? '…' : ''}${label.trim()}`;
}

/**
 * The end of a text, from a word's beginning on.
 * @param {string} text
 * @param {number} most characters
 */
export const tail = (text, most) =>
  text.length <= most ? text : `… ${text.slice(-most).replace(/^\S*\s+/, '')}`;
