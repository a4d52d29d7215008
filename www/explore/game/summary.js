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
  return `You took the most probable word ${hits} times in ${count}. You were furthest from it where there is ${FIELDS[worst].name} (often ${FIELDS[worst].often}): there your words cost ${bits(field?.lost ?? 0)} more on average.`;
}

/**
 * @param {Score} result
 * @returns {HTMLElement[]}
 */
export function summary(result) {
  const { count, hits, drawnHits, picked, drawn, most, entropy, quadrants } = result;
  return [
    make('p', { class: 'verdict' }, verdict(result)),
    table(
      ['', 'most probable', 'mean cost'],
      [
        ['you', `${hits} of ${count}`, bits(picked)],
        ['the sampler', `${drawnHits} of ${count}`, bits(drawn)],
        ['always the most probable', `${count} of ${count}`, bits(most)],
        ['draws by the probabilities', '', bits(entropy)],
      ],
    ),
    make(
      'p',
      { class: 'small' },
      'A word of probability p costs −log₂ p bits. Fewer bits are closer to what the model expects, not better text. The last line is the mean H of these moments.',
    ),
    table(
      ['field', 'words', 'your cost above the least'],
      quadrants.map(({ quadrant, count: words, lost }) => [
        FIELDS[quadrant].name,
        words,
        bits(lost),
      ]),
    ),
  ];
}
