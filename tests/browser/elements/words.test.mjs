// What the elements say about tokens, without a browser.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';

import {
  parts,
  percent,
  quantity,
  rule,
  spoken,
  thousands,
  visible,
} from '../../../crates/embed/js/words.js';
import { tokens } from '../support/tokens.mjs';

/** The rules, of which the maths tells more. */
const RULES = Object.entries({
  LELV: 'argmax',
  HELV: 'insert',
  LEHV: 'branch',
  HEHV: 'resample',
  ADAPTIVE: 'adaptive',
}).map(([code, name]) => ({ code, name, color: '', words: 'so it was' }));

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

  test('every decision has a rule', () => {
    for (const [action, quadrant, expected] of [
      ['argmax', 'LELV', 'argmax'],
      ['insert', 'HELV', 'insert'],
      ['sample', 'HELV', 'insert'],
      ['sample', 'LEHV', 'branch'],
      ['sample', 'HEHV', 'resample'],
      ['best_of_n', 'ADAPTIVE', 'adaptive'],
      ['argmax', null, 'argmax'],
      ['sample', null, 'plain'],
    ]) {
      assert.equal(rule({ action, quadrant }, RULES), expected);
    }
    assert.match(
      spoken(tokens[0], RULES),
      /^To, entropy [\d.]+ bits, varentropy [\d.]+ bits², \w+/,
    );
  });
});
