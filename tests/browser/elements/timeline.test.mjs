// The timeline of an answer's entropy: its scale, and hands on it.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { quantity } from '../../../crates/embed/js/marks.js';
import { inBoth } from '../support/browsers.mjs';
import { near } from '../support/charts.mjs';
import { recorded } from '../support/json.mjs';
import { served } from '../support/site.mjs';
import { eventually, redrawn } from '../support/wait.mjs';

/** @type {Awaited<ReturnType<typeof served>>} */
let site;
before(async () => {
  site = await served();
});

const look = (page) =>
  page.evaluate(() => {
    const inside = (element, selector) => element?.shadowRoot?.querySelector(selector);
    const strip = inside(document.querySelector('entropix-trace'), 'entropix-tokens');
    const root = inside(strip, 'entropix-inspector')?.shadowRoot;
    const line = root?.querySelector('.timeline .line');
    const canvas = line?.querySelector('canvas');
    const pixels = canvas?.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
    if (!pixels?.some(Boolean)) return null;
    const { left, top, width, height } = line.getBoundingClientRect();
    const count = strip.entries.length;
    /** Painted pixels below each other in the middle of a bar, in px. */
    const tall = (index) => {
      const x = Math.floor(((index + 0.4) / count) * canvas.width);
      const rows = Array.from({ length: canvas.height }, (_, y) => y);
      const painted = rows.filter((y) => pixels[4 * (y * canvas.width + x) + 3]);
      return (painted.length / canvas.height) * canvas.clientHeight;
    };
    return {
      selected: strip.selected,
      box: [left, top, width, height],
      bars: strip.entries.map((_, index) => [left + ((index + 0.5) / count) * width, tall(index)]),
      text: root.querySelector('.timeline').innerText.split(/\s*\n\s*/),
      ends: Array.from(root.querySelectorAll('figcaption span'), (each) => each.offsetTop),
      spoken: line.getAttribute('aria-valuetext'),
      wide: document.documentElement.scrollWidth,
      all: root.querySelector('section').innerText,
    };
  });

inBoth('the timeline', ({ page: open }) => {
  for (const width of [280, 800]) {
    test(`has a linear scale with unit, and takes hands and keys, at ${width} px`, async () => {
      const { tokens } = await recorded('larger-b');
      const page = await open(`${site.url}embed.html?chart=trace&src=traces/larger-b.json`, {
        width,
        height: 3000,
      });
      const seen = await eventually(async () => {
        const seen = await look(page);
        assert.equal(seen?.bars.length, tokens.length);
        return seen;
      });
      assert.deepEqual(seen.text, ['8 bits', '0', '1', 'entropy H, token by token', '100']);
      assert.equal(seen.ends[0], seen.ends[1], 'its ends stand on one line');
      const [left, , across, height] = seen.box;
      assert.ok(height >= 44 && left + across <= width && seen.wide <= width, `${seen.box}`);
      const entropy = tokens.map(({ decision }) => decision.uncertainty.entropy_bits);
      // What is nearly 0 has a line, and pixels are whole.
      near(
        seen.bars.map(([, tall]) => tall),
        entropy.map((h) => (h / 8) * (height - 2)),
        1.6,
        'heights in proportion to H',
      );
      const showsNow = async (index) => {
        const now = await look(page);
        assert.equal(now.selected, index);
        assert.equal(now.spoken, `token ${index + 1}, H ${quantity(entropy[index])} bits`);
      };
      const shows = (index) => eventually(() => showsNow(index));
      const y = seen.box[1] + 20;
      await page.mouse.click(seen.bars[40][0], y);
      await shows(40);
      // A busy machine may hold a finger down for so long that it is no tap.
      await eventually(async () => {
        await page.touchscreen.tap(seen.bars[70][0], y);
        await redrawn(page);
        await showsNow(70);
      });
      await page.evaluate(() => {
        const trace = document.querySelector('entropix-trace').shadowRoot;
        const strip = trace.querySelector('entropix-tokens').shadowRoot;
        const inspector = strip.querySelector('entropix-inspector').shadowRoot;
        /** @type {any} */ (inspector.querySelector('.timeline .line')).focus();
      });
      for (const [key, index] of /** @type {[any, number][]} */ ([
        ['ArrowLeft', 69],
        ['Home', 0],
        ['ArrowRight', 1],
        ['End', 99],
      ])) {
        await page.keyboard.press(key);
        await shows(index);
      }
      await page.close();
    });
  }
});
