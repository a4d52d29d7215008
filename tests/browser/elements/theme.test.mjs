// Light and dark.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { started } from '../support/charts.mjs';
import { atHost, done } from '../support/elements.mjs';
import { eventually } from '../support/wait.mjs';

const { embed } = atHost();

describe('the theme', () => {
  const dark = (chart) =>
    chart.locator('.values').evaluate((element) => {
      const canvas = new OffscreenCanvas(1, 1).getContext('2d');
      canvas.fillStyle = getComputedStyle(element).color;
      canvas.fillRect(0, 0, 1, 1);
      return canvas.getImageData(0, 0, 1, 1).data[0] > 128;
    });

  test("is the page's, or the attribute's", async () => {
    const visitor = await embed(
      '<varentropy-curve id="c"></varentropy-curve><varentropy-curve id="l" theme="light"></varentropy-curve><varentropy-curve id="d" theme="dark"></varentropy-curve>',
    );
    const { page } = visitor;
    await started(page);
    for (const colorScheme of /** @type {const} */ (['light', 'dark', 'light'])) {
      await page.emulateMedia({ colorScheme });
      await eventually(async () =>
        assert.deepEqual(
          await Promise.all(['c', 'l', 'd'].map((id) => dark(page.locator(`#${id}`)))),
          [colorScheme === 'dark', false, true],
        ),
      );
    }
    await page.locator('#c').evaluate((it) => {
      it.theme = 'dark';
    });
    await eventually(async () => assert.equal(await dark(page.locator('#c')), true));
    await page.locator('#c').evaluate((it) => {
      it.theme = null;
    });
    await eventually(async () => assert.equal(await dark(page.locator('#c')), false));
    await done(visitor);
  });

  test('of a page that knows light only stays light', async () => {
    const visitor = await embed('<varentropy-curve id="c"></varentropy-curve>', {
      page: { attributes: 'class="light-only"' },
      colorScheme: 'dark',
    });
    await started(visitor.page);
    assert.equal(await dark(visitor.page.locator('#c')), false);
    await done(visitor);
  });

  test("has the host's colours", async () => {
    const visitor = await embed(
      '<div class="coloured"><varentropy-curve id="c"></varentropy-curve></div>',
    );
    await started(visitor.page);
    assert.equal(
      await visitor.page
        .locator('#c .values')
        .evaluate((element) => getComputedStyle(element).color),
      'rgb(1, 2, 3)',
    );
    await done(visitor);
  });
});
