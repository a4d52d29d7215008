// Links within the essay lead where they say, in both browsers, though the charts that the way passes start only
// then.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { inBoth } from '../support/browsers.mjs';
import { served } from '../support/site.mjs';
import { eventually } from '../support/wait.mjs';

let site;
before(async () => {
  site = await served();
});

const SIZES = [
  { width: 1280, height: 900 },
  { width: 390, height: 844 },
];
const OPENED = ['chat'];

/** Where a heading is, in CSS px below the top of the window, when all charts near it have started. */
const arrives = (page, id) =>
  eventually(async () => {
    const { top, waiting, moves } = await page.evaluate(async (id) => {
      const section = document.getElementById(id);
      const before = section.getBoundingClientRect().top;
      for (let frame = 0; frame < 10; frame += 1) await new Promise(requestAnimationFrame);
      const { top } = section.getBoundingClientRect();
      const near = (element) => {
        const box = element.getBoundingClientRect();
        return box.top < innerHeight && box.bottom > 0;
      };
      const charts = document.querySelectorAll(
        'main :is(varentropy-curve, varentropy-triangle, varentropy-plane, entropix-trace)',
      );
      const waiting = [...charts].filter((chart) => near(chart) && !chart.started).length;
      return { top, waiting, moves: before !== top };
    }, id);
    assert.ok(!moves && waiting === 0 && Math.abs(top) <= 40, `#${id} is ${top} px from the top`);
  });

inBoth('the way to a section', ({ page: open }) => {
  for (const size of SIZES) {
    test(`by a click in the contents, ${size.width} px wide`, async () => {
      const page = await open(`${site.url}explore.html`, size);
      const summary = await page.waitForSelector('.contents summary');
      const all = await page.$$eval('.contents a', (links) =>
        links.map(({ hash }) => hash.slice(1)),
      );
      assert.ok(all.length > 12, `${all.length} links`);
      // To and fro: the last, the first, the last but one, …
      const order = all.map((_, i) => all.at(i % 2 ? (i - 1) / 2 : -1 - i / 2));
      // All of them where they are farthest apart.
      for (const id of size.width < 400 ? order : order.slice(0, 4)) {
        if (await summary.isVisible()) await summary.click();
        await (await page.waitForSelector(`.contents a[href="#${id}"]`, { visible: true })).click();
        await arrives(page, id);
        const current = await page.$$eval('.contents [aria-current]', (all) =>
          all.map(({ hash }) => hash),
        );
        assert.deepEqual(current, [`#${id}`]);
      }
      await page.close();
    });

    test(`by an address, ${size.width} px wide`, async () => {
      for (const id of OPENED) {
        const page = await open(`${site.url}explore.html#${id}`, size);
        await arrives(page, id);
        await page.close();
      }
    });
  }
});
