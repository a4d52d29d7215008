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

  test('on a phone the contents open and close by touch and by keyboard, and lead to the game', async () => {
    const visitor = await open({ viewport: { width: 390, height: 844 }, hasTouch: true });
    const { page } = visitor;
    const contents = page.getByRole('navigation', { name: 'Contents' });
    const summary = contents.locator('summary');
    const link = contents.getByRole('link', { name: 'Be the sampler' });
    const focused = () => summary.evaluate((it) => it === document.activeElement);
    await link.waitFor({ state: 'hidden' });
    await summary.focus();
    await page.keyboard.press('Enter');
    await link.waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Escape');
    await link.waitFor({ state: 'hidden' });
    assert.ok(await focused(), 'the focus goes back');
    await summary.tap();
    await page.locator('h1').tap();
    await link.waitFor({ state: 'hidden' });
    await summary.tap();
    await link.tap();
    await link.waitFor({ state: 'hidden' });
    await page.locator('.choices button').first().tap();
    const room = await summary.evaluate((it) => it.getBoundingClientRect().top);
    await eventually(async () => {
      const [{ top }, { bottom }] = await Promise.all(
        ['.shares', '.next'].map((part) =>
          page.locator(part).evaluate((it) => it.getBoundingClientRect().toJSON()),
        ),
      );
      assert.ok(top > 0 && bottom <= room, `shares from ${top}, button to ${bottom}`);
    });
    assert.equal(await summary.locator('.here').textContent(), 'Be the sampler');
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.equal(wide, 390);
    await visitor.close();
  });

  test('beside the text the contents are always open, and mark where one is', async () => {
    const visitor = await open({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });
    const { page } = visitor;
    const links = page.getByRole('navigation', { name: 'Contents' }).getByRole('link');
    for (const id of ['fork', 'claims', 'sources', 'pictures']) {
      await page.evaluate((id) => document.getElementById(id).scrollIntoView(), id);
      await eventually(async () =>
        assert.deepEqual(
          await links.evaluateAll((all) =>
            all.filter((a) => a.ariaCurrent === 'location').map((a) => a.hash),
          ),
          [`#${id}`],
        ),
      );
      for (const link of await links.all()) {
        const { y, height } = await link.boundingBox();
        assert.ok(y >= 0 && y + height <= 900, 'all of it is in the window');
      }
    }
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
