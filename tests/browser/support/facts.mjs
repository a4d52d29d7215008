// What essay and results may state, and whether what they print is true.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { FINDINGS } from './findings.mjs';

//
// A fact is `name arguments…`; it is worth [value, unit]. Probabilities need not add up to 1.

const traces = {};
export const trace = (name) =>
  (traces[name] ??= JSON.parse(
    readFileSync(new URL(`../../../www/traces/${name}.json`, import.meta.url), 'utf8'),
  ));
export const tokens = (names) => names.flatMap((name) => trace(name).tokens);

export const normal = (p) => {
  const sum = p.reduce((a, b) => a + b, 0);
  return p.map((x) => x / sum);
};
export const surprisal = (p) => -Math.log2(p);
/** Entropy in bits and varentropy in bits²; what can't happen does not count. */
export function hv(weights) {
  const live = normal(weights).filter((p) => p > 0);
  const h = live.reduce((sum, p) => sum + p * surprisal(p), 0);
  return [h, live.reduce((sum, p) => sum + p * (surprisal(p) - h) ** 2, 0)];
}
const entropy = (p) => hv(p)[0];
export const varentropy = (p) => hv(p)[1];
const atTemperature = (t, p) => normal(p).map((x) => x ** (1 / t));

/** The x in low…high at which f changes its sign. */
function root(f, low, high) {
  const negative = f(low) < 0;
  assert.notEqual(negative, f(high) < 0, 'a change of sign');
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2;
    if (f(middle) < 0 === negative) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
/** The x in low…high with the largest f, which has one hump there. */
function summit(f, low, high) {
  const golden = (Math.sqrt(5) - 1) / 2;
  for (let i = 0; i < 200; i++) {
    const [a, b] = [high - golden * (high - low), low + golden * (high - low)];
    if (f(a) < f(b)) low = a;
    else high = b;
  }
  return (low + high) / 2;
}
/** Simpson's rule. */
function integral(f, from, to, steps = 20_000) {
  const width = (to - from) / steps;
  let sum = f(from) + f(to);
  for (let i = 1; i < steps; i++) sum += f(from + i * width) * (i % 2 ? 4 : 2);
  return (sum * width) / 3;
}

/** One outcome with 1 − r, n − 1 others that share r: [H, V] without writing them all down. */
function spike(n, r) {
  const [first, other] = [surprisal(1 - r), surprisal(r / (n - 1))];
  const h = (1 - r) * first + r * other;
  return [h, (1 - r) * (first - h) ** 2 + r * (other - h) ** 2];
}
/** r where the spike's V is largest. That nothing beats a spike is tested below. */
const peak = (n) => summit((r) => spike(n, r)[1], 1e-9, 0.5);
export const largestV = (n) => spike(n, peak(n))[1];
/** Largest V at entropy h. */
export const ceiling = (n, h) =>
  spike(
    n,
    root((r) => spike(n, r)[0] - h, 1e-15, (n - 1) / n),
  )[1];
/** Smallest V at entropy h: k equal outcomes and one smaller. */
export function floor(n, h) {
  const k = Math.floor(2 ** h + 1e-9);
  if (Math.abs(k - 2 ** h) < 1e-9) return 0;
  assert.ok(k < n);
  const almostTie = (share) => [...Array(k).fill((1 - share) / k), share];
  return varentropy(almostTie(root((share) => entropy(almostTie(share)) - h, 1e-300, 1 / (k + 1))));
}
const fewest = (enough) => {
  let n = 2;
  while (!enough(n)) n++;
  return n;
};
const two = (p) => hv([p, 1 - p]);
/** Two outcomes: p between the peak and 1, or between ½ and the peak, where V is x. */
const outer = (x) => root((p) => two(p)[1] - x, 1 - peak(2), 1 - 1e-12);
const inner = (x) => root((p) => two(p)[1] - x, 0.5, 1 - peak(2));
/** How far from the corner (1, 0, 0) H and V stay below `low`, if the rest is split s : 1 − s. */
function reach(low, s) {
  const at = (q) => Math.max(...hv([1 - q, q * s, q * (1 - s)])) - low;
  return root(at, 1e-12, 0.02);
}

const threshold = (name) =>
  trace('larger-b').sampler[
    `${
      {
        'low-entropy': 'low_logits_entropy',
        'low-varentropy': 'low_logits_varentropy',
        'medium-entropy': 'medium_logits_entropy',
        'high-entropy': 'high_logits_entropy',
        'high-varentropy': 'high_logits_varentropy',
      }[name]
    }_threshold`
  ];
/** The rule that preset B applies at (H, V), in the order in which it tests them. */
export function rule(h, v) {
  if (h < threshold('low-entropy') && v < threshold('low-varentropy')) return 'LELV';
  if (h > threshold('high-entropy') && v < threshold('low-varentropy')) return 'HELV';
  if (h < threshold('high-entropy') && v > threshold('high-varentropy')) return 'LEHV';
  if (h > threshold('medium-entropy') && v > threshold('high-varentropy')) return 'HEHV';
  return 'ADAPTIVE';
}
export const point = ({ decision: { uncertainty } }) => [
  uncertainty.entropy_bits,
  uncertainty.varentropy_bits2,
];
const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return (sorted[Math.floor(half)] + sorted[Math.ceil(half) - 1]) / 2;
};
function correlation(pairs) {
  const mean = (numbers) => numbers.reduce((a, b) => a + b, 0) / numbers.length;
  const [x, y] = [0, 1].map((i) => mean(pairs.map((pair) => pair[i])));
  const sum = (f) => pairs.reduce((total, pair) => total + f(pair[0] - x, pair[1] - y), 0);
  return sum((a, b) => a * b) / Math.sqrt(sum((a) => a * a) * sum((_, b) => b * b));
}

/** What others have measured or set. The text names the source. */
export const QUOTED = {
  vocabulary: [49152, 'count'], // SmolLM2's tokenizer
  'pr-82-questions': [200, 'count'],
  'pr-82-without': [0.06, 'share'],
  'pr-82-with': [0.13, 'share'],
  'gsm8k-questions': [1319, 'count'],
  'issue-810': [0.417, 'share'],
};

export const FACTS = {
  /** A number that the text chooses. */
  given: (value) => [value, undefined],
  quoted: (name) => QUOTED[name],
  'surprisal-of': (p) => [surprisal(p), 'bits'],
  'h-of': (...p) => [entropy(p), 'bits'],
  'v-of': (...p) => [varentropy(p), 'bits2'],
  'spread-of': (...p) => [Math.sqrt(varentropy(p)), 'bits'],
  /** How far an outcome's surprisal lies from H. */
  away: (i, ...p) => [surprisal(normal(p)[i]) - entropy(p), 'bits'],
  'h-of-tie': (k) => [entropy(Array(k).fill(1)), 'bits'],
  /** Places with V = 0: the ways to choose which of n outcomes tie. */
  ties: (n) => [2 ** n - 1, 'count'],
  odds: (p) => [p / (1 - p), 'number'],
  'odds-at-v-max': () => [(1 - peak(2)) / peak(2), 'number'],
  'gap-at-v-max': () => [Math.log2((1 - peak(2)) / peak(2)), 'bits'],
  'v-max': (n) => [largestV(n), 'bits2'],
  'v-max-at': (n) => [1 - peak(n), 'share'],
  /** What each of the others has, there. */
  'v-max-others': (n) => [peak(n) / (n - 1), 'share'],
  'h-at-v-max': (n) => [spike(n, peak(n))[0], 'bits'],
  'v-max-ratio': (n, m) => [largestV(n) / largestV(m), 'number'],
  'v-max-rule': (n) => [Math.log2(n - 1) ** 2 / 4, 'bits2'],
  'bits2-per-nats2': () => [Math.LN2 ** -2, 'bits2'],
  'least-outcomes-for-v': (v) => [fewest((n) => largestV(n) > v), 'count'],
  'least-outcomes-for-h-v': (h, v) => [
    fewest((n) => Math.log2(n) > h && ceiling(n, h) > v),
    'count',
  ],
  'tie-with-h': (h) => [2 ** h, 'count'],
  'v-low': (n, h) => [floor(n, h), 'bits2'],
  'v-high': (n, h) => [ceiling(n, h), 'bits2'],
  /** H at which V has the most room, to a thousandth of a bit. */
  'widest-at': (n) => {
    const room = (h) => ceiling(n, h) - floor(n, h);
    const steps = Array.from(
      { length: Math.ceil(1000 * Math.log2(n)) - 1 },
      (_, i) => (i + 1) / 1000,
    );
    return [steps.reduce((best, h) => (room(h) > room(best) ? h : best)), 'bits'];
  },
  'two-inner': (v) => [inner(v), 'share'],
  'two-inner-low': (v) => [1 - inner(v), 'share'],
  'two-outer': (v) => [outer(v), 'share'],
  /** The same where V is this share of its peak. */
  'two-inner-share': (share) => [inner(share * largestV(2)), 'share'],
  'two-outer-share': (share) => [outer(share * largestV(2)), 'share'],
  'h-at-two-outer': (v) => [two(outer(v))[0], 'bits'],
  'line-below': (low) => [2 * root((q) => Math.max(...two(1 - q)) - low, 1e-12, 0.02), 'share'],
  'triangle-below': (low) => [
    3 * integral((s) => reach(low, s) ** 2, 1e-9, 1 - 1e-9, 400),
    'share',
  ],
  'h-at-t': (t, ...p) => [entropy(atTemperature(t, p)), 'bits'],
  'v-at-t': (t, ...p) => [varentropy(atTemperature(t, p)), 'bits2'],
  'h-gain': (t, ...p) => [entropy(atTemperature(t, p)) - entropy(p), 'bits'],
  'v-nats': (...p) => [varentropy(p) * Math.LN2 ** 2, 'nats2'],
  'dh-dlnt': (...p) => {
    const nats = (lnT) => entropy(atTemperature(Math.exp(lnT), p)) * Math.LN2;
    return [(nats(1e-4) - nats(-1e-4)) / 2e-4, 'nats'];
  },
  /** The area under V over ln T from here to infinity, with s = 1/T an integral over 0…1. */
  'v-area': (...p) => [
    integral((s) => varentropy(normal(p).map((x) => x ** s)) / s, 1e-9, 1) * Math.LN2,
    'bits',
  ],
  'h-deficit': (...p) => [Math.log2(p.length) - entropy(p), 'bits'],
  /** Chebyshev: the mass that stays within `a` bits of H. */
  'mass-within': (v, a) => [1 - v / a ** 2, 'share'],
  threshold: (name) => [threshold(name), name.endsWith('varentropy') ? 'bits2' : 'bits'],
  tokens: (...names) => [tokens(names).length, 'count'],
  'quadrant-count': (which, ...names) => [
    tokens(names).filter((token) => rule(...point(token)) === which).length,
    'count',
  ],
  'top-token-count': (...names) => [tokens(names).filter(({ rank }) => rank === 0).length, 'count'],
  /** What the rule passed on to the draw, every time it fired. */
  setting: (name, file, which) => {
    const fired = trace(file).tokens.filter(({ decision }) => decision.quadrant === which);
    const values = new Set(fired.map(({ decision }) => decision.parameters[name]));
    assert.equal(values.size, 1);
    return [[...values][0], 'number'];
  },
  candidates: (file) => [trace(file).sampler.n_adaptive_samples, 'count'],
  'token-p': (name, place, rank = 1) => [trace(name).tokens[place - 1].top[rank - 1].p, 'share'],
  'token-h': (name, place) => [point(trace(name).tokens[place - 1])[0], 'bits'],
  'token-v': (name, place) => [point(trace(name).tokens[place - 1])[1], 'bits2'],
  'token-place': (name, place) => {
    assert.ok(trace(name).tokens[place - 1]);
    return [place, 'count'];
  },
  'median-h': (...names) => [median(tokens(names).map((token) => point(token)[0])), 'bits'],
  'median-v': (...names) => [median(tokens(names).map((token) => point(token)[1])), 'bits2'],
  'largest-h': (...names) => [Math.max(...tokens(names).map((token) => point(token)[0])), 'bits'],
  'largest-v': (...names) => [Math.max(...tokens(names).map((token) => point(token)[1])), 'bits2'],
  'least-v-above-h': (h, ...names) => [
    Math.min(
      ...tokens(names)
        .map(point)
        .filter((pair) => pair[0] > h)
        .map((pair) => pair[1]),
    ),
    'bits2',
  ],
  'count-above-h': (h, ...names) => [
    tokens(names).filter((token) => point(token)[0] > h).length,
    'count',
  ],
  'largest-h-below-v': (v, ...names) => [
    Math.max(
      ...tokens(names)
        .map(point)
        .filter((pair) => pair[1] < v)
        .map((pair) => pair[0]),
    ),
    'bits',
  ],
  correlation: (...names) => [correlation(tokens(names).map(point)), 'number'],
  'standard-error': (p, n) => [Math.sqrt((p * (1 - p)) / n), 'points'],
  'standard-error-of-difference': (p, q, n) => [
    Math.sqrt((p * (1 - p) + q * (1 - q)) / n),
    'points',
  ],
  ...FINDINGS,
};

/** The value and unit of a fact, or an error that names it. */
export function fact(text) {
  const [name, ...words] = text.trim().split(/\s+/);
  assert.ok(Object.hasOwn(FACTS, name), `no fact is called "${name}"`);
  const worth = FACTS[name](
    ...words.map((word) => (Number.isNaN(Number(word)) ? word : Number(word))),
  );
  assert.ok(worth && Number.isFinite(worth[0]), `the fact "${text}" has no value`);
  return worth;
}
// ---- End of facts.

const WORDS = { none: 0 };
const UNITS = {
  bit: 'bits',
  bits: 'bits',
  'bits²': 'bits2',
  nats: 'nats',
  'nats²': 'nats2',
  '%': 'share',
  points: 'points',
  hours: 'hours',
};
/** `91.68 %` → 0.9168 with the half of its last digit, and what kind of number it is. */
function printed(text) {
  const clean = text.replace(/\s+/g, ' ').trim();
  if (Object.hasOwn(WORDS, clean)) return { value: WORDS[clean], half: 0 };
  const found = clean.match(/^(−?)(\d{1,3}(?:,\d{3})*|\d+)(\.\d+)?(?: (\S+))?$/);
  assert.ok(found, `"${clean}" is not a number`);
  const [, minus, whole, decimals = '', unit] = found;
  assert.ok(!unit || Object.hasOwn(UNITS, unit), `"${clean}" has an unknown unit`);
  const scale = unit === '%' || unit === 'points' ? 100 : 1;
  const value = (Number(whole.replaceAll(',', '') + decimals) * (minus ? -1 : 1)) / scale;
  return {
    value,
    half: (0.5 * 10 ** -Math.max(decimals.length - 1, 0)) / scale,
    unit: UNITS[unit],
  };
}

/** Is what stands in a <data> true, in its attribute and as it is printed? */
export function check({ name, value, text }) {
  const [truth, unit] = fact(name);
  const tag = `<data value="${value}" data-fact="${name}">${text}</data>`;
  const where = `${tag}, which is ${truth} ${unit ?? ''}`;
  assert.ok(
    value !== null &&
      value !== '' &&
      Math.abs(Number(value) - truth) <= 1e-7 * Math.abs(truth) + 1e-12,
    where,
  );
  const shown = printed(text);
  assert.ok(Math.abs(shown.value - truth) <= shown.half * (1 + 1e-6) + 1e-12, where);
  assert.ok(shown.value !== 0 || Math.abs(truth) < 1e-9, `${where}: not zero`);
  if (unit) assert.equal(shown.unit ?? unit, unit, where);
  if (unit && !['count', 'number'].includes(unit)) assert.equal(shown.unit, unit, where);
}
