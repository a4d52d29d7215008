// @ts-check
// Outcomes and their numbers in words.

/**
 * A token by itself, with its spaces and line ends made visible; bytes as they are, "⟨E2 80⟩".
 * @param {string} label
 */
export const visible = (label) =>
  /^⟨[\dA-F ]+⟩$/.test(label)
    ? label
    : label.replaceAll('\n', '↵').replaceAll('\t', '⇥').replaceAll(' ', '␣') || '∅';

/**
 * `87.3 %`, `0.42 %`, `< 0.01 %`
 * @param {number} p a probability
 */
export function percent(p) {
  const c = p * 100;
  if (c >= 99.995 && c < 100) return '> 99.99 %';
  if (c > 0 && c < 0.01) return '< 0.01 %';
  return c > 0 ? `${c.toFixed(c < 9.95 ? 2 : 1)} %` : '0 %';
}

/**
 * What a distribution's V means. Each sentence is true of the numbers as they are printed.
 * @param {number[]} p
 * @param {string[]} names
 * @param {ArrayLike<number>} uncertainty H in bits, V in bits²
 * @param {ArrayLike<number>} peak the favourite's p, H and V where V is largest
 * @param {{ h: (bits: number) => string, v: (bits2: number) => string }} print
 */
export function spread(p, names, { 0: h, 1: v }, { 0: favourite, 2: most }, print) {
  const surprise = p.map((each) => (each ? print.h(-Math.log2(each)) : '–'));
  const live = surprise.filter((_, i) => p[i]);
  const first = Math.max(...p);
  if (first === 1) return 'Certain: nothing can surprise, and nothing varies.';
  if (parseFloat(print.v(v)) === 0) {
    if (parseFloat(print.h(h)) === 0) return 'All but certain: H and V round to 0.';
    if (live.every((each) => each === live[0]))
      return `A tie of ${live.length}: all surprise by the same ${live[0]}, so V is 0.`;
  }
  if (print.v(v) === print.v(most) && percent(first) === percent(favourite))
    return `The peak: ${p.length} outcomes can have no larger V.`;
  return `Surprise: ${names.map((name, i) => `${name} ${surprise[i]}`).join(', ')}. V is how much this varies.`;
}
