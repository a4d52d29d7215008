// @ts-check
// Words as they stand in lines.

/**
 * The word below (1) or above (-1) another: on the next line, nearest to the left edge of this one.
 * @param {Element[]} nodes
 * @param {number} from
 * @param {number} step
 */
export function beyond(nodes, from, step) {
  const box = (/** @type {number} */ index) => nodes[index].getBoundingClientRect();
  const here = box(from);
  let [best, least, line] = /** @type {number[]} */ ([from, Infinity]);
  for (let index = from + step; nodes[index]; index += step) {
    const { left, top } = box(index);
    if (Math.abs(top - here.top) < here.height / 2) continue;
    line ??= top;
    if (Math.abs(top - line) > here.height / 2) break;
    const distance = Math.abs(left - here.left);
    if (distance < least) [best, least] = [index, distance];
  }
  return best;
}
