// @ts-check
// The moments of recorded answers at which a reader picks a word.
import { random, shuffled } from './random.js';

/**
 * A token of a trace, as far as it is read here (crates/protocol/trace.schema.json).
 * @typedef {object} Token
 * @property {string} text
 * @property {string} label
 * @property {number} p
 * @property {{ id: number, label: string, p: number }[]} top the most probable first
 * @property {{ token: number, quadrant: string | null, sentence: string,
 *   uncertainty: { entropy_bits: number, varentropy_bits2: number } }} decision
 */
/**
 * @typedef {object} Trace
 * @property {{ role: string, content: string }[]} messages
 * @property {{ preset?: string }} sampler
 * @property {Token[]} tokens
 */
/** @typedef {{ id: number, label: string, p: number }} Candidate p at temperature 1, of the whole vocabulary */
/**
 * @typedef {object} Moment
 * @property {Token} token what was drawn here
 * @property {string} question
 * @property {string} before the answer so far
 * @property {Candidate[]} candidates in an order of chance; the drawn one is among them
 * @property {number} h in bits
 * @property {number} v in bits²
 * @property {Quadrant} quadrant
 */
/** @typedef {'LELV' | 'HELV' | 'LEHV' | 'HEHV'} Quadrant low or high entropy, low or high varentropy */
/** @typedef {{ h: number, v: number }} Cuts above them H (bits) and V (bits²) are high */

/** @type {Quadrant[]} */
export const QUADRANTS = ['LELV', 'LEHV', 'HELV', 'HEHV'];

/** Words offered at a moment. */
const OFFERED = 6;
/** Of each quadrant, at least. */
const EACH = 2;

/**
 * @param {{ h: number, v: number }} point
 * @param {Cuts} cuts
 */
export const quadrant = ({ h, v }, cuts) =>
  /** @type {Quadrant} */ (`${h > cuts.h ? 'H' : 'L'}E${v > cuts.v ? 'H' : 'L'}V`);

/** @param {number[]} numbers */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return (sorted[Math.floor(half)] + sorted[Math.ceil(half) - 1]) / 2;
}

/** @param {Token} token */
const point = ({ decision: { uncertainty } }) => ({
  h: uncertainty.entropy_bits,
  v: uncertainty.varentropy_bits2,
});

/**
 * Half of the recorded tokens have more than this, half have less.
 * @param {Trace[]} traces
 * @returns {Cuts}
 */
export function cuts(traces) {
  const points = traces.flatMap(({ tokens }) => tokens.map(point));
  return { h: median(points.map(({ h }) => h)), v: median(points.map(({ v }) => v)) };
}

/**
 * The most probable words and the drawn one, the most probable first.
 * @param {Pick<Token, 'label' | 'p' | 'top'> & { decision: { token: number } }} token
 * @returns {Candidate[]}
 */
export function offered({ top, decision, label, p }) {
  const most = top.slice(0, OFFERED);
  if (most.some(({ id }) => id === decision.token)) return most;
  return [...most.slice(0, OFFERED - 1), { id: decision.token, label, p }];
}

/**
 * Whether all words on offer can be told apart when they stand alone, and are words or marks.
 * @param {Candidate[]} candidates
 */
const readable = (candidates) =>
  candidates.every(({ label }) => /[\p{L}.,:;!?]/u.test(label)) &&
  new Set(candidates.map(({ label }) => label.trim())).size === OFFERED;

/**
 * So many moments of all traces, of each quadrant some, in the order of the answers: no moment gives
 * away what was drawn at one that follows.
 * @param {Trace[]} traces
 * @param {number} seed the same seed, the same moments
 * @param {number} count
 * @returns {Moment[]}
 */
export function moments(traces, seed, count) {
  const next = random(seed);
  const borders = cuts(traces);
  const all = traces.flatMap(({ messages, tokens }) => {
    let before = '';
    return tokens.map((token) => {
      const moment = {
        token,
        question: messages.at(-1)?.content ?? '',
        before,
        candidates: offered(token),
        ...point(token),
        quadrant: quadrant(point(token), borders),
      };
      before += token.text;
      return moment;
    });
  });
  const possible = shuffled(
    all.filter(({ candidates }) => readable(candidates)),
    next,
  );
  const first = QUADRANTS.flatMap((name) =>
    possible.filter((moment) => moment.quadrant === name).slice(0, EACH),
  );
  const rest = possible.filter((moment) => !first.includes(moment));
  return [...first, ...rest]
    .slice(0, count)
    .sort((a, b) => all.indexOf(a) - all.indexOf(b))
    .map((moment) => ({ ...moment, candidates: shuffled(moment.candidates, next) }));
}
