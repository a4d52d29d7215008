// @ts-check
// Tokens, decisions and numbers of a trace in words.
/** @import { Decision, Entry, Rule } from './types.js' */

const PLAIN = 'plain draw';

/**
 * The mark of a decision: the name of the rule by which it was made, or of what else was done.
 * `rules` are those of the maths.
 * @param {Pick<Decision, 'action' | 'quadrant'>} decision
 * @param {Rule[]} rules
 */
export function rule({ action, quadrant }, rules) {
  const named = (/** @type {string} */ name) => rules.some((each) => each.name === name);
  // What was done there says more than where it was done.
  if ((action === 'insert' || action === 'resample') && named(action)) return action;
  return rules.find(({ code }) => code === quadrant)?.name ?? (named(action) ? action : 'plain');
}

/**
 * What such a mark means.
 * @param {string} mark
 * @param {Rule[]} rules
 */
function meaning(mark, rules) {
  const known = rules.find(({ name }) => name === mark);
  return known ? `${mark}: ${known.words}` : PLAIN;
}

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
 * @param {Rule[]} rules
 */
export function spoken({ label, decision }, rules) {
  const { entropy_bits: h, varentropy_bits2: v } = decision.uncertainty;
  const word = label.trim() || (label.includes('\n') ? 'line break' : 'space');
  return `${word}, entropy ${h.toFixed(1)} bits, varentropy ${v.toFixed(1)} bits², ${meaning(rule(decision, rules), rules)}`;
}

/** @param {number} n */
export const thousands = (n) => n.toLocaleString('en');

/** @param {number} x */
export const quantity = (x) => x.toFixed(x && x < 0.1 ? 3 : 2);
