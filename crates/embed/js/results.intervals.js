// @ts-check
// A table whose rows have an interval each, all drawn on one axis: what is drawn is said beside it.
/** @import { Interval } from './types.js' */
import { make } from './make.js';

/** @typedef {{ name: string, at: Interval, said: string, note?: string, strong?: boolean }} Row */

/**
 * @param {object} table
 * @param {string} table.caption
 * @param {string[]} table.columns of the names, of what is said, of the notes
 * @param {Row[]} table.rows
 * @param {number} table.reference where there is no difference
 * @param {number} [table.zone] how far from there it would not matter
 * @param {(value: number) => string} table.tick
 */
export function intervals({ caption, columns, rows, reference, zone = 0, tick }) {
  const ends = rows.flatMap(({ at }) => [at.low, at.high]);
  const low = Math.min(reference - zone, ...ends);
  const high = Math.max(reference + zone, ...ends);
  const room = (high - low || 1) * 0.06;
  const place = (/** @type {number} */ value) =>
    `${((100 * (value - low + room)) / (high - low + 2 * room)).toFixed(2)}%`;
  const line = (/** @type {string} */ kind, /** @type {number} */ at) =>
    make('svg:line', { class: kind, x1: place(at), x2: place(at), y1: 0, y2: '100%' });
  const drawn = (/** @type {Row} */ { at, strong }) =>
    make(
      'svg:svg',
      { 'aria-hidden': 'true' },
      ...(zone ? [line('edge', reference - zone), line('edge', reference + zone)] : []),
      line('zero', reference),
      make('svg:line', {
        class: 'bar',
        x1: place(at.low),
        x2: place(at.high),
        y1: '50%',
        y2: '50%',
      }),
      make('svg:circle', { class: strong ? 'sure' : '', cx: place(at.value), cy: '50%', r: 4.5 }),
    );
  const axis = make(
    'svg:svg',
    { 'aria-hidden': 'true', class: 'axis' },
    ...ticks(low, high).map((value) =>
      make('svg:text', {
        x: place(value),
        y: '70%',
        'text-anchor': 'middle',
        textContent: tick(value),
      }),
    ),
  );
  const [first, ...others] = columns.map((textContent) =>
    make('th', { scope: 'col', textContent }),
  );
  return make(
    'table',
    { class: 'intervals' },
    make('caption', { textContent: caption }),
    make('thead', {}, make('tr', {}, first, make('td', {}, axis), ...others)),
    make(
      'tbody',
      {},
      ...rows.map((row) =>
        make(
          'tr',
          {},
          make('th', { scope: 'row', textContent: row.name }),
          make('td', { class: 'drawn' }, drawn(row)),
          make('td', { class: 'said', textContent: row.said }),
          ...(columns.length > 2
            ? [
                make('td', {
                  class: row.strong ? 'note sure' : 'note',
                  textContent: row.note ?? '',
                }),
              ]
            : []),
        ),
      ),
    ),
  );
}

/**
 * Round numbers on an axis, three to six of them.
 * @param {number} low
 * @param {number} high
 */
export function ticks(low, high) {
  const rough = (high - low || 1) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((each) => each >= rough) ?? rough;
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, i) => (first + i) * step);
}
