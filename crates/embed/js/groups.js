// @ts-check
// Elements of one group show one point; all copies of the script on a page have the same groups.

const shared = /** @type {Record<symbol, unknown>} */ (/** @type {unknown} */ (globalThis));
const GROUPS = Symbol.for('entropix.groups');
shared[GROUPS] ??= new Map();
const groups = /** @type {Map<string, Set<HTMLElement>>} */ (shared[GROUPS]);

/**
 * @param {string} group its name; one without a name is none
 * @param {HTMLElement} element
 */
export function join(group, element) {
  if (!group) return;
  if (!groups.has(group)) groups.set(group, new Set());
  groups.get(group).add(element);
}

/**
 * @param {string} group
 * @param {HTMLElement} element
 */
export const leave = (group, element) => groups.get(group)?.delete(element);

/**
 * @param {string} group
 * @param {HTMLElement} element
 */
export const others = (group, element) =>
  [...(groups.get(group) ?? [])].filter((each) => each !== element);
