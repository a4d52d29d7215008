// The plane's point, lines and dots, by mouse, finger and keyboard.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { inBoth } from '../support/browsers.mjs';
import { heat, hv, near } from '../support/charts.mjs';
import { served } from '../support/site.mjs';
import { eventually } from '../support/wait.mjs';

/** @type {Awaited<ReturnType<typeof served>>} */
let site;
before(async () => {
  site = await served();
});

const plane = (options) => `${site.url}embed.html?chart=plane&${new URLSearchParams(options)}`;

/** What is seen of a plane, once it has drawn. */
const look = (page) =>
  eventually(async () => {
    const seen = await page.evaluate(async () => {
      const chart = /** @type {any} */ (document.querySelector('varentropy-plane'));
      const root = chart?.shadowRoot;
      const ring = root?.querySelector('.handle');
      if (!root?.querySelector('.edge')) return null;
      // Whoever drew first may have brought a scroll bar.
      const ends = () => root.querySelector('svg').getAttribute('viewBox');
      const first = ends();
      for (let i = 0; i < 3; i += 1) await new Promise(requestAnimationFrame);
      const { clientWidth } = root.querySelector('svg');
      if (ends() !== first || Math.abs(clientWidth - Number(first.split(' ')[2])) > 1) return null;
      const middle = (element) => {
        const { left, top, width, height } = element.getBoundingClientRect();
        return [left + width / 2, top + height / 2];
      };
      /** The middle of a line's first piece; null without. */
      const piece = (path) => {
        const { left, top } = root.querySelector('svg').getBoundingClientRect();
        const [x1, y1, x2, y2] = (path.getAttribute('d').match(/[\d.]+/g) ?? []).map(Number);
        return x1 === undefined ? null : [left + (x1 + x2) / 2, top + (y1 + y2) / 2];
      };
      const named = (element, ...names) =>
        Object.fromEntries(names.map((name) => [name, element.getAttribute(name)]));
      const aria = ['role', 'tabindex', 'aria-label', 'aria-valuetext', 'aria-hidden'];
      return {
        options: named(chart, 'temperature', 'high-entropy', 'high-varentropy'),
        values: root.querySelector('.values').textContent,
        ring: {
          at: middle(ring.querySelector('.ring')),
          cursor: getComputedStyle(ring).cursor,
          ...named(ring, ...aria),
        },
        paths: root.querySelectorAll('.path:not(.back)').length,
        lines: Array.from(root.querySelectorAll('.cut'), (cut) => ({
          name: cut.dataset.name,
          at: piece(cut.querySelector('.held')),
          cursor: getComputedStyle(cut).cursor,
          touch: getComputedStyle(cut.querySelector('.reach')).touchAction,
          ...named(cut, ...aria),
        })),
        spots: named(root.querySelector('.spots'), ...aria),
        dots: Array.from(root.querySelectorAll('.spot'), middle),
        hints: Object.fromEntries(
          Array.from(root.querySelectorAll('.slider'), (slider) => [
            slider.querySelector('span').textContent,
            slider.querySelector('small').textContent,
          ]),
        ),
        rules: Array.from(root.querySelectorAll('.rules li'), (line) => line.textContent),
        background: getComputedStyle(root.querySelector('svg')).cursor,
      };
    });
    assert.ok(seen, 'it has not drawn');
    return seen;
  });

/** Waits until what is seen is as expected. */
const sees = (page, check) =>
  eventually(async () => {
    const seen = await look(page);
    check(seen);
    return seen;
  });
const line = ({ lines }, name) => lines.find((each) => each.name === name);

/**
 * From one place to another, with mouse or finger.
 * @param {number[]} from
 * @param {number[]} to
 */
async function moves(page, from, to, finger = false) {
  const [x, y] = from;
  if (finger) {
    await page.touchscreen.touchStart(x, y);
    for (const share of [0.25, 0.5, 0.75, 1])
      await page.touchscreen.touchMove(x + (to[0] - x) * share, y + (to[1] - y) * share);
    await page.touchscreen.touchEnd();
  } else {
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(to[0], to[1], { steps: 4 });
    await page.mouse.up();
  }
}

inBoth('a plane', ({ page: open }) => {
  test('has a ring that moves along the temperature path of its distribution', async () => {
    const p = [0.7, 0.2, 0.1];
    const page = await open(plane({ p: p.join(' '), n: '3', scale: 'fit' }));
    let seen = await look(page);
    assert.deepEqual([seen.ring.role, seen.ring.cursor, seen.paths], ['slider', 'grab', 0]);
    // A tap a little beside its middle moves nothing.
    const [x, y] = seen.ring.at;
    await moves(page, [x + 3, y], [x + 3, y]);
    seen = await sees(page, ({ paths }) => assert.equal(paths, 1, 'the path is shown'));
    assert.equal(seen.options.temperature, null);
    for (const [dx, dy] of [
      [25, 4],
      [60, -10],
      [-70, 40],
    ]) {
      const from = (await look(page)).ring.at;
      await moves(page, from, [from[0] + dx, from[1] + dy]);
      const now = await sees(page, ({ options }) => assert.ok(options.temperature));
      const [h, v] = hv(heat(p, Number(now.options.temperature)));
      await sees(page, ({ values }) =>
        assert.ok(values.startsWith(`H ${h.toFixed(3)} bitsV ${v.toFixed(3)} bits²`), values),
      );
      assert.ok(Math.sign((await look(page)).ring.at[0] - from[0]) === Math.sign(dx));
    }
    await page.keyboard.press('Home');
    await sees(page, ({ options }) => assert.equal(options.temperature, '1'));
    await page.close();
  });

  for (const [what, options] of Object.entries({
    'a tie': { p: '0.5 0.5' },
    'a certainty': { p: '1 0 0' },
  })) {
    test(`does not offer to move ${what}`, async () => {
      const page = await open(plane(options));
      const { ring, background } = await look(page);
      assert.equal(ring.role, 'img');
      assert.equal(ring.tabindex, null);
      assert.match(ring['aria-label'], /^Point on the plane: H [\d.]+ bits, V 0\.000 bits²$/);
      for (const cursor of [ring.cursor, background]) assert.match(cursor, /^(auto|default)$/);
      await moves(page, ring.at, [ring.at[0] + 40, ring.at[1] - 40]);
      near((await look(page)).ring.at, ring.at, 0.5);
      assert.equal((await look(page)).options.temperature, null);
      await page.close();
    });
  }

  for (const finger of [false, true]) {
    test(`has lines that a ${finger ? 'finger' : 'mouse'} drags, and no tap`, async () => {
      const page = await open(plane({ preset: 'B' }), { width: 500, height: 1200 });
      for (const [
        name,
        beside,
        by,
        cursor,
      ] of /** @type {[string, number[], number[], string][]} */ ([
        ['high-entropy', [3, 0], [-40, 0], 'ew-resize'],
        ['high-varentropy', [0, -3], [0, 30], 'ns-resize'],
      ])) {
        // What moves the lines comes after the picture.
        const seen = await sees(page, (now) => assert.ok(line(now, name)));
        const { at, ...rest } = line(seen, name);
        assert.equal(rest.cursor, cursor);
        // A V line takes the finger; beside an H line the page can be scrolled up and down.
        assert.equal(rest.touch, name === 'high-entropy' ? 'pan-y' : 'none');
        const start = [at[0] + beside[0], at[1] + beside[1]];
        await moves(page, start, start, finger);
        assert.equal((await look(page)).options[name], null, 'tapped');
        await moves(page, start, [start[0] + by[0], start[1] + by[1]], finger);
        await sees(page, (now) => {
          assert.ok(Number(now.options[name]) > 0, 'dragged');
          near(
            [line(now, name).at[name === 'high-entropy' ? 0 : 1]],
            [at[name === 'high-entropy' ? 0 : 1] + by[0] + by[1]],
            2,
          );
        });
      }
      await page.close();
    });
  }

  test('has lines for the keyboard where it has no sliders', async () => {
    const page = await open(plane({ preset: 'B', controls: 'none' }));
    const { lines } = await sees(page, (now) => assert.ok(line(now, 'high-entropy')));
    assert.deepEqual(
      lines
        .filter((each) => each.role === 'slider')
        .map((each) => [each['aria-label'], each['aria-valuetext'], each.tabindex])
        .sort(),
      [
        ['high H', '5.000 bits', '0'],
        ['high V', '5.000 bits²', '0'],
        ['low H', '0.100 bits', '0'],
        ['low V', '0.100 bits²', '0'],
      ],
    );
    const focus = (name) =>
      page.evaluate(
        (name) =>
          /** @type {HTMLElement} */ (
            document
              .querySelector('varentropy-plane')
              .shadowRoot.querySelector(`[data-name=${name}]`)
          ).focus(),
        name,
      );
    await focus('high-entropy');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await sees(page, ({ options }) => {
      const value = Number(options['high-entropy']);
      assert.ok(value > 4 && value < 5, `${value}`);
    });
    await focus('high-varentropy');
    await page.keyboard.press('ArrowUp');
    await sees(page, ({ options }) => assert.ok(Number(options['high-varentropy']) > 5));
    await page.close();
  });

  test('says when a threshold does nothing, and what the lines say', async () => {
    const page = await open(plane({ preset: 'B' }));
    // The list comes a frame after the lines.
    const seen = await sees(page, (now) => {
      assert.ok(line(now, 'medium-entropy'));
      assert.equal(now.rules.length, 5);
    });
    assert.deepEqual(
      Object.entries(seen.hints).filter(([, hint]) => hint),
      [['medium H', 'acts only above high H: branch comes before resample']],
    );
    assert.deepEqual(seen.rules, [
      'argmax H < 0.100 bits, V < 0.100 bits²',
      'insert H > 5.000 bits, V < 0.100 bits²',
      'branch H < 5.000 bits, V > 5.000 bits²',
      'resample H > 3.000 bits, V > 5.000 bits²',
      'adaptive all else; the temperature follows H and V',
    ]);
    assert.equal(line(seen, 'medium-entropy').at, null);
    await page.close();
    const other = await open(plane({ preset: 'B', 'medium-entropy': '8' }));
    const acts = await sees(other, (now) => assert.ok(line(now, 'medium-entropy')));
    assert.equal(acts.hints['medium H'], '');
    assert.ok(line(acts, 'medium-entropy').at);
    await other.close();
  });

  test('has dots for keyboard, mouse and finger', async () => {
    const page = await open(plane({ points: '0.5,0.5 4,4 6,12', preset: 'B' }), {
      width: 500,
      height: 1200,
    });
    const { dots, spots } = await look(page);
    assert.deepEqual(
      [spots.role, spots.tabindex, spots['aria-label'], spots['aria-valuetext']],
      ['slider', '0', 'Points', 'none of 3 is chosen'],
    );
    const chosen = (text) =>
      sees(page, (now) => {
        assert.equal(now.spots['aria-valuetext'], text);
        assert.equal(now.ring.role, 'img');
        assert.ok(text.endsWith(now.ring['aria-label'].replace('Point on the plane: ', '')));
      });
    await page.evaluate(() =>
      /** @type {any} */ (
        document.querySelector('varentropy-plane').shadowRoot.querySelector('.spots')
      ).focus(),
    );
    await page.keyboard.press('ArrowRight');
    await chosen('1 of 3: H 0.500 bits, V 0.500 bits²: adaptive');
    await page.keyboard.press('End');
    await chosen('3 of 3: H 6.000 bits, V 12.000 bits²: resample');
    await page.mouse.click(dots[0][0] + 3, dots[0][1] + 3);
    await chosen('1 of 3: H 0.500 bits, V 0.500 bits²: adaptive');
    await page.touchscreen.tap(dots[1][0] + 12, dots[1][1] + 8);
    await chosen('2 of 3: H 4.000 bits, V 4.000 bits²: adaptive');
    await page.close();
  });
});
