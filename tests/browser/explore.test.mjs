// The essay: what it says is true, and what it shows works.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';

import { Visitor, atSite } from './support/site.mjs';

// ---- Facts: everything the text may state, from the definitions alone.
//
// A fact is `name arguments…`; it is worth [value, unit]. Probabilities need not add up to 1.

const traces = {};
const trace = (name) =>
  (traces[name] ??= JSON.parse(
    readFileSync(new URL(`../../www/traces/${name}.json`, import.meta.url)),
  ));
const tokens = (names) => names.flatMap((name) => trace(name).tokens);

const normal = (p) => {
  const sum = p.reduce((a, b) => a + b, 0);
  return p.map((x) => x / sum);
};
const surprisal = (p) => -Math.log2(p);
/** Entropy in bits and varentropy in bits²; what can't happen does not count. */
function hv(weights) {
  const live = normal(weights).filter((p) => p > 0);
  const h = live.reduce((sum, p) => sum + p * surprisal(p), 0);
  return [h, live.reduce((sum, p) => sum + p * (surprisal(p) - h) ** 2, 0)];
}
const entropy = (p) => hv(p)[0];
const varentropy = (p) => hv(p)[1];
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
const largestV = (n) => spike(n, peak(n))[1];
/** Largest V at entropy h. */
const ceiling = (n, h) =>
  spike(
    n,
    root((r) => spike(n, r)[0] - h, 1e-15, (n - 1) / n),
  )[1];
/** Smallest V at entropy h: k equal outcomes and one smaller. */
function floor(n, h) {
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
function rule(h, v) {
  if (h < threshold('low-entropy') && v < threshold('low-varentropy')) return 'LELV';
  if (h > threshold('high-entropy') && v < threshold('low-varentropy')) return 'HELV';
  if (h < threshold('high-entropy') && v > threshold('high-varentropy')) return 'LEHV';
  if (h > threshold('medium-entropy') && v > threshold('high-varentropy')) return 'HEHV';
  return 'ADAPTIVE';
}
const point = ({ decision: { uncertainty } }) => [
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
const QUOTED = {
  vocabulary: [49152, 'count'], // SmolLM2's tokenizer
  'pr-82-questions': [200, 'count'],
  'pr-82-without': [0.06, 'share'],
  'pr-82-with': [0.13, 'share'],
  'gsm8k-questions': [1319, 'count'],
  'issue-810': [0.417, 'share'],
};

const FACTS = {
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
  'two-inner': (v) => [inner(v), 'share'],
  'two-inner-low': (v) => [1 - inner(v), 'share'],
  'two-outer': (v) => [outer(v), 'share'],
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
  /** The area under V over ln T from here to infinity (s = 1/T turns it into an integral over 0…1). */
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
};

/** The value and unit of a fact, or an error that names it. */
function fact(text) {
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
function check({ name, value, text }) {
  const [truth, unit] = fact(name);
  const where = `<data value="${value}" data-fact="${name}">${text}</data>, which is ${truth} ${unit ?? ''}`;
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

const here = atSite();

const CHARTS = 'varentropy-curve, varentropy-triangle, varentropy-plane, entropix-trace';
/** The essay, with what its charts have to complain about. */
async function open(options) {
  const visitor = await Visitor.open(
    here.browser,
    new URL('explore.html', here.site.url).href,
    options,
  );
  visitor.page.on('console', (message) => {
    if (['warning', 'error'].includes(message.type())) visitor.errors.push(message.text());
  });
  return visitor;
}
/** Scrolls to every chart and waits until it has drawn something in place of its fallback. */
async function startAll(visitor) {
  const charts = await visitor.page.locator(CHARTS).all();
  for (const chart of charts) {
    await chart.scrollIntoViewIfNeeded();
    await started(chart);
  }
  return charts.length;
}
const hasStarted = (chart) => {
  const inside = chart.shadowRoot;
  return (
    Boolean(inside?.childElementCount) &&
    !inside.querySelector('slot:not([name])') &&
    chart.offsetHeight > 60
  );
};
async function started(chart) {
  for (let i = 0; i < 100; i++) {
    if (await chart.evaluate(hasStarted)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(
    `${await chart.evaluate(({ outerHTML }) => outerHTML.split('>')[0])}> has not started`,
  );
}

describe('the facts themselves', () => {
  // A small generator: the same numbers every time.
  let state = 1;
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647;

  test('no distribution has a larger varentropy than a favourite over an even rest', () => {
    for (let n = 2; n <= 13; n++) {
      for (let start = 0; start < 6; start++) {
        // Climbs from a random place, each probability as exp(x).
        const x = Array.from({ length: n }, () => random() * 4);
        for (let step = 0, rate = 1; step < 3000; step++) {
          const p = normal(x.map(Math.exp));
          const [h, v] = hv(p);
          // dV/dx_i = p_i ((s_i − H)² − V − 2/ln 2 · (s_i − H))
          const uphill = p.map(
            (q) => q * ((surprisal(q) - h) ** 2 - v - (2 / Math.LN2) * (surprisal(q) - h)),
          );
          const next = x.map((value, i) => value + rate * uphill[i]);
          if (varentropy(next.map(Math.exp)) > v) next.forEach((value, i) => (x[i] = value));
          else if ((rate /= 2) < 1e-6) break;
        }
        const reached = varentropy(x.map(Math.exp));
        assert.ok(reached <= largestV(n) + 1e-9, `n = ${n}: ${reached} > ${largestV(n)}`);
        if (start === 0)
          assert.ok(reached > largestV(n) - 1e-3, `n = ${n}: the climb ends at ${reached}`);
      }
    }
  });

  test('the largest varentropy stays close above ¼ log²(n − 1)', () => {
    for (let n = 3; n < 1e12; n = Math.ceil(n * 1.5)) {
      const above = largestV(n) - FACTS['v-max-rule'](n)[0];
      assert.ok(above > 0 && above < FACTS['bits2-per-nats2']()[0], `n = ${n}: ${above}`);
    }
  });

  test('no distribution lies outside the edges', () => {
    for (const n of [3, 4, 6]) {
      for (let i = 0; i < 3000; i++) {
        const power = 1 + 8 * random();
        const [h, v] = hv(Array.from({ length: n }, () => random() ** power));
        if (h < 1e-6 || h > Math.log2(n) - 1e-6) continue;
        assert.ok(v <= ceiling(n, h) + 1e-9 && v >= floor(n, h) - 1e-9, `n = ${n}: (${h}, ${v})`);
      }
    }
  });

  test('the recorded decisions follow the rules, and their pairs are possible', () => {
    for (const token of tokens(['larger-b', 'sky-b']))
      assert.equal(rule(...point(token)), token.decision.quadrant);
    for (const token of tokens(['larger-b', 'sky-b', 'larger-greedy'])) {
      const [h, v] = point(token);
      assert.ok(
        v <= ceiling(QUOTED.vocabulary[0], h) && v >= floor(QUOTED.vocabulary[0], h),
        `(${h}, ${v})`,
      );
    }
  });

  test('wrong numbers are found', () => {
    const right = { name: 'v-max 2', value: '0.91419728', text: '0.914 bits²' };
    check(right);
    for (const wrong of [
      { text: '0.915 bits²' },
      { text: '0.914 bits' },
      { text: '0.914' },
      { value: '0.915' },
      { value: '' },
      { value: null },
      { name: 'v-maximum 2' },
      { name: 'v-max 3' },
      { text: 'about 0.914 bits²' },
    ]) {
      assert.throws(() => check({ ...right, ...wrong }), JSON.stringify(wrong));
    }
    assert.throws(() =>
      check({ name: 'triangle-below 0.1', value: '0.0000020969483', text: '0 %' }),
    );
    check({ name: 'quadrant-count HELV larger-b', value: '0', text: 'none' });
    check({ name: 'quoted vocabulary', value: '49152', text: '49,152' });
  });
});

describe('the text', () => {
  let visitor;
  before(async () => {
    visitor = await open({ javaScriptEnabled: false });
  });
  after(() => visitor?.close());

  test('every number is what the definition gives', async () => {
    const all = await visitor.page.locator('data').evaluateAll((elements) =>
      elements.map((element) => ({
        name: element.dataset.fact ?? 'no data-fact',
        value: element.getAttribute('value'),
        text: element.textContent,
      })),
    );
    assert.ok(all.length > 100);
    const wrong = all.flatMap((one) => {
      try {
        check(one);
        return [];
      } catch (error) {
        return [error.message];
      }
    });
    assert.deepEqual(wrong, []);
  });

  test('no number stands outside a fact', async () => {
    const loose = await visitor.page.evaluate(() => {
      const without = (selector) => {
        const copy = document.body.cloneNode(true);
        for (const element of copy.querySelectorAll(selector)) element.replaceWith(' … ');
        return copy.textContent;
      };
      // A number with a unit nowhere but in facts and in what others said; other digits also in
      // formulas, names, dates and addresses.
      const unit =
        /[^\n]{0,40}\d[\d.,]*\s*(bits?|nats?|%|per ?cent|points?|tokens?|outcomes?|words?|times)\b[^\n]{0,20}/g;
      const spoken = 'data, q, blockquote';
      const names = ', .math, .model, time, code, a[href^="https:"]';
      const attributes = [
        ...document.querySelectorAll('[alt], [title], [aria-label], meta[name=description]'),
      ]
        .flatMap((element) =>
          ['alt', 'title', 'aria-label', 'content'].map((name) => element.getAttribute(name) ?? ''),
        )
        .filter((text) => /\d/.test(text));
      return [
        ...(without(spoken).match(unit) ?? []),
        ...(without(spoken).match(/[^\n]{0,40}\d\s*%[^\n]{0,20}/g) ?? []),
        ...(without(spoken + names).match(/[^\n]{0,40}\d[^\n]{0,20}/g) ?? []),
        ...attributes,
      ];
    });
    assert.deepEqual(loose, []);
  });

  test('what is taken from the recording is the recording', async () => {
    const squeeze = (text) => text.replace(/\s+/g, ' ').trim();
    const recorded = trace('larger-b').tokens;
    const quote = await visitor.page.locator('#trace blockquote').textContent();
    assert.equal(squeeze(quote), squeeze(recorded.map(({ text }) => text).join('')));
    const points = (await visitor.page.locator('#real-plane').getAttribute('points'))
      .split(' ')
      .map((pair) => pair.split(',').map(Number));
    assert.equal(points.length, recorded.length);
    points.forEach((pair, i) =>
      pair.forEach((value, axis) =>
        assert.ok(Math.abs(value - point(recorded[i])[axis]) <= 5.1e-4),
      ),
    );
  });

  test('the two dots of equal entropy lie where the text says', async () => {
    const [low, high] = (await visitor.page.locator('#pairs-many').getAttribute('points'))
      .split(' ')
      .map((pair) => pair.split(',').map(Number));
    assert.deepEqual(low, [2, 0]);
    assert.ok(high[0] === 2 && Math.abs(high[1] - ceiling(49152, 2)) < 1e-3);
  });

  test('headings are in order, and every section can be reached', async () => {
    const levels = await visitor.page
      .locator('h1, h2, h3, h4, h5, h6')
      .evaluateAll((all) => all.map((heading) => Number(heading.localName[1])));
    assert.equal(levels[0], 1);
    assert.equal(levels.filter((level) => level === 1).length, 1);
    levels.forEach((level, i) => assert.ok(i === 0 || level <= levels[i - 1] + 1, `heading ${i}`));
    const problems = await visitor.page.evaluate(() => {
      const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
      const linked = new Set(
        [...document.querySelectorAll('.contents a')].map((a) => a.hash.slice(1)),
      );
      return [
        ...ids.filter((id, i) => ids.indexOf(id) !== i).map((id) => `two #${id}`),
        ...[...document.querySelectorAll('a[href^="#"]')]
          .filter((a) => !document.getElementById(a.hash.slice(1)))
          .map((a) => a.hash),
        ...[...document.querySelectorAll('section')]
          .filter(({ id }, i) => i > 0 && !linked.has(id))
          .map(({ id }) => `#${id} is not in the contents`),
        ...[...document.querySelectorAll('section')]
          .filter((section) => section.firstElementChild.localName !== 'h2')
          .map(({ id }) => `#${id} has no heading`),
        ...[...document.querySelectorAll('[data-chart]')]
          .flatMap(({ dataset }) => dataset.chart.split(' '))
          .filter((id) => !document.getElementById(id)),
        ...[...document.querySelectorAll('[style], script:not([src]), style')].map(
          (element) => `inline: ${element.outerHTML.slice(0, 80)}`,
        ),
      ];
    });
    assert.deepEqual(problems, []);
  });

  test('links within the site resolve', async () => {
    const links = await visitor.page
      .locator('a[href], img[src], script[src], link[rel=stylesheet], [src$=".json"]')
      .evaluateAll((all) =>
        all.map(
          (element) =>
            new URL(
              element.getAttribute('href') ?? element.getAttribute('src'),
              location.href,
            ).href.split('#')[0],
        ),
      );
    const own = [...new Set(links)].filter((link) =>
      link.startsWith(new URL('.', here.site.url).href),
    );
    assert.ok(own.length > 10);
    const missing = [];
    for (const link of own) if (!(await fetch(link)).ok) missing.push(link);
    assert.deepEqual(missing, []);
  });

  test('without scripts every chart is a picture and a sentence', async () => {
    const bare = await visitor.page.locator(CHARTS).evaluateAll((all) =>
      all
        .filter((chart) => {
          const [picture, words] = [chart.querySelector('img'), chart.querySelector('p')];
          const seen = (element) =>
            element && element.offsetHeight > 10 && element.offsetWidth > 100;
          if (chart.localName === 'entropix-trace') return !seen(chart.querySelector('blockquote'));
          return (
            !seen(words) ||
            !/\S/.test(words.textContent) ||
            !seen(picture) ||
            !picture.alt ||
            !picture.complete ||
            picture.naturalWidth < 100
          );
        })
        .map(({ id }) => id),
    );
    assert.deepEqual(bare, []);
    assert.equal(
      await visitor.page.locator('button:visible').count(),
      0,
      'buttons that would do nothing',
    );
  });
});

describe('the page', () => {
  test('every chart starts when it is scrolled to, without an error or a warning, also after a reload', async () => {
    const visitor = await open();
    const last = visitor.page.locator(CHARTS).last();
    await started(visitor.page.locator(CHARTS).first());
    assert.equal(await last.evaluate(hasStarted), false, 'what is far away waits');
    assert.ok((await startAll(visitor)) > 10);
    assert.equal(await last.evaluate(hasStarted), true);
    await visitor.page.reload();
    await last.scrollIntoViewIfNeeded();
    await started(last);
    assert.deepEqual(visitor.errors, []);
    await visitor.close();
  });

  test('every button moves its chart', async () => {
    const visitor = await open();
    await startAll(visitor);
    for (const button of await visitor.page.locator('button[data-chart]').all()) {
      await button.click();
      const { chart, set } = await button.evaluate(({ dataset }) => ({ ...dataset }));
      for (const id of chart.split(' ')) {
        for (const [name, value] of new URLSearchParams(set)) {
          assert.equal(
            await visitor.page.locator(`#${id}`).getAttribute(name),
            value === '' ? null : value,
            `${id} ${set}`,
          );
        }
      }
    }
    assert.deepEqual(visitor.errors, []);
    await visitor.close();
  });

  for (const width of [390, 768, 1440]) {
    test(`nothing is wider than a window of ${width} pixels`, async () => {
      const visitor = await open({ viewport: { width, height: 844 } });
      await startAll(visitor);
      const wide = await visitor.page.evaluate(() =>
        [...document.querySelectorAll('body *')]
          .filter(
            (element) =>
              !element.closest('pre') && element.getBoundingClientRect().right > innerWidth + 0.5,
          )
          .map((element) => element.outerHTML.slice(0, 80)),
      );
      assert.deepEqual(wide, []);
      assert.ok((await visitor.page.evaluate(() => document.documentElement.scrollWidth)) <= width);
      await visitor.close();
    });
  }
});
