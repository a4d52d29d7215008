// @ts-check
// What picks were worth. Everything is counted in bits of surprisal: a word of probability p costs −log₂ p.
import { QUADRANTS } from './moments.js';

/** @typedef {import('./moments.js').Quadrant} Quadrant */
/**
 * @typedef {object} Pick
 * @property {Quadrant} quadrant
 * @property {number} h of the distribution, in bits
 * @property {number} picked probability of the reader's word
 * @property {number} drawn of the word that the sampler drew
 * @property {number} most of the most probable word
 */
/**
 * @typedef {object} Score
 * @property {number} count
 * @property {number} hits picks that were the most probable word
 * @property {number} drawnHits draws that were
 * @property {number} picked mean cost of the reader's words, in bits
 * @property {number} drawn of the sampler's
 * @property {number} most of the most probable words
 * @property {number} entropy mean H, in bits: what drawing by the probabilities costs on average
 * @property {{ quadrant: Quadrant, count: number, lost: number }[]} quadrants `lost`: how many bits the
 *   reader's words cost more than the most probable ones, on average
 * @property {Quadrant | null} worst the quadrant with most lost; null if nothing was
 */

/** @param {number} p */
export const cost = (p) => -Math.log2(p);

/** @param {number[]} numbers */
const mean = (numbers) => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;

/**
 * @param {Pick[]} picks
 * @returns {Score}
 */
export function score(picks) {
  const lost = (/** @type {Pick} */ { picked, most }) => cost(picked) - cost(most);
  const quadrants = QUADRANTS.flatMap((quadrant) => {
    const here = picks.filter((pick) => pick.quadrant === quadrant);
    return here.length ? [{ quadrant, count: here.length, lost: mean(here.map(lost)) }] : [];
  });
  const worst = quadrants.reduce((a, b) => (b.lost > a.lost ? b : a));
  return {
    count: picks.length,
    hits: picks.filter(({ picked, most }) => picked === most).length,
    drawnHits: picks.filter(({ drawn, most }) => drawn === most).length,
    picked: mean(picks.map(({ picked }) => cost(picked))),
    drawn: mean(picks.map(({ drawn }) => cost(drawn))),
    most: mean(picks.map(({ most }) => cost(most))),
    entropy: mean(picks.map(({ h }) => h)),
    quadrants,
    worst: worst.lost > 0 ? worst.quadrant : null,
  };
}
