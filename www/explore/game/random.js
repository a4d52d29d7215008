// @ts-check
// Chance that repeats: the same seed, the same numbers. A counter in steps of 2³²/φ through the integer hash
// of least bias that hash-prospector knows (github.com/skeeto/hash-prospector, issue 19).

/**
 * Numbers from 0 up to 1.
 * @param {number} seed
 */
export function random(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0xd35a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

/**
 * The same items in an order of chance (Fisher and Yates).
 * @template T
 * @param {readonly T[]} items
 * @param {() => number} next
 */
export function shuffled(items, next) {
  const all = [...items];
  for (let last = all.length - 1; last > 0; last -= 1) {
    const other = Math.floor(next() * (last + 1));
    [all[last], all[other]] = [all[other], all[last]];
  }
  return all;
}
