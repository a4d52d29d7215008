// Charts in every kind of box, in both browsers: as wide as there is room, and where the pointer is.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { atSomebodys, inBoth } from '../support/browsers.mjs';
import { documented, POLICY, SCRIPT } from '../support/host.mjs';
import { eventually } from '../support/wait.mjs';

const CURVE = '<varentropy-curve p="0.8" labels="rain,sun"></varentropy-curve>';
const TRIANGLE = '<varentropy-triangle mode="rules"></varentropy-triangle>';
const PLANE = '<varentropy-plane preset="B" p="0.5 0.3 0.2"></varentropy-plane>';

/** Boxes that are as wide as the window allows, and such as shrink to what is in them. */
const BOXES = {
  block: CURVE,
  grid: `<nav>Contents</nav><div>${TRIANGLE}</div>`,
  flex: `<div>${PLANE}</div><div>${CURVE}</div>`,
  float: TRIANGLE,
  'inline-block': PLANE,
  cell: `<table><tr><td>${CURVE}<td>${CURVE}</table>`,
  'min-content': CURVE,
  padded: CURVE + TRIANGLE,
};
const CSS = `
.grid { display: grid; grid-template-columns: 6rem 1fr; }
.flex { display: flex; gap: 1rem; }
.float > * { float: left; }
.float::after { content: ""; display: block; clear: both; }
.inline-block > * { display: inline-block; }
.min-content { display: grid; grid-template-columns: min-content 1fr; }
.padded > * { padding: 24px; border: 4px solid; }
`;

const here = atSomebodys();

/** Publishes a page of a blogger. */
function page(css, body) {
  here.host.publish('layout.css', css);
  return here.host.page(body, {
    head: `<link rel="stylesheet" href="layout.css">${SCRIPT}`,
    // Firefox asks for an icon.
    policy: `${POLICY.elements}; img-src 'self'`,
  });
}

/** Runs in a page: the room that each chart has, and its picture's box; what sticks out of the window. */
function measured() {
  const charts = [
    ...document.querySelectorAll(
      '[class] :is(varentropy-curve, varentropy-triangle, varentropy-plane)',
    ),
  ];
  return {
    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    boxes: charts.map((chart) => {
      const style = getComputedStyle(chart);
      const { left, width } = chart.getBoundingClientRect();
      const [before, behind] = ['left', 'right'].map(
        (side) => parseFloat(style[`padding-${side}`]) + parseFloat(style[`border-${side}-width`]),
      );
      const svg = chart.shadowRoot.querySelector('svg')?.getBoundingClientRect();
      return {
        kind: chart.closest('[class]').className,
        room: [left + before, width - before - behind],
        picture: svg && [svg.left, svg.width],
        drawn: Boolean(chart.shadowRoot.querySelector('svg path')),
      };
    }),
  };
}

inBoth('a chart', (browser) => {
  test('is as wide as its box, which grows and shrinks with the window', async () => {
    const errors = [];
    const body = Object.entries(BOXES).map(
      ([kind, inside]) => `<div class="${kind}">${inside}</div>`,
    );
    const look = { width: 390, height: 9000 };
    const tab = await browser.page(page(CSS, body.join('')), look, errors);
    const widths = {};
    for (const width of [390, 844, 1400, 700, 320, 280]) {
      await tab.setViewport({ width, height: 9000 });
      await eventually(async () => {
        const { wide, boxes } = await tab.evaluate(measured);
        assert.equal(wide, 0, `${width} px: the page scrolls sideways by ${wide} px`);
        for (const { kind, room, picture, drawn } of boxes) {
          assert.ok(drawn, `${kind} has not drawn`);
          for (const side of [0, 1])
            assert.ok(
              Math.abs(room[side] - picture[side]) < 0.1,
              `${kind} at ${width} px: ${picture} in ${room}`,
            );
          assert.ok(room[1] >= 95.9 || kind === 'padded', `${kind} at ${width} px: ${room[1]} px`);
          widths[kind] = { ...widths[kind], [width]: room[1] };
        }
      });
    }
    for (const kind of ['block', 'grid', 'flex', 'padded'])
      assert.ok(
        widths[kind][320] < widths[kind][390] && widths[kind][390] < widths[kind][700],
        kind,
      );
    for (const kind of ['float', 'inline-block']) assert.equal(widths[kind][1400], 480, kind);
    assert.deepEqual(errors, []);
    await tab.close();
  });

  test('is dragged to where the pointer is, whatever is transformed', async () => {
    const errors = [];
    const kinds = ['scaled', 'turned', 'skewed', 'zoomed', 'deep'];
    const css = `main { max-width: 20rem; margin: 0 10rem; } div { margin: 4rem 0; }
.scaled { transform: scale(.7, 1.2); } .turned { transform: rotate(33deg); } .skewed { transform: skew(20deg, 5deg); }
.zoomed { zoom: 1.3; } .deep { transform: perspective(600px) rotateY(35deg) rotateX(10deg); }`;
    const body = kinds.map(
      (kind) =>
        `<div class="${kind}"><varentropy-triangle controls="none" p="1 1 1"></varentropy-triangle></div>`,
    );
    const tab = await browser.page(page(css, body.join('')), { width: 900, height: 3000 }, errors);
    for (const kind of kinds) {
      const chart = `.${kind} > *`;
      // Middle of the ring, in px of the window, for these probabilities.
      /** @returns {Promise<[number, number]>} */
      const place = (p) =>
        tab.$eval(
          chart,
          async (element, value) => {
            if (value) element.setAttribute('p', value);
            for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
            const ring = element.shadowRoot.querySelector('.handle .ring').getBoundingClientRect();
            return /** @type {[number, number]} */ ([
              ring.left + ring.width / 2,
              ring.top + ring.height / 2,
            ]);
          },
          p,
        );
      await eventually(async () =>
        assert.ok(
          await tab.$eval(chart, ({ shadowRoot }) => Boolean(shadowRoot.querySelector('svg path'))),
        ),
      );
      const to = await place('0.6 0.1 0.3');
      const from = await place('0.2 0.5 0.3');
      await tab.mouse.move(...from);
      await tab.mouse.down();
      await tab.mouse.move(...to);
      await tab.mouse.up();
      const at = await place();
      const p = (await tab.$eval(chart, (element) => element.getAttribute('p')))
        .split(' ')
        .map(Number);
      // A ring's box in perspective is not exactly about its middle.
      for (const [i, share] of [0.6, 0.1, 0.3].entries())
        assert.ok(
          Math.abs(p[i] - share) < 0.01,
          `${kind}: ${p}, the ring at ${at}, the pointer at ${to}`,
        );
    }
    assert.deepEqual(errors, []);
    await tab.close();
  });

  test('is whole in the frame of the README, without a word from it', async () => {
    const frame = documented('html', '<iframe');
    const url = here.host.page(frame, { policy: POLICY.frame });
    for (const width of [704, 390]) {
      const tab = await browser.page(url, { width, height: 900 });
      await eventually(async () => {
        const inside = tab.frames().find((each) => each.url().includes('chart='));
        const { drawn, needs, has, picture } = await inside.evaluate(() => {
          const { shadowRoot } = document.querySelector('varentropy-triangle');
          return {
            drawn: !shadowRoot.querySelector('slot'),
            needs: document.documentElement.scrollHeight,
            has: innerHeight,
            picture: shadowRoot.querySelector('.figure').getBoundingClientRect().height,
          };
        });
        assert.ok(drawn && needs <= has, `${needs} px in a frame of ${has}`);
        assert.ok(picture > 200, `the picture is ${picture} px high`);
      });
      await tab.close();
    }
  });

  test('has the pixels of the screen it is on', async () => {
    const tab = await browser.page(page('', CURVE), { width: 600, density: 1 });
    for (const density of [1, 2, 3, 1.5]) {
      await tab.setViewport({ width: 600, height: 900, deviceScaleFactor: density });
      await eventually(async () => {
        const [columns, width] = await tab.$eval('varentropy-curve', ({ shadowRoot }) => {
          const canvas = shadowRoot.querySelector('canvas');
          return [canvas.width, canvas.clientWidth];
        });
        assert.ok(
          width > 300 && Math.abs(columns - width * density) <= density,
          `${columns} for ${width} at ${density}`,
        );
      });
    }
    await tab.close();
  });
});
