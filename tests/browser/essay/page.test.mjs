// The page of the essay: what it shows works.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { atEssay, CHARTS, hasStarted, startAll, started } from '../support/essay.mjs';
import { eventually } from '../support/wait.mjs';

const { open } = atEssay();

describe('the page', () => {
  test('every chart starts when it is scrolled to, without a warning, also after a reload', async () => {
    const visitor = await open();
    const last = visitor.page.locator('#real-plane');
    await started(visitor.page.locator(CHARTS).first());
    assert.equal(await last.evaluate(hasStarted), false, 'what is far away waits');
    assert.ok((await startAll(visitor)) > 10);
    assert.equal(await last.evaluate(hasStarted), true);
    await visitor.page.reload();
    await last.scrollIntoViewIfNeeded();
    await started(last);
    assert.deepEqual(visitor.errors, []);
    await visitor.close();
  });

  test('every button moves its chart, and on a phone the picture is in view then', async () => {
    const visitor = await open({ viewport: { width: 390, height: 844 }, hasTouch: true });
    await startAll(visitor);
    for (const button of await visitor.page.locator('button[data-chart]').all()) {
      await button.tap();
      const { chart, set = '', token } = await button.evaluate(({ dataset }) => ({ ...dataset }));
      for (const id of chart.split(' ')) {
        for (const [name, value] of new URLSearchParams(set)) {
          assert.equal(
            await visitor.page.locator(`#${id}`).getAttribute(name),
            value === '' ? null : value,
            `${id} ${set}`,
          );
        }
        await eventually(async () => {
          const { top, bottom, room } = await visitor.page.locator(`#${id}`).evaluate((it) => {
            const picture = it.shadowRoot.querySelector('.figure, .turn');
            const { top, bottom } = picture.getBoundingClientRect();
            const bar = document.querySelector('.contents').getBoundingClientRect();
            return { top, bottom, room: bar.top };
          });
          assert.ok(top >= -0.5 && bottom <= room + 0.5, `${id} ${set}: ${top} to ${bottom}`);
        });
      }
      if (token)
        assert.equal(
          await visitor.page.locator(`#${chart}`).evaluate((it) => it.selected),
          Number(token) - 1,
        );
    }
    assert.deepEqual(visitor.errors, []);
    await visitor.close();
  });

  for (const width of [390, 768, 1440]) {
    test(`nothing is wider than a window of ${width} pixels`, async () => {
      const visitor = await open({ viewport: { width, height: 844 } });
      await startAll(visitor);
      const wide = await visitor.page.evaluate(() =>
        [...document.querySelectorAll('body *')]
          .filter(
            (element) =>
              !element.closest('pre') && element.getBoundingClientRect().right > innerWidth + 0.5,
          )
          .map((element) => element.outerHTML.slice(0, 80)),
      );
      assert.deepEqual(wide, []);
      assert.ok((await visitor.page.evaluate(() => document.documentElement.scrollWidth)) <= width);
      await visitor.close();
    });
  }
});
