// The keyboard on the charts.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  heat,
  hv,
  middle,
  near,
  places,
  ring,
  shows,
  started,
  written,
} from '../support/charts.mjs';
import { atHost, done } from '../support/elements.mjs';
import { eventually } from '../support/wait.mjs';

const { embed } = atHost();

describe('the keyboard', () => {
  test('moves the handle of the curve', async () => {
    const visitor = await embed(
      '<varentropy-curve id="c" p="0.5" labels="rain,sun"></varentropy-curve>',
    );
    const { page } = visitor;
    const curve = page.locator('#c');
    await started(page);
    await page.keyboard.press('Tab');
    let p = 0.5;
    for (const [key, to] of /** @type {[string, number][]} */ ([
      ['ArrowRight', 0.51],
      ['ArrowUp', 0.52],
      ['ArrowLeft', 0.51],
      ['ArrowDown', 0.5],
      ['Shift+ArrowRight', 0.6],
      ['End', 1],
      ['ArrowRight', 1],
      ['Home', 0],
      ['ArrowLeft', 0],
      ['Shift+ArrowUp', 0.1],
    ])) {
      await page.keyboard.press(key);
      p = to;
      assert.equal(Number(await curve.getAttribute('p')), p, key);
      await shows(curve, [p, 1 - p]);
      const heard = await visitor.heard();
      assert.deepEqual(
        heard.map(({ type }) => type),
        ['change'],
      );
      near(heard[0].detail.p, [p, 1 - p], 1e-12);
      near([heard[0].detail.h, heard[0].detail.v], hv([p, 1 - p]), 1e-12);
      await eventually(async () =>
        assert.equal(await ring(curve).getAttribute('aria-valuenow'), (100 * p).toFixed(1)),
      );
    }
    assert.match(
      await ring(curve).getAttribute('aria-valuetext'),
      /^rain 10\.0 %, sun 90\.0 %: H 0\.469 bits/,
    );
    // Other keys are the page's.
    for (const key of ['a', 'Enter', 'Control+ArrowRight', 'Meta+Home'])
      await page.keyboard.press(key);
    assert.equal(await curve.getAttribute('p'), '0.1');
    await done(visitor);
  });

  test('moves the handle of the triangle', async () => {
    const visitor = await embed('<varentropy-triangle id="t"></varentropy-triangle>');
    const { page } = visitor;
    const triangle = page.locator('#t');
    const corners = await places(triangle, [1, 0, 0], [0, 1, 0], [0, 0, 1], [0.4, 0.3, 0.3]);
    const side = corners[1][0] - corners[0][0];
    await ring(triangle).focus();
    for (const [key, dx, dy] of /** @type {[string, number, number][]} */ ([
      ['ArrowRight', 0.01, 0],
      ['ArrowLeft', -0.01, 0],
      ['ArrowUp', 0, -0.01],
      ['ArrowDown', 0, 0.01],
      ['Shift+ArrowUp', 0, -0.1],
    ])) {
      const [x, y] = await middle(triangle);
      await page.keyboard.press(key);
      await shows(triangle, await written(triangle));
      near(await middle(triangle), [x + dx * side, y + dy * side], 0.3, key);
    }
    await page.keyboard.press('Home');
    near(await written(triangle), [1 / 3, 1 / 3, 1 / 3], 1e-4);
    await places(triangle, [0.2, 0.5, 0.3]);
    await visitor.heard();
    const visited = [];
    for (let i = 0; i < 4; i += 1) {
      await page.keyboard.press('End');
      const p = await written(triangle);
      await shows(triangle, p);
      visited.push(p.indexOf(1));
    }
    assert.deepEqual(visited, [1, 2, 0, 1], 'the likely corner first, then one after the other');
    assert.deepEqual(
      (await visitor.heard()).map(({ type }) => type),
      ['change', 'change', 'change', 'change'],
    );
    await done(visitor);
  });

  test('moves the point of the plane along its temperature path', async () => {
    const visitor = await embed(
      '<varentropy-plane id="p" p="0.7 0.2 0.1" n="3" path></varentropy-plane>',
    );
    const { page } = visitor;
    const plane = page.locator('#p');
    await started(page);
    await ring(plane).focus();
    for (const [key, factor] of /** @type {[string, number | null][]} */ ([
      ['ArrowRight', 1.01],
      ['Shift+ArrowUp', 1.1],
      ['ArrowDown', 0.99],
      ['Home', null],
    ])) {
      const before = Number((await plane.getAttribute('temperature')) ?? 1);
      await page.keyboard.press(key);
      const now = Number(await plane.getAttribute('temperature'));
      near([now], [factor === null ? 1 : before * factor], 1e-3, key);
      await shows(plane, heat([0.7, 0.2, 0.1], now));
      const [{ type, detail }] = await visitor.heard();
      assert.equal(type, 'change');
      near(detail.p, heat([0.7, 0.2, 0.1], now), 1e-9);
      near([detail.temperature], [now], 1e-9);
    }
    await done(visitor);
  });
});
