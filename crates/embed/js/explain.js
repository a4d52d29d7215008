// @ts-check
// The sampler's rules in words: where they hold, and which of them fills a triangle.
/** @import { Rule } from './types.js' */
import { make } from './make.js';
import { wasm } from './maths.js';

/** @typedef {Pick<import('./chart.js').Chart, 'h' | 'v' | 'limits'>} Ruled */

/**
 * Where each rule holds, by its name; of several the first.
 * @param {Ruled} chart
 */
function conditions(chart) {
  const { length, ...limits } = chart.limits();
  /** @type {(h: string, v: string, ...at: number[]) => string} */
  const where = (h, v, i, j) => `H ${h} ${chart.h(limits[i])}, V ${v} ${chart.v(limits[j])}`;
  // Of five, the medium H is for HEHV; of two, all say "up to" and "above".
  const [low, helv, lehv, hehv, lowV, highV] =
    length === 2 ? [0, 0, 0, 0, 1, 1] : length === 5 ? [0, 3, 3, 2, 1, 4] : [0, 1, 2, 3, 4, 5];
  const under = length === 2 ? '≤' : '<';
  const all = [
    where(under, under, low, lowV),
    where('>', under, helv, lowV),
    where(under, '>', lehv, highV),
    where('>', '>', hehv, highV),
    'all else; the temperature follows H and V',
  ];
  return all.slice(0, length === 2 ? 4 : 5);
}

/**
 * The rules, where they hold, and their colours if it is those that are seen, in a list.
 * @param {HTMLElement} list
 * @param {Ruled} chart
 * @param {Rule[]} rules those of the maths
 * @param {boolean} [painted]
 */
export function explain(list, chart, rules, painted = false) {
  const { length } = chart.limits();
  const lines = length
    ? conditions(chart).map((where, i) => {
        const { name, color } = rules[i];
        const line = make('li', {}, make('b', { textContent: name }), ` ${where}`);
        if (painted) line.prepend(make('i', { class: 'swatch' }));
        if (painted) /** @type {HTMLElement} */ (line.firstChild).style.background = color;
        return line;
      })
    : [make('li', { textContent: 'No thresholds are set: no rule holds anywhere.' })];
  const text = lines.map((line) => line.textContent).join();
  if (text !== list.dataset.text) list.replaceChildren(...lines);
  list.dataset.text = text;
}

/** Rows of points at which the rules are looked up. */
const ROWS = 60;

/**
 * The rule that fills the triangle but for specks, if one does.
 * @param {number[]} limits
 */
export function filling(limits) {
  /** @type {Record<string, number>} */
  const counts = {};
  let all = 0;
  for (let i = 0; i <= ROWS; i += 1) {
    for (let j = 0; i + j <= ROWS; j += 1) {
      const [h, v] = wasm.uncertainty([i, j, ROWS - i - j].map((each) => each / ROWS));
      const rule = wasm.rule_at(h, v, limits);
      counts[rule] = (counts[rule] ?? 0) + 1;
      all += 1;
    }
  }
  return Object.keys(counts).find((rule) => counts[rule] > 0.985 * all);
}
