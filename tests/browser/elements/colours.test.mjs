// The colours of text: the same under a word and on the plane, in one order on light and on dark, with a key.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { atSomebodys, inBoth } from '../support/browsers.mjs';
import { eventually } from '../support/wait.mjs';

/** Pairs [H, V]: V below, at and above what is usual at that H, from certain to unsure. */
const POINTS = [0.3, 1, 2.5, 5].flatMap((h) => {
  const usual = 3.6 * (1 - Math.exp(-Math.sqrt(h)));
  return [0.7, 1, 1.25].map((share) => [h, (share * usual) ** 2]);
});
const BODY = `${POINTS.map(([h, v]) => `<entropix-tint h="${h}" v="${v}">word</entropix-tint>`).join(' ')}
<div><varentropy-plane points="${POINTS.map((pair) => pair.join()).join(' ')}"></varentropy-plane>
<varentropy-plane n="3" scale="fit"></varentropy-plane><varentropy-triangle></varentropy-triangle>
<varentropy-triangle mode="rules"></varentropy-triangle><varentropy-triangle mode="v" key="none"></varentropy-triangle>
<varentropy-curve units="nats"></varentropy-curve><entropix-tokens></entropix-tokens></div>`;

const here = atSomebodys();

/** Colours of words and of the plane beneath their dots, 0 to 255; and the keys. Null before all is drawn. */
const look = () => {
  const charts = [
    ...document.querySelectorAll('varentropy-plane, varentropy-triangle, varentropy-curve'),
  ];
  const strip = document.querySelector('entropix-tokens');
  if (![...charts, strip].every((chart) => chart.shadowRoot.querySelector('.key'))) return null;
  const { canvas } = /** @type {any} */ (charts[0]);
  const spots = [...charts[0].shadowRoot.querySelectorAll('.spot')];
  if (!canvas?.width || !spots.length) return null;
  const box = canvas.getBoundingClientRect();
  const scratch = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const rgb = (/** @type {string} */ css) => {
    scratch.fillStyle = css;
    scratch.fillRect(0, 0, 1, 1);
    return [...scratch.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  return {
    words: [...document.querySelectorAll('entropix-tint')].map((element) =>
      rgb(getComputedStyle(element.shadowRoot.querySelector('span')).backgroundColor),
    ),
    plane: spots.map((spot) => {
      const { left, top, width, height } = spot.getBoundingClientRect();
      const x = ((left + width / 2 - box.left) / box.width) * canvas.width;
      const y = ((top + height / 2 - box.top) / box.height) * canvas.height;
      return [...canvas.getContext('2d').getImageData(x, y, 1, 1).data].slice(0, 3);
    }),
    keys: [...charts, strip].map(({ shadowRoot }) => {
      const key = shadowRoot.querySelector('.key');
      const outer = shadowRoot.host.getBoundingClientRect();
      const inner = [...key.querySelectorAll('span, canvas')].map((each) =>
        each.getBoundingClientRect(),
      );
      return {
        shown: key.checkVisibility(),
        label: key.getAttribute('aria-label'),
        text: key.textContent,
        height: key.getBoundingClientRect().height,
        inside: inner.every(
          // Narrower than it can be, it is not shown.
          ({ left, right, width }) =>
            !width || (left >= outer.left - 1 && right <= outer.right + 1),
        ),
      };
    }),
  };
};

const TEXT = 'Word coloursV below usualusualaboveH 0 ↓ 8 bits';

for (const dark of [false, true]) {
  inBoth(
    `colours of text on ${dark ? 'dark' : 'light'} paper`,
    ({ page: open }) => {
      test('are those of the plane, say V by hue and H by depth, and have a key that tells them from those of charts', async () => {
        const page = await open(here.host.page(BODY), { width: 320, height: 6000 });
        const seen = await eventually(async () => {
          const seen = await page.evaluate(look);
          assert.ok(seen);
          return seen;
        });
        // A dot's middle is not the pixel's.
        for (const [i, word] of seen.words.entries())
          for (const [k, component] of word.entries())
            assert.ok(
              Math.abs(component - seen.plane[i][k]) <= 6,
              `${POINTS[i]}: ${word}, ${seen.plane[i]}`,
            );
        const paper = dark ? 0 : 255;
        const depth = (/** @type {number[]} */ colour) =>
          Math.abs(
            colour.reduce((sum, each, k) => sum + [0.21, 0.72, 0.07][k] * (each - paper), 0),
          );
        for (const colours of [seen.words, seen.plane]) {
          for (const [i, [r, , b]] of colours.entries()) {
            if (i % 3 === 0) assert.ok(b - r > 8, `${POINTS[i]} is blue: ${colours[i]}`);
            if (i % 3 === 1) assert.ok(Math.abs(b - r) <= 8, `${POINTS[i]} is grey: ${colours[i]}`);
            if (i % 3 === 2) assert.ok(r - b > 8, `${POINTS[i]} is orange: ${colours[i]}`);
            if (i >= 3)
              assert.ok(depth(colours[i]) > depth(colours[i - 3]), `${POINTS[i]} is deeper`);
          }
        }
        const texts = seen.keys.map(({ shown, text }) => shown && text);
        assert.deepEqual(texts, [
          TEXT,
          false,
          'Chart coloursH 01.585 bitsV 0 ↑ 1.586 bits²',
          false,
          false,
          'Chart coloursH 00.693 natsV 0 ↑ 0.439 nats²',
          TEXT,
        ]);
        for (const { shown, label, height, inside } of seen.keys) {
          if (!shown) continue;
          assert.match(label, /^(Chart|Word) colours: /);
          assert.ok(height <= 40 && inside, `${label}: ${height} px`);
        }
        for (const width of [220, 202, 150]) {
          await page.setViewport({ width, height: 6000 });
          await eventually(async () => {
            const { keys } = await page.evaluate(look);
            const out = keys.filter(({ shown, inside }) => shown && !inside);
            assert.deepEqual(out, [], `${width} px`);
          });
        }
        await page.close();
      });
    },
    { dark },
  );
}
