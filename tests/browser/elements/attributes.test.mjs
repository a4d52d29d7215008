// What attributes say, and how properties become attributes: as of the platform's own elements, and as
// frameworks write them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import {
  flag,
  number,
  numbers,
  oneOf,
  pairs,
  text,
  texts,
  written,
} from '../../../crates/embed/js/attributes.js';
import { atHost, done } from '../support/elements.mjs';

const { embed } = atHost();
const theme = oneOf('auto', 'light', 'dark');

describe('what an attribute says', () => {
  const PAIRS = [
    [1, 0.5],
    [0.5, 0.9],
  ];
  /** @type {[string, (text: string) => any, [string, any][]][]} undefined: nothing; null: not given */
  const CASES = [
    [
      'flag',
      flag,
      [
        ['', true],
        ['locked', true],
        ['true', true],
        ['false', false],
      ],
    ],
    [
      'number',
      number(0, 9),
      [
        ['3', 3],
        ['.5', 0.5],
        ['', undefined],
        ['10', undefined],
        ['NaN', undefined],
        ['1 2', undefined],
      ],
    ],
    [
      'one of some',
      theme,
      [
        ['dark', 'dark'],
        ['', null],
        ['pink', undefined],
      ],
    ],
    ['text', text, [['', '']]],
    [
      'texts',
      texts,
      [
        ['yes,no', ['yes', 'no']],
        ['yes, no , maybe', ['yes', 'no', 'maybe']],
        ['["yes, no", "maybe"]', ['yes, no', 'maybe']],
        ['[1, 2]', ['1', '2']],
        ['[PAD],[CLS]', ['[PAD]', '[CLS]']],
        ['', null],
      ],
    ],
    [
      'numbers',
      numbers,
      [
        ['0.5 0.3 0.2', [0.5, 0.3, 0.2]],
        ['0.5,0.3,0.2', [0.5, 0.3, 0.2]],
        ['0.5, 0.3,\n0.2,', [0.5, 0.3, 0.2]],
        ['[.5, .3, .2]', [0.5, 0.3, 0.2]],
        ['', undefined],
        ['a b', undefined],
        ['[object Object]', undefined],
      ],
    ],
    [
      'pairs',
      pairs,
      [
        ['1,0.5 0.5,0.9', PAIRS],
        ['1,0.5,0.5,0.9', PAIRS],
        ['1, 0.5, 0.5, 0.9', PAIRS],
        ['[[1,.5],[.5,.9]]', PAIRS],
        ['[[1, 0.5], [0.5, 0.9]]', PAIRS],
        ['[1,0.5,0.5,0.9]', PAIRS],
        ['1,0.5', [[1, 0.5]]],
        ['', null],
        ['1', undefined],
        ['1,2 3', undefined],
        ['1,2,3 4,5,6', undefined],
        ['[[1,2,3],[4,5,6]]', undefined],
        ['[[1,2],[3]]', undefined],
        ['garbage', undefined],
      ],
    ],
  ];
  for (const [name, reader, cases] of CASES)
    test(name, () => {
      for (const [written, value] of cases) assert.deepEqual(reader(written), value, written);
    });
});

test('what a property becomes', () => {
  const some = number(0, 9);
  /** @type {[any, (text: string) => any, string | null][]} */
  const cases = [
    [true, flag, ''],
    [1, flag, ''],
    ['false', flag, null],
    [false, flag, null],
    [0, flag, null],
    ['', flag, null],
    [null, flag, null],
    [undefined, some, null],
    [null, some, null],
    [false, some, null],
    [3, some, '3'],
    ['', theme, ''],
    [[0.5, 0.3, 0.2], numbers, '0.5 0.3 0.2'],
    [new Float64Array([0.5, 0.25]), numbers, '0.5 0.25'],
    [[[1, 0.5], new Float64Array([0.5, 0.9])], pairs, '1,0.5 0.5,0.9'],
    [[], pairs, ''],
    [['yes', 'no'], texts, 'yes,no'],
    [['yes, no', 'maybe'], texts, '["yes, no","maybe"]'],
    [['[1]'], texts, '["[1]"]'],
    [[' a', ''], texts, '[" a",""]'],
    [[], texts, ''],
    [{ kind: 'promised' }, text, '{"kind":"promised"}'],
  ];
  for (const [value, reader, attribute] of cases)
    assert.equal(written(value, reader), attribute, `${JSON.stringify(value)}`);
});

test('elements read as they were told, and tell what is no text', async () => {
  const visitor = await embed(
    `<varentropy-plane locked="false" points='[[1,.5],[.5,.9]]' rules="[object Object]"></varentropy-plane>
    <varentropy-triangle labels='["yes, no","maybe"]' p="0.5,0.3,0.2" theme="" rules=""></varentropy-triangle>`,
  );
  const read = await visitor.page.evaluate(async () => {
    const [plane, triangle] = document.querySelectorAll('main > *');
    await customElements.whenDefined('varentropy-plane');
    const before = [plane.locked, plane.points, plane.rules, plane.path, plane.n];
    before.push(triangle.labels, triangle.p, triangle.theme, triangle.rules);
    const after = [];
    /** @type {[any, string, any][]} */
    const steps = [
      [plane, 'locked', true],
      [plane, 'locked', false],
      [plane, 'points', []],
      [plane, 'points', [[2, 1]]],
      [plane, 'points', null],
      [plane, 'rules', { kind: 'promised', entropy_cut: 2 }],
      [plane, 'rules', [1, 2, 3, 4, 5, 6]],
      [plane, 'n', '3'],
      [plane, 'n', undefined],
      [triangle, 'labels', ['a', 'b,c', 'd']],
      [triangle, 'labels', undefined],
      [triangle, 'theme', 'dark'],
      [triangle, 'theme', ''],
      [triangle, 'lowEntropy', 0.7],
    ];
    for (const [element, name, value] of steps) {
      element[name] = value;
      after.push(element[name]);
    }
    return { before, after };
  });
  const warned =
    '<varentropy-plane rules>: "[object Object]" is not understood (as text an object is JSON); it is left out.';
  assert.deepEqual(read.before, [
    false,
    [
      [1, 0.5],
      [0.5, 0.9],
    ],
    null,
    false,
    49152,
    ['yes, no', 'maybe'],
    [0.5, 0.3, 0.2],
    'auto',
    null,
  ]);
  assert.deepEqual(read.after, [
    true,
    false,
    [],
    [[2, 1]],
    [],
    { kind: 'promised', entropy_cut: 2 },
    [1, 2, 3, 4, 5, 6],
    3,
    49152,
    ['a', 'b,c', 'd'],
    ['A', 'B', 'C'],
    'dark',
    'auto',
    0.7,
  ]);
  await done(visitor, [warned]);
});
