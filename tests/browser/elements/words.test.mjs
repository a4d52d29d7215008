// What the elements say about tokens, without a browser.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';

import { parts, quantity, spoken, thousands } from '../../../crates/embed/js/marks.js';
import { percent, spread, visible } from '../../../crates/embed/js/words.js';
import { hv } from '../support/charts.mjs';
import { tokens } from '../support/tokens.mjs';

describe('words', () => {
  test('a probability has sensible precision', () => {
    for (const [p, text] of /** @type {[number, string][]} */ ([
      [1, '100.0 %'],
      [0.99999, '> 99.99 %'],
      [0.873, '87.3 %'],
      [0.0042, '0.42 %'],
      [0.00001, '< 0.01 %'],
      [0, '0 %'],
      [-1e-12, '0 %'],
    ])) {
      assert.equal(percent(p), text);
    }
  });

  test('what the page says too, it says alike', async () => {
    // A test of the page's own words reads the same table.
    const table = JSON.parse(
      await readFile(new URL('../../golden/words.json', import.meta.url), 'utf8'),
    );
    const say = /** @type {Record<string, (value: any) => string>} */ ({
      visible,
      quantity,
      thousands,
    });
    assert.deepEqual(Object.keys(table), Object.keys(say));
    for (const [name, cases] of Object.entries(table))
      for (const [value, text] of cases) assert.equal(say[name](value), text, name);
  });

  test('blanks, word and line ends add up to the text', () => {
    for (const [text, ...expected] of [
      [' larger', ' ', 'larger', ''],
      ['re', '', 're', ''],
      ['\n\n', '', '', '\n\n'],
      ['  ', '', '  ', ''],
      ['.\n', '', '.', '\n'],
      ['\n  x', '\n  ', 'x', ''],
      ['', '', '', ''],
      ['a b', '', 'a b', ''],
    ]) {
      assert.deepEqual(parts(text), expected);
    }
  });

  test('only what happened is told: a draw is not, whatever quadrant it was drawn in', () => {
    for (const [action, quadrant, expected] of [
      ['argmax', 'LELV', ''],
      ['insert', 'HELV', ', inserted'],
      ['sample', 'HELV', ''],
      ['branch', 'LEHV', ', branched'],
      ['sample', 'LEHV', ''],
      ['resample', 'HEHV', ', went back'],
      ['best_of_n', 'ADAPTIVE', ''],
    ]) {
      const said = spoken({ ...tokens[0], decision: { ...tokens[0].decision, action, quadrant } });
      assert.match(said, /^To, entropy [\d.]+ bits, varentropy [\d.]+ bits²/);
      assert.equal(said.split('bits²')[1], expected);
    }
  });

  describe('what V means', () => {
    const PRINTS = {
      bits: { h: (bits) => `${bits.toFixed(3)} bits`, v: (bits2) => `${bits2.toFixed(3)} bits²` },
      nats: {
        h: (bits) => `${(bits * Math.LN2).toFixed(3)} nats`,
        v: (bits2) => `${(bits2 * Math.LN2 ** 2).toFixed(3)} nats²`,
      },
    };
    /** The favourite's p, H and V where V is largest; found by trying. */
    const peak = (n) => {
      const all = Array.from({ length: 20_000 }, (_, i) => 0.5 + i / 40_000);
      const found = all.map((p) => [p, ...hv([p, ...Array(n - 1).fill((1 - p) / (n - 1))])]);
      return found.reduce((best, each) => (each[2] > best[2] ? each : best));
    };
    const PEAKS = [null, null, peak(2), peak(3)];
    const number = (text) => Number.parseFloat(text);

    /** Holds a sentence against the numbers beside it. */
    const check = (p, print) => {
      const [h, v] = hv(p);
      const [favourite, , most] = PEAKS[p.length];
      const names = ['A', 'B', 'C'].slice(0, p.length);
      const text = spread(p, names, [h, v], PEAKS[p.length], print);
      const live = p.filter((each) => each > 0);
      const surprise = live.map((each) => print.h(-Math.log2(each)));
      const told = `${p}: ${text}`;
      if (/^Certain/.test(text)) assert.deepEqual([live.length, h, v], [1, 0, 0], told);
      else if (/^All but/.test(text)) {
        assert.ok(live.length > 1 && !number(print.h(h)) && !number(print.v(v)), told);
      } else if (/^A tie/.test(text)) {
        assert.deepEqual([new Set(surprise).size, number(print.v(v))], [1, 0], told);
        assert.ok(text.includes(`of ${live.length}: all surprise by the same ${surprise[0]},`));
      } else if (/^The peak/.test(text)) {
        assert.equal(print.v(v), print.v(most), told);
        assert.equal(percent(Math.max(...p)), percent(favourite), told);
      } else {
        for (const each of surprise) assert.ok(text.includes(each), told);
        assert.ok(number(print.v(v)) > 0 || new Set(surprise).size > 1, told);
      }
      return text.split(/[ :]/)[0];
    };

    for (const [unit, print] of Object.entries(PRINTS)) {
      test(`is true of the numbers beside it, in ${unit}`, () => {
        const seen = new Set();
        // Every p at which a ring or a slider can stand, and what lies close to the ends.
        for (let i = 0; i <= 20_000; i += 1) seen.add(check([i / 20_000, 1 - i / 20_000], print));
        for (let i = 0; i <= 200; i += 1) {
          const p = 10 ** (-i / 20);
          for (const list of [
            [1 - p, p],
            [0, 1 - p, p],
            [1 - p, p / 2, p / 2],
          ]) {
            seen.add(check(list, print));
          }
          for (let j = 0; i + j <= 200; j += 1) {
            seen.add(check([i / 200, j / 200, Math.max(0, (200 - i - j) / 200)], print));
          }
        }
        for (const p of [PEAKS[2][0], PEAKS[3][0]]) {
          assert.equal(
            check(p === PEAKS[2][0] ? [p, 1 - p] : [p, (1 - p) / 2, (1 - p) / 2], print),
            'The',
          );
        }
        assert.equal(check([1 / 3, 1 / 3, 1 / 3], print), 'A');
        assert.deepEqual([...seen].sort(), ['A', 'All', 'Certain', 'Surprise', 'The']);
        // What the line beside it calls the peak is 91.68 %.
        assert.equal(check([0.92, 0.08], print), 'Surprise');
      });
    }
  });
});
