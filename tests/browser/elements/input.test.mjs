// Attributes that make no sense.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { normal, shows, started } from '../support/charts.mjs';
import { atHost, done } from '../support/elements.mjs';
import { eventually, redrawn } from '../support/wait.mjs';

const { embed } = atHost();

describe('bad input', () => {
  const A = '0.6 0.3 0.1';
  /** [element, attributes, what is shown: p or null, what the warning names] */
  const CASES = [
    ['curve', 'p="1.5"', [0.5, 0.5], 'p'],
    ['curve', 'p="-0.1"', [0.5, 0.5], 'p'],
    ['curve', 'p="NaN"', [0.5, 0.5], 'p'],
    ['curve', 'p=""', [0.5, 0.5], 'p'],
    ['curve', 'p="0.7 0.3"', [0.5, 0.5], 'p'],
    ['curve', 'p="0.8" units="kg"', [0.8, 0.2], 'units'],
    ['curve', 'p="0.8" theme="pink"', [0.8, 0.2], 'theme'],
    ['curve', 'p="0.8" controls="some"', [0.8, 0.2], 'controls'],
    ['triangle', 'p="0.5 0.5"', A, 'p'],
    ['triangle', 'p="0.25 0.25 0.25 0.25"', A, 'p'],
    ['triangle', 'p="1.2 -0.1 -0.1"', A, 'p'],
    ['triangle', 'p="NaN 0.5 0.5"', A, 'p'],
    ['triangle', 'p="Infinity 0.5 0.5"', A, 'p'],
    ['triangle', 'p="0 0 0"', A, 'p'],
    ['triangle', 'p="a b c"', A, 'p'],
    ['triangle', 'p=""', A, 'p'],
    ['triangle', 'p="7 2 1"', [0.7, 0.2, 0.1], 'p'],
    ['triangle', 'p="0.5 0.4 0.2"', normal([5, 4, 2]), 'p'],
    ['triangle', 'mode="loud"', A, 'mode'],
    ['triangle', 'contours="x"', A, 'contours'],
    ['triangle', 'temperature="0"', A, 'temperature'],
    ['triangle', 'temperature="hot"', A, 'temperature'],
    ['triangle', 'mode="rules" preset="C"', A, 'preset'],
    ['triangle', 'mode="rules" low-entropy="-1"', A, 'low-entropy'],
    ['plane', 'p="1"', null, 'p'],
    ['plane', 'p="0.5 -0.5 1"', null, 'p'],
    ['plane', 'p="0 0"', null, 'p'],
    ['plane', 'p="x"', null, 'p'],
    ['plane', 'p="2 2"', [0.5, 0.5], 'p'],
    ['plane', 'p="0.5 0.5" n="1"', [0.5, 0.5], 'n'],
    ['plane', 'p="0.5 0.5" n="1e9"', [0.5, 0.5], 'n'],
    ['plane', 'p="0.5 0.5" n="many"', [0.5, 0.5], 'n'],
    ['plane', 'p="0.5 0.5" scale="log"', [0.5, 0.5], 'scale'],
    ['plane', 'p="0.5 0.5" points="1,2 3"', [0.5, 0.5], 'points'],
    ['plane', 'p="0.5 0.5" points="garbage"', [0.5, 0.5], 'points'],
    ['plane', 'p="0.5 0.5" points="1,-2"', [0.5, 0.5], 'points'],
    ['plane', 'p="0.5 0.5" preset="a"', [0.5, 0.5], 'preset'],
  ];

  for (const [name, attributes, expected, attribute] of CASES) {
    test(`<varentropy-${name} ${attributes}>`, async () => {
      const visitor = await embed(`<varentropy-${name} ${attributes}></varentropy-${name}>`, {
        viewport: { width: 300, height: 600 },
      });
      const chart = visitor.page.locator(`varentropy-${name}`);
      await started(visitor.page);
      const warning = `<varentropy-${name} ${attribute}>: `;
      await eventually(() => assert.ok(visitor.warnings.length > 0, 'there is no warning'));
      if (expected) await shows(chart, expected === A ? A.split(' ').map(Number) : expected);
      else assert.ok(!(await chart.locator('.handle').isVisible()), 'there is no point');
      await chart.evaluate((it) => it.redraw());
      await redrawn(visitor.page);
      assert.deepEqual(
        visitor.warnings.map((text) => text.startsWith(warning)),
        [true],
        visitor.warnings.join('\n'),
      );
      visitor.warnings.length = 0;
      // What is right afterwards is shown.
      await chart.evaluate(
        (it, [right, wrong]) => {
          it.removeAttribute(wrong);
          it.p = right;
        },
        [name === 'curve' ? 0.3 : [0.2, 0.3, 0.5], attribute],
      );
      await shows(chart, name === 'curve' ? [0.3, 0.7] : [0.2, 0.3, 0.5]);
      await done(visitor);
    });
  }

  test('of tokens and trace', async () => {
    const missing = `${'https://YOUR-HOST'}/traces/none.json`;
    const visitor = await embed(
      `<entropix-tokens src="${missing}" inspector="left" vocabulary="1"></entropix-tokens><entropix-trace src="${missing}" speed="0"></entropix-trace>`,
    );
    await visitor.page.getByText('This recorded chat can’t be shown').nth(1).waitFor();
    await eventually(() => {
      for (const start of [
        '<entropix-tokens src>',
        '<entropix-tokens inspector>',
        '<entropix-tokens vocabulary>',
        '<entropix-trace src>',
        '<entropix-trace speed>',
      ]) {
        assert.equal(
          visitor.warnings.filter((text) => text.startsWith(start)).length,
          1,
          `${start}\n${visitor.warnings.join('\n')}`,
        );
      }
    });
    await visitor.close();
  });
});
