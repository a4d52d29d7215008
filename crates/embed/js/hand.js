// @ts-check
// What a hand does with a thing that can't be put anywhere.
/** @import { Drag } from './types.js' */
import { wasm } from './maths.js';

/** Ends of a temperature path, and steps between them. */
const COLDEST = 0.05;
const HOTTEST = 20;
const STEPS = 160;

/**
 * A drag that keeps its distance from the middle of what is dragged; a tap is none.
 * @param {ArrayLike<number>} pointer
 * @param {ArrayLike<number>} middle
 * @param {Drag} move
 * @returns {Drag}
 */
export function held({ 0: x0, 1: y0 }, { 0: x1, 1: y1 }, move) {
  let moved = false;
  return (x, y) => {
    moved ||= Math.hypot(x - x0, y - y0) > 3;
    return moved && move(x - x0 + x1, y - y0 + y1);
  };
}

/** @param {number} share of the way from the coldest to the hottest */
const temperature = (share) => COLDEST * (HOTTEST / COLDEST) ** share;

/**
 * How far a temperature is along the path, 0 to 1.
 * @param {number} temperature
 */
export const share = (temperature) =>
  Math.min(1, Math.max(0, Math.log(temperature / COLDEST) / Math.log(HOTTEST / COLDEST)));

/**
 * A drag along the temperature path of a distribution, to the place on it that is nearest.
 * @param {number[]} p
 * @param {(p: ArrayLike<number>) => ArrayLike<number>} place where a distribution lies, in px
 * @param {(temperature: number) => unknown} move
 * @returns {Drag}
 */
export function along(p, place, move) {
  const path = Array.from({ length: STEPS + 1 }, (_, i) =>
    place(wasm.heat(p, temperature(i / STEPS))),
  );
  return (x, y) => {
    let [best, least] = [0, Infinity];
    for (let i = 0; i < STEPS; i += 1) {
      const [{ 0: ax, 1: ay }, { 0: bx, 1: by }] = [path[i], path[i + 1]];
      const [dx, dy] = [bx - ax, by - ay];
      const length = dx * dx + dy * dy;
      const part = length && Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length));
      const away = Math.hypot(x - ax - part * dx, y - ay - part * dy);
      if (away < least) [best, least] = [i + part, away];
    }
    return move(temperature(best / STEPS));
  };
}

/**
 * Where a key leads in a row of things; undefined for other keys.
 * @param {string} key
 * @param {number} from −1: nowhere yet
 * @param {number} last
 * @returns {number | undefined}
 */
export function neighbour(key, from, last) {
  const [back, on] = [Math.max(0, from - 1), Math.min(last, from + 1)];
  return /** @type {Record<string, number>} */ ({
    ArrowLeft: back,
    ArrowDown: back,
    ArrowRight: on,
    ArrowUp: on,
    Home: 0,
    End: last,
  })[key];
}
