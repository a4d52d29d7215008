// @ts-check
// The end of a game: what the picks were worth.
/** @import { Score } from './score.js' */
import { make } from './make.js';
import { bits, FIELDS } from './words.js';

/**
 * @param {string[]} head
 * @param {(string | number)[][]} rows the first of each names it
 */
const table = (head, rows) =>
  make(
    'table',
    {},
    make('thead', {}, make('tr', {}, ...head.map((text) => make('th', { scope: 'col' }, text)))),
    make(
      'tbody',
      {},
      ...rows.map(([name, ...values]) =>
        make(
          'tr',
          {},
          make('th', { scope: 'row' }, String(name)),
          ...values.map((value) => make('td', {}, String(value))),
        ),
      ),
    ),
  );

/** @param {Score} result */
function verdict({ worst, quadrants, hits, count }) {
  if (!worst)
    return `You took the most probable word ${count} times in ${count}: you are the greedy sampler.`;
  const field = quadrants.find(({ quadrant }) => quadrant === worst);
  return `You took the most probable word ${hits} times in ${count}. You were furthest from it where there is ${FIELDS[worst].name} (often ${FIELDS[worst].often}): there your words cost ${bits(field?.lost ?? 0)} more than the most probable ones, on average.`;
}

/**
 * @param {Score} result
 * @returns {HTMLElement[]}
 */
export function summary(result) {
  const { count, hits, drawnHits, picked, drawn, most, entropy, quadrants } = result;
  const plain = (/** @type {number} */ x) => x.toFixed(2);
  return [
    make('p', { class: 'verdict' }, verdict(result)),
    make(
      'div',
      { class: 'tables' },
      table(
        ['words', 'most probable', 'mean cost, bits'],
        [
          ['yours', `${hits} of ${count}`, plain(picked)],
          ['the sampler’s', `${drawnHits} of ${count}`, plain(drawn)],
          ['the most probable', `${count} of ${count}`, plain(most)],
          ['drawn as probable', '', plain(entropy)],
        ],
      ),
      table(
        ['field', 'words', 'you above the least, bits'],
        quadrants.map(({ quadrant, count: words, lost }) => [
          FIELDS[quadrant].name,
          words,
          plain(lost),
        ]),
      ),
    ),
    make(
      'p',
      { class: 'small' },
      'A word of probability p costs −log₂ p bits. Fewer bits are closer to what the model expects, which is not the same as better text. Draws by the probabilities cost H on average.',
    ),
  ];
}
