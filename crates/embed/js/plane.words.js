// @ts-check
// What stands below the plane.
import { wasm } from './maths.js';
import { rules } from './rules.js';

/**
 * How many points fall under each rule, or what is possible at the point's H.
 * @param {import('./plane.js').Plane} plane
 * @param {[number, number] | null} point
 * @param {number[]} limits
 */
export function said(plane, point, limits) {
  const { tokens } = plane;
  if (tokens.length && limits.length) {
    const here = tokens.map(({ h, v }) => wasm.rule_at(h, v, limits));
    const counts = rules().map(
      ({ name }) => `${name} ${here.filter((each) => each === name).length}`,
    );
    return `Of ${tokens.length} tokens: ${counts.join(', ')}.`;
  }
  const range = point && wasm.range(Math.round(plane.n), point[0]);
  // As far as they are printed.
  const [low, high] = range ? [...range] : [];
  if (point && !(point[1] > low - 5e-4 && point[1] < high + 5e-4))
    return `${Math.round(plane.n).toLocaleString('en')} outcomes can’t have this H and V.`;
  if (point)
    return `At this H, ${Math.round(plane.n).toLocaleString('en')} outcomes allow V from ${plane.v(low)} to ${plane.v(high)}.`;
  const [p, h, v] = wasm.maximum(Math.round(plane.n));
  return `Blank is impossible. The largest V, ${plane.v(v)}, is at H = ${plane.h(h)}: ${(100 * p).toFixed(1)} % on one outcome, the rest shared equally.`;
}
