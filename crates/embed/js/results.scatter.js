// @ts-check
// Points with an interval upwards each; their names stand beside them, one below the other.
/** @import { Interval } from './types.js' */
import { make } from './make.js';
import { ticks } from './results.intervals.js';

/** The least height of the picture, and the room around what is drawn, in em. */
const [HEIGHT, LEFT, TOP, BOTTOM] = [20, 2.6, 0.8, 2.8];
/** Of the names at the right, and of one of their lines, in em. */
const [NAMES, LINE] = [11.5, 1.2];
/** Below this width in em, numbers stand at the right, and their names in a list. */
const NARROW = 33;

/**
 * @param {object} picture
 * @param {string} picture.caption
 * @param {string} picture.x
 * @param {string} picture.y
 * @param {import('./types.js').Room} picture.room
 * @param {boolean} [picture.diagonal] whether there is a line at which both are equal
 * @param {{ name: string, x: number, y: Interval, said: string }[]} picture.points
 */
export function scatter({ caption, x, y, room: { width, em }, points, diagonal = false }) {
  const narrow = width < NARROW * em;
  const [left, top, line] = [LEFT * em, TOP * em, LINE * em];
  const right = width - (narrow ? 2.2 : NAMES) * em;
  // Names need a line each.
  const bottom = top + Math.max((HEIGHT - TOP - BOTTOM) * em, points.length * line);
  const across = range(points.map((point) => point.x).concat(0));
  const up = range(points.flatMap((point) => [100 * point.y.low, 100 * point.y.high]));
  const at = (/** @type {number} */ value) =>
    left + ((right - em - left) * (value - across[0])) / (across[1] - across[0]);
  const height = (/** @type {number} */ value) =>
    top + (bottom - top) * (1 - (value - up[0]) / (up[1] - up[0]));
  const label = (/** @type {object} */ properties, /** @type {number} */ value) =>
    make('svg:text', { ...properties, textContent: +value.toFixed(6) });
  const [least, most] = [Math.max(across[0], up[0]), Math.min(across[1], up[1])];
  const back = [
    ...ticks(...up).flatMap((value) => [
      make('svg:line', {
        class: 'edge',
        x1: left,
        x2: right,
        y1: height(value),
        y2: height(value),
      }),
      label({ x: left - 0.5 * em, y: height(value) + 0.25 * em, 'text-anchor': 'end' }, value),
    ]),
    ...ticks(...across).map((value) =>
      label({ x: at(value), y: bottom + 1.2 * em, 'text-anchor': 'middle' }, value),
    ),
    make('svg:text', { x: right, y: bottom + 2.5 * em, 'text-anchor': 'end', textContent: x }),
    ...(diagonal && most > least
      ? [
          make('svg:line', {
            class: 'zero',
            x1: at(least),
            x2: at(most),
            y1: height(least),
            y2: height(most),
          }),
        ]
      : []),
  ];
  const places = beside(
    points.map((point) => height(100 * point.y.value)),
    { top, bottom, line },
  );
  const marks = points.flatMap((point, number) => {
    const [cx, cy] = [at(point.x), height(100 * point.y.value)];
    const end = places[number];
    return [
      make('svg:polyline', {
        class: 'lead',
        points: `${cx},${cy} ${right},${end} ${right + 0.5 * em},${end}`,
      }),
      make('svg:line', {
        class: 'bar',
        x1: cx,
        x2: cx,
        y1: height(100 * point.y.low),
        y2: height(100 * point.y.high),
      }),
      make('svg:circle', { cx, cy, r: 4.5 }),
      make('svg:text', {
        class: 'name',
        x: right + 0.75 * em,
        y: end + 0.25 * em,
        textContent: narrow ? number + 1 : point.name,
      }),
    ];
  });
  const all = points.map(({ name, said }) => `${name}: ${said}`);
  return make(
    'figure',
    {},
    make('figcaption', { textContent: caption }),
    make('p', { class: 'quiet', textContent: y }),
    make(
      'svg:svg',
      {
        class: 'scatter',
        width,
        height: bottom + BOTTOM * em,
        role: 'img',
        'aria-label': `${caption}. ${all.join('; ')}`,
      },
      ...back,
      ...marks,
    ),
    ...(narrow ? [make('ol', {}, ...all.map((textContent) => make('li', { textContent })))] : []),
  );
}

/**
 * Where names stand so that none covers another, each as near as can be to its place.
 * @param {number[]} places
 * @param {{ top: number, bottom: number, line: number }} room
 */
function beside(places, { top, bottom, line }) {
  const order = places.map((_, at) => at).sort((a, b) => places[a] - places[b]);
  const free = [...places];
  let last = top - line;
  for (const at of order) {
    free[at] = Math.max(free[at], last + line);
    last = free[at];
  }
  let next = bottom + line;
  for (const at of order.reverse()) {
    free[at] = Math.min(free[at], next - line);
    next = free[at];
  }
  return free;
}

/**
 * @param {number[]} values
 * @returns {[number, number]}
 */
function range(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = (high - low || 1) * 0.08;
  return [low === 0 ? 0 : low - room, high + room];
}
