// The charts as people meet them: what they show, and hands on them. And their maths, once more.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { eventually } from './wait.mjs';

/** H in bits and V in bits². */
export function hv(p) {
  const live = p.filter((q) => q > 0);
  const h = live.reduce((sum, q) => sum - q * Math.log2(q), 0);
  return [h, live.reduce((sum, q) => sum + q * (Math.log2(q) + h) ** 2, 0)];
}
export const normal = (weights) => {
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / sum);
};
export const heat = (p, temperature) => normal(p.map((q) => q ** (1 / temperature)));

const registry = readFileSync(
  new URL('../../../crates/embed/js/embed.js', import.meta.url),
  'utf8',
);
const names = Array.from(registry.matchAll(/\b'?(\w+-\w+)'?: (?=[A-Z'])/g), ([, name]) => name);
assert.ok(names.length >= 8, 'the registry of the elements is not understood');
/** All elements that draw a picture; words are none. */
export const ALL = names.filter((name) => !/tint|markdown/.test(name)).join(', ');
export const ring = (chart) => chart.locator('.handle');

/** Waits until an element has drawn, its thresholds included: what moves them comes in a file of its own. */
export const drawn = (element) =>
  eventually(async () => {
    assert.ok(
      await element.evaluate(
        ({ shadowRoot, offsetHeight }) =>
          Boolean(shadowRoot) &&
          !shadowRoot.querySelector('slot, .rules:not([hidden]) > ul:empty') &&
          offsetHeight > 20,
      ),
      'it has not drawn',
    );
  });
export const started = async (page, selector = ALL) => {
  for (const element of await page.locator(selector).all()) {
    // What stands in a tab that is not open draws when it is opened.
    if (!(await element.evaluate((it) => it.checkVisibility()))) continue;
    await element.scrollIntoViewIfNeeded();
    await drawn(element);
  }
};

/** The values beneath a chart. */
export async function values(chart) {
  const text = await chart.locator('.values').innerText();
  const found = text.match(/H ([\d.]+) (bits|nats)\s+V ([\d.]+) (?:bits|nats)²/);
  assert.ok(found, `"${text}" has no H and V`);
  return { h: Number(found[1]), v: Number(found[3]), unit: found[2], text };
}

/** Waits until a chart shows what the definition gives for these probabilities. */
export const shows = (chart, p, unit = 'bits') =>
  eventually(async () => {
    const [h, v] = hv(p);
    const scale = unit === 'nats' ? Math.LN2 : 1;
    const shown = await values(chart);
    assert.equal(shown.unit, unit);
    assert.ok(
      Math.abs(shown.h - h * scale) < 5.1e-4 && Math.abs(shown.v - v * scale * scale) < 5.1e-4,
      `${shown.text} for ${p}: ${h * scale}, ${v * scale * scale}`,
    );
    // What can't be moved has a name alone.
    const spoken =
      (await ring(chart).getAttribute('aria-valuetext')) ??
      (await ring(chart).getAttribute('aria-label'));
    assert.ok(spoken.endsWith(`H ${shown.h.toFixed(3)} ${unit}, V ${shown.v.toFixed(3)} ${unit}²`));
  });

/**
 * Middle of the handle, in px of the window.
 * @returns {Promise<[number, number]>}
 */
export const middle = (chart) =>
  chart.evaluate(({ shadowRoot }) => {
    const { left, top, width, height } = shadowRoot
      .querySelector('.handle .ring')
      .getBoundingClientRect();
    return [left + width / 2, top + height / 2];
  });
export const near = (a, b, within, what) =>
  assert.ok(
    a.every((x, i) => Math.abs(x - b[i]) <= within),
    `${what ?? 'a place'}: [${a}] is not [${b}]`,
  );
/** The probabilities in a chart's attribute. */
export const written = async (chart) => {
  const p = (await chart.getAttribute('p')).split(' ').map(Number);
  return p.length === 1 ? [p[0], 1 - p[0]] : p;
};

/** Where the handle is for these values of `p`. */
export async function places(chart, ...all) {
  const found = /** @type {[number, number][]} */ ([]);
  for (const p of all) {
    await chart.evaluate((it, value) => {
      it.p = value;
      // All corners have the same values: it has drawn in the next frame.
      return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    }, p);
    await shows(chart, Array.isArray(p) ? p : [p, 1 - p]);
    found.push(await middle(chart));
  }
  return found;
}
/**
 * The place with these shares of the corners.
 * @returns {[number, number]}
 */
export const mix = (corners, p) => {
  const along = (axis) => p.reduce((sum, share, i) => sum + share * corners[i][axis], 0);
  return [along(0), along(1)];
};

/** Drags the handle with the mouse. */
export async function drag(page, chart, to, check) {
  await page.mouse.move(...(await middle(chart)));
  await page.mouse.down();
  await page.mouse.move(...to, { steps: 5 });
  await check?.();
  await page.mouse.up();
}

/** A finger: [x, y] after [x, y]. */
export async function swipe(page, path) {
  const touch = await page.context().newCDPSession(page);
  const send = (type, at) =>
    touch.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: at ? [{ x: at[0], y: at[1] }] : [],
    });
  await send('touchStart', path[0]);
  for (const at of path.slice(1)) {
    await send('touchMove', at);
    await page.waitForTimeout(20);
  }
  await send('touchEnd');
}
