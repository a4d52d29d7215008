// The facts that the essay may state agree with each other.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  ceiling,
  check,
  fact,
  floor,
  hv,
  largestV,
  normal,
  point,
  QUOTED,
  rule,
  surprisal,
  tokens,
  varentropy,
} from '../support/facts.mjs';

describe('the facts themselves', () => {
  // A small generator: the same numbers every time.
  let state = 1;
  const random = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };

  test('no distribution has a larger varentropy than a favourite over an even rest', () => {
    for (let n = 2; n <= 13; n++) {
      for (let start = 0; start < 6; start++) {
        // Climbs from a random place, each probability as exp(x).
        let x = Array.from({ length: n }, () => random() * 4);
        for (let step = 0, rate = 1; step < 3000; step++) {
          const p = normal(x.map(Math.exp));
          const [h, v] = hv(p);
          // dV/dx_i = p_i ((s_i − H)² − V − 2/ln 2 · (s_i − H))
          const uphill = p.map(
            (q) => q * ((surprisal(q) - h) ** 2 - v - (2 / Math.LN2) * (surprisal(q) - h)),
          );
          const next = x.map((value, i) => value + rate * uphill[i]);
          if (varentropy(next.map(Math.exp)) > v) x = next;
          else rate /= 2;
          if (rate < 1e-6) break;
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
      const [rule] = fact(`v-max-rule ${n}`);
      const above = largestV(n) - rule;
      assert.ok(above > 0 && above < fact('bits2-per-nats2')[0], `n = ${n}: ${above}`);
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
