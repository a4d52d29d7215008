// Mouse and fingers on the charts.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  drag,
  hv,
  middle,
  mix,
  near,
  places,
  ring,
  shows,
  started,
  swipe,
  values,
  written,
} from '../support/charts.mjs';
import { atHost, done, LAYOUTS } from '../support/elements.mjs';
import { eventually, redrawn } from '../support/wait.mjs';

const { embed } = atHost();

describe('a hand', () => {
  for (const [what, attributes, wrapper, options] of LAYOUTS) {
    test(`drags the handle on a page that is ${what}`, async () => {
      const visitor = await embed(
        `<div class="${wrapper}"><varentropy-curve id="c"></varentropy-curve><varentropy-triangle id="t"></varentropy-triangle></div>`,
        { page: { attributes }, viewport: { width: 900, height: 1400 }, ...options },
      );
      const { page } = visitor;
      const [curve, triangle] = [page.locator('#c'), page.locator('#t')];
      await started(page);
      await curve.scrollIntoViewIfNeeded();
      const ends = await places(curve, 0, 1);
      for (const p of [0.2, 0.9]) {
        const x = mix(ends, [1 - p, p])[0];
        await drag(page, curve, [x, ends[0][1] - 20]);
        const now = await written(curve);
        near(now, [p, 1 - p], 0.004, 'p of the curve');
        await shows(curve, now);
        near([(await middle(curve))[0]], [x], 1.5);
      }
      await triangle.scrollIntoViewIfNeeded();
      const corners = await places(triangle, [1, 0, 0], [0, 1, 0], [0, 0, 1]);
      for (const p of [
        [0.2, 0.3, 0.5],
        [0.8, 0.1, 0.1],
      ]) {
        await drag(page, triangle, mix(corners, p));
        const now = await written(triangle);
        near(now, p, 0.006, 'p of the triangle');
        await shows(triangle, now);
        near(await middle(triangle), mix(corners, p), 1.5);
      }
      // Beyond an edge the nearest point of it is meant; beyond a corner, the corner.
      await drag(page, triangle, mix(corners, [0.6, 0.6, -0.2]));
      near(await written(triangle), [0.5, 0.5, 0], 0.006);
      const far = mix(corners, [1.15, -0.075, -0.075]);
      await drag(page, triangle, far);
      assert.deepEqual(await written(triangle), [1, 0, 0]);
      await shows(triangle, [1, 0, 0]);
      await done(visitor);
    });
  }

  test('is followed by input, and by one change at the end', async () => {
    const visitor = await embed('<varentropy-triangle id="t"></varentropy-triangle>');
    const { page } = visitor;
    const triangle = page.locator('#t');
    const corners = await places(triangle, [1, 0, 0], [0, 1, 0], [0, 0, 1]);
    assert.deepEqual(await visitor.heard(), [], 'a program that sets an attribute knows it');
    await drag(page, triangle, mix(corners, [0.2, 0.3, 0.5]), async () => {
      const heard = await page.evaluate(() => window.heard);
      assert.ok(
        heard.length >= 5 &&
          heard.every(({ type, detail }) => type === 'input' && detail.p.length === 3),
      );
    });
    const heard = await page.evaluate(() => window.heard);
    assert.deepEqual(heard.filter(({ type }) => type === 'change').length, 1);
    const { detail } = heard.at(-1);
    assert.deepEqual([heard.at(-1).type, heard.at(-1).id], ['change', 't']);
    near(detail.p, await written(triangle), 1e-9);
    near([detail.h, detail.v], hv(detail.p), 1e-9);
    assert.equal(detail.temperature, 1);
    await done(visitor);
  });

  test('moves thresholds of the plane', async () => {
    const visitor = await embed(
      '<varentropy-plane id="p" preset="B" n="64" scale="fit" points="0,0 4,4"></varentropy-plane>',
    );
    const { page } = visitor;
    const plane = page.locator('#p');
    await started(page);
    const [zero, four] = await plane.locator('circle.spot').evaluateAll((spots) =>
      spots.map((spot) => {
        const { left, top, width } = spot.getBoundingClientRect();
        return [left + width / 2, top + width / 2];
      }),
    );
    /** @returns {[number, number]} */
    const at = (h, v) => [
      zero[0] + ((four[0] - zero[0]) * h) / 4,
      zero[1] + ((four[1] - zero[1]) * v) / 4,
    ];
    for (const [name, from, to] of /** @type {[string, number[], number[]][]} */ ([
      ['high-entropy', [5, 6], [4, 6]],
      ['high-varentropy', [1, 5], [1, 3]],
    ])) {
      await page.mouse.move(...at(...from));
      await page.mouse.down();
      await page.mouse.move(...at(...to), { steps: 4 });
      await page.mouse.up();
      const value = Number(await plane.getAttribute(name));
      near([value], [to[name.endsWith('-entropy') ? 0 : 1]], 0.06, name);
    }
    assert.equal(await plane.getAttribute('low-entropy'), null);
    assert.deepEqual(
      (await visitor.heard()).map(({ type, id }) => [type, id]),
      [
        ['input', 'p'],
        ['change', 'p'],
        ['input', 'p'],
        ['change', 'p'],
      ],
    );
    // A point is chosen.
    await plane.locator('circle.spot').nth(1).click();
    const [{ type, detail }] = await visitor.heard();
    assert.deepEqual([type, detail.index, detail.h, detail.v], ['change', 1, 4, 4]);
    await eventually(async () =>
      assert.match((await values(plane)).text, /^H 4\.000 bits\s+V 4\.000 bits²/),
    );
    await done(visitor);
  });

  test('is a finger: it drags the handle, taps beside it, and scrolls the page', async () => {
    const visitor = await embed(
      `<varentropy-triangle id="t"></varentropy-triangle>${'<p>More.</p>'.repeat(60)}`,
      { hasTouch: true, isMobile: true, viewport: { width: 390, height: 700 } },
    );
    const { page } = visitor;
    const triangle = page.locator('#t');
    const corners = await places(triangle, [1, 0, 0], [0, 1, 0], [0, 0, 1]);
    const [p, q] = [
      [0.3, 0.4, 0.3],
      [0.7, 0.15, 0.15],
    ];
    await places(triangle, q);
    const path = (from, to) =>
      [0, 0.25, 0.5, 0.75, 1].map((share) => mix([from, to], [1 - share, share]));
    await swipe(page, path(mix(corners, q), mix(corners, p)));
    near(await written(triangle), p, 0.01, 'dragged');
    await shows(triangle, await written(triangle));
    assert.deepEqual(
      (await visitor.heard()).map(({ type }) => type),
      ['input', 'change'],
    );
    assert.equal(await page.evaluate(() => scrollY), 0);
    // Beside the handle the page scrolls, and the point stays.
    const before = await written(triangle);
    await swipe(page, path(corners[0], [corners[0][0], corners[0][1] - 200]));
    await eventually(async () => assert.ok((await page.evaluate(() => scrollY)) > 50));
    assert.deepEqual(await written(triangle), before);
    assert.deepEqual(await visitor.heard(), []);
    // It coasts a while.
    await page.evaluate(async () => {
      for (let rest = 0, last = scrollY; rest < 20; rest += 1) {
        await new Promise(requestAnimationFrame);
        if (scrollY !== last) rest = 0;
        last = scrollY;
      }
    });
    await page.evaluate(() => scrollTo(0, 0));
    await page.touchscreen.tap(...mix(corners, [0.1, 0.1, 0.8]));
    await eventually(async () => near(await written(triangle), [0.1, 0.1, 0.8], 0.01, 'tapped'));
    assert.deepEqual(
      (await visitor.heard()).map(({ type }) => type),
      ['change'],
    );
    await done(visitor);
  });

  test('with a second finger moves nothing else', async () => {
    const visitor = await embed(
      '<varentropy-triangle id="t" p="0.34 0.33 0.33"></varentropy-triangle>',
      { hasTouch: true, viewport: { width: 600, height: 900 } },
    );
    const { page } = visitor;
    const triangle = page.locator('#t');
    const corners = await places(triangle, [1, 0, 0], [0, 1, 0], [0, 0, 1], [0.34, 0.33, 0.33]);
    const touch = await page.context().newCDPSession(page);
    const send = (type, ...points) =>
      touch.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: points.map(([x, y], id) => ({ x, y, id })),
      });
    const [first, second] = [mix(corners, [0.6, 0.2, 0.2]), mix(corners, [0.1, 0.8, 0.1])];
    await send('touchStart', corners[3]);
    await send('touchMove', first);
    await send('touchStart', first, second);
    await send('touchMove', first, [second[0] - 20, second[1]]);
    await redrawn(page);
    near(await written(triangle), [0.6, 0.2, 0.2], 0.01);
    await send('touchEnd');
    await done(visitor);
  });

  test('that is taken away leaves the point where it was', async () => {
    const visitor = await embed('<varentropy-triangle id="t"></varentropy-triangle>', {
      hasTouch: true,
      viewport: { width: 600, height: 900 },
    });
    const { page } = visitor;
    const triangle = page.locator('#t');
    const corners = await places(triangle, [1, 0, 0], [0, 1, 0], [0, 0, 1], [0.34, 0.33, 0.33]);
    const touch = await page.context().newCDPSession(page);
    const send = (type, ...points) =>
      touch.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: points.map(([x, y]) => ({ x, y })),
      });
    await send('touchStart', corners[3]);
    await send('touchMove', mix(corners, [0.2, 0.6, 0.2]));
    await send('touchCancel');
    await eventually(async () => assert.deepEqual((await visitor.heard()).at(-1).type, 'change'));
    near(await written(triangle), [0.2, 0.6, 0.2], 0.01);
    await done(visitor);
  });

  test('cannot move what is locked', async () => {
    const visitor = await embed(
      '<varentropy-triangle id="t" p="0.34 0.33 0.33" locked></varentropy-triangle><varentropy-curve id="c" p="0.3" locked></varentropy-curve>',
    );
    const { page } = visitor;
    await started(page);
    for (const [id, p] of [
      ['t', '0.34 0.33 0.33'],
      ['c', '0.3'],
    ]) {
      const chart = page.locator(`#${id}`);
      const [x, y] = await middle(chart);
      await drag(page, chart, [x + 40, y]);
      assert.equal(await chart.getAttribute('p'), p);
      assert.equal(await ring(chart).getAttribute('aria-disabled'), 'true');
      for (const input of await chart.locator('input').all()) assert.ok(await input.isDisabled());
    }
    assert.deepEqual(await visitor.heard(), []);
    await done(visitor);
  });
});
