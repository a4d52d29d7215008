// @ts-check
// Words as they stand in lines: where keys and fingers lead.

/**
 * The word below (1) or above (-1) another: on the next line, nearest to the left edge of this one.
 * @param {Element[]} nodes
 * @param {number} from
 * @param {number} step
 */
function beyond(nodes, from, step) {
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

/**
 * Where a key leads from a word; undefined for other keys.
 * @param {string} key
 * @param {Element[]} nodes
 * @param {number} from
 * @returns {number | undefined}
 */
export function led(key, nodes, from) {
  const last = nodes.length - 1;
  return /** @type {Record<string, () => number>} */ ({
    ArrowRight: () => Math.min(from + 1, last),
    ArrowLeft: () => Math.max(from - 1, 0),
    ArrowDown: () => beyond(nodes, from, 1),
    ArrowUp: () => beyond(nodes, from, -1),
    Home: () => 0,
    End: () => last,
    Enter: () => from,
    ' ': () => from,
  })[key]?.();
}

/** The least size of a target for a finger, in px. */
const TARGET = 32;

/**
 * The word that a finger means, or −1: of those whose box, made as large as a target, holds the place, the one with the
 * nearest middle.
 * @param {Element[]} nodes
 * @param {number} x in px of the window, as y
 * @param {number} y
 */
export function meant(nodes, x, y) {
  let [best, least] = [-1, Infinity];
  for (const [index, node] of nodes.entries())
    for (const { left, top, width, height } of node.getClientRects()) {
      const [across, down] = [Math.abs(left + width / 2 - x), Math.abs(top + height / 2 - y)];
      const away = Math.hypot(across, down);
      const inside = across <= Math.max(width, TARGET) / 2 && down <= Math.max(height, TARGET) / 2;
      if (inside && away < least) [best, least] = [index, away];
    }
  return best;
}
