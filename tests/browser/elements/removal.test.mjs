// Elements that are taken out.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { drag, mix, near, places, shows, written } from '../support/charts.mjs';
import { atHost, done } from '../support/elements.mjs';
import { SCRIPT } from '../support/host.mjs';

const here = atHost();
const { embed } = here;

describe('removal', () => {
  test('at any moment breaks nothing', async () => {
    const visitor = await embed(
      '<div id="here"><varentropy-triangle id="t" p="0.5 0.3 0.2"></varentropy-triangle></div><div id="there"></div>',
      { page: { head: SCRIPT } },
    );
    const { page } = visitor;
    // Before, while and after it starts.
    await page.evaluate(async () => {
      for (let i = 0; i < 60; i += 1) {
        for (const name of ['curve', 'triangle', 'plane']) {
          const chart = document.createElement(`varentropy-${name}`);
          document.getElementById('here').append(chart);
          if (i % 3)
            await new Promise((resolve) =>
              i % 3 === 1 ? requestAnimationFrame(resolve) : setTimeout(resolve, i),
            );
          chart.p = name === 'curve' ? i / 60 : [i, 60 - i, 1];
          chart.remove();
        }
      }
    });
    visitor.warnings.length = 0;
    const triangle = page.locator('#t');
    const corners = await places(triangle, [1, 0, 0], [0, 1, 0], [0, 0, 1], [0.4, 0.3, 0.3]);
    // While it is dragged.
    await page.mouse.move(...corners[3]);
    await page.mouse.down();
    await page.mouse.move(...mix(corners, [0.5, 0.25, 0.25]), { steps: 3 });
    await triangle.evaluate((it) => {
      window.kept = /** @type {HTMLElement} */ (it);
      it.remove();
    });
    await page.mouse.move(...mix(corners, [0.2, 0.6, 0.2]), { steps: 3 });
    await page.mouse.up();
    await page.evaluate(() => document.getElementById('here').append(window.kept));
    const now = await written(triangle);
    near(now, [0.5, 0.25, 0.25], 0.01);
    await shows(triangle, now);
    await page.mouse.move(...mix(corners, [0.3, 0.6, 0.1]), { steps: 3 });
    await page.mouse.move(...mix(corners, [0.3, 0.3, 0.4]), { steps: 3 });
    assert.deepEqual(await written(triangle), now, 'no button is down');
    // Elsewhere it goes on.
    await page.evaluate(() => document.getElementById('there').append(window.kept));
    await drag(
      page,
      triangle,
      mix(await places(triangle, [1, 0, 0], [0, 1, 0], [0, 0, 1]), [0.2, 0.6, 0.2]),
    );
    near(await written(triangle), [0.2, 0.6, 0.2], 0.01);
    await done(visitor);
  });
});
