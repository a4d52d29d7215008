// The sliders beneath the charts.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { heat, near, shows, values, written } from '../support/charts.mjs';
import { atHost, done } from '../support/elements.mjs';
import { eventually } from '../support/wait.mjs';

const { embed } = atHost();

describe('a slider twin', () => {
  test('of the curve moves p', async () => {
    const visitor = await embed('<varentropy-curve id="c" labels="rain,sun"></varentropy-curve>');
    const curve = visitor.page.locator('#c');
    const slider = curve.getByRole('slider', { name: /^rain/ });
    await slider.fill('0.9');
    await shows(curve, [0.9, 0.1]);
    const heard = await visitor.heard();
    assert.deepEqual(
      heard.map(({ type }) => type),
      ['input', 'change'],
    );
    for (const { detail } of heard) near(detail.p, [0.9, 0.1], 1e-9);
    await eventually(async () =>
      assert.equal(await slider.getAttribute('aria-valuetext'), '90.0 %'),
    );
    await slider.press('ArrowLeft');
    await shows(curve, [0.899, 0.101]);
    await eventually(async () => assert.equal(await slider.inputValue(), '0.899'));
    await curve.evaluate((it) => {
      it.p = 0.25;
    });
    await slider.evaluate((input) => input.blur());
    await curve.evaluate((it) => {
      it.p = 0.26;
    });
    await eventually(async () => assert.equal(await slider.inputValue(), '0.26'));
    await done(visitor);
  });

  test('of the triangle moves one share; the others keep their proportion', async () => {
    const visitor = await embed(
      '<varentropy-triangle id="t" p="0.5 0.3 0.2" labels="yes,no,maybe" path></varentropy-triangle>',
    );
    const triangle = visitor.page.locator('#t');
    await triangle.getByRole('slider', { name: /^no/ }).fill('0.6');
    near(await written(triangle), [(0.4 * 5) / 7, 0.6, (0.4 * 2) / 7], 2e-5);
    await shows(triangle, await written(triangle));
    await triangle.getByRole('slider', { name: /^no/ }).fill('1');
    assert.deepEqual(await written(triangle), [0, 1, 0]);
    await triangle.getByRole('slider', { name: /^no/ }).fill('0.5');
    assert.deepEqual(await written(triangle), [0.25, 0.5, 0.25]);
    const heard = await visitor.heard();
    assert.ok(
      heard.every(({ detail }) => detail?.p.length === 3),
      'every event has its detail',
    );
    await triangle.getByRole('slider', { name: /temperature/ }).fill('1');
    await shows(triangle, heat([0.25, 0.5, 0.25], 2));
    near([Number(await triangle.getAttribute('temperature'))], [2], 1e-3);
    assert.deepEqual(await written(triangle), [0.25, 0.5, 0.25], 'the point itself stays');
    await done(visitor);
  });

  test('of the plane moves n and the thresholds', async () => {
    const visitor = await embed(
      '<varentropy-plane id="p" preset="B" p="0.5 0.5"></varentropy-plane>',
    );
    const plane = visitor.page.locator('#p');
    const outcomes = plane.getByRole('slider', { name: /outcomes/ });
    await outcomes.fill('10');
    near([Number(await plane.getAttribute('n'))], [1024], 1);
    await outcomes.press('End');
    near([Number(await plane.getAttribute('n'))], [128256], 60);
    await plane.getByRole('slider', { name: /low H/ }).fill('0.5');
    assert.equal(await plane.getAttribute('low-entropy'), '2');
    await eventually(async () => assert.match((await values(plane)).text, /argmax/));
    await done(visitor);
  });
});
