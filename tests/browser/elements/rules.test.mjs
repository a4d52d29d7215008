// Rules of any sampler on the charts, besides the five thresholds.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { started, values } from '../support/charts.mjs';
import { atHost, done } from '../support/elements.mjs';
import { eventually } from '../support/wait.mjs';

const { embed } = atHost();
const B0 = { kind: 'entropix', preset: 'B0' };
const PROMISED = { kind: 'promised', entropy_cut: 1, varentropy_cut: 2 };
const UNSWAPPED = { kind: 'entropix', preset: 'B', swapped_thresholds: false };

/** What a plane says of points, by the rules it is given. */
const POINTS = '0.05,0.05 4,0.05 4,8 6,8 2,1';
/** With how many thresholds that can be moved. */
const COUNTS = /** @type {[string, number[] | null, number][]} */ ([
  [`preset="B"`, [1, 0, 1, 1, 2], 5],
  [`rules='${JSON.stringify(B0)}'`, [1, 1, 1, 1, 1], 5],
  [`rules='${JSON.stringify(UNSWAPPED)}'`, [1, 1, 1, 1, 1], 5],
  [`preset="B" rules="0.1 3 5 5 0.1 5"`, [1, 1, 1, 1, 1], 0],
  [`rules='${JSON.stringify(PROMISED)}'`, [1, 2, 0, 2, 0], 2],
  [`preset="B" rules='{"kind":"greedy"}'`, null, 0],
]);

const note = (page, text) =>
  eventually(async () =>
    assert.match(await page.locator('varentropy-plane .note').innerText(), text),
  );
const words = (counts) =>
  counts
    ? new RegExp(
        ['argmax', 'insert', 'branch', 'resample', 'adaptive']
          .map((name, i) => `${name} ${counts[i]}`)
          .join(', '),
      )
    : /largest V/;

describe('rules', () => {
  for (const [attributes, counts, movable] of COUNTS) {
    test(`as ${attributes}`, async () => {
      const visitor = await embed(
        `<varentropy-plane ${attributes} points="${POINTS}"></varentropy-plane>`,
      );
      await started(visitor.page);
      await note(visitor.page, words(counts));
      const thresholds = await visitor.page
        .locator('varentropy-plane')
        .evaluate(
          ({ shadowRoot }) =>
            [...shadowRoot.querySelectorAll('.slider')].filter((each) => !each.hidden).length,
        );
      assert.equal(thresholds, 1 + movable, 'sliders');
      await done(visitor);
    });
  }

  test('are a property too, and can be taken away', async () => {
    const visitor = await embed(
      `<varentropy-plane preset="B" points="${POINTS}"></varentropy-plane>`,
    );
    const { page } = visitor;
    await started(page);
    const set = (rules) =>
      page.locator('varentropy-plane').evaluate((it, value) => {
        it.rules = value;
      }, rules);
    for (const [rules, counts] of [
      [PROMISED, [1, 2, 0, 2, 0]],
      [
        [0.1, 3, 5, 5, 0.1, 5],
        [1, 1, 1, 1, 1],
      ],
      [null, [1, 0, 1, 1, 2]],
    ]) {
      await set(rules);
      await note(page, words(counts));
    }
    await done(visitor);
  });

  for (const [sampler, name, number] of /** @type {[object, string, string][]} */ ([
    [B0, 'high-entropy', 'high_logits_entropy_threshold'],
    [PROMISED, 'high-varentropy', 'varentropy_cut'],
  ])) {
    test(`of a sampler are moved by ${number}`, async () => {
      const visitor = await embed(
        `<varentropy-plane controls="none" rules='${JSON.stringify(sampler)}' points="${POINTS}"></varentropy-plane>`,
      );
      const { page } = visitor;
      await started(page);
      const plane = page.locator('varentropy-plane');
      const told = plane.evaluate(
        (it, number) =>
          new Promise((resolve) => {
            it.addEventListener('change', () => resolve(/** @type {any} */ (it).rules[number]), {
              once: true,
            });
          }),
        number,
      );
      const cut = plane.locator(`[data-name=${name}][role=slider]`);
      // A line is too thin to be visible to a test.
      await cut.waitFor({ state: 'attached' });
      const before = Number(await cut.getAttribute('aria-valuenow'));
      await cut.focus();
      await page.keyboard.press('ArrowDown');
      const now = await told;
      assert.ok(now < before, `${now} is not below ${before}`);
      await eventually(async () =>
        assert.equal(Number(await cut.getAttribute('aria-valuenow')), now, 'the line is there'),
      );
      const rules = await plane.evaluate((it) => /** @type {any} */ (it).rules);
      assert.deepEqual(rules, { ...sampler, [number]: now }, 'nothing else is another');
      await done(visitor);
    });
  }

  test('paint the triangle', async () => {
    const visitor = await embed(
      `<varentropy-triangle mode="rules" rules='${JSON.stringify(PROMISED)}'></varentropy-triangle>`,
    );
    await started(visitor.page);
    const colors = await visitor.page.locator('varentropy-triangle').evaluate(({ shadowRoot }) => {
      const canvas = shadowRoot.querySelector('canvas');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      const seen = /** @type {Record<string, number>} */ ({});
      for (let i = 0; i < data.length; i += 4) {
        const color = `${data[i]} ${data[i + 1]} ${data[i + 2]}`;
        if (data[i + 3] === 255) seen[color] = (seen[color] ?? 0) + 1;
      }
      const all = Object.values(seen).reduce((sum, count) => sum + count);
      // At the border they are mixed.
      const areas = Object.keys(seen).filter((color) => seen[color] > 0.02 * all);
      return { areas: areas.sort(), mixed: Object.keys(seen).length - areas.length };
    });
    // Below and above 1 bit; three outcomes never reach 2 bits².
    assert.deepEqual(colors.areas, ['31 111 139', '59 63 110']);
    assert.ok(colors.mixed > 4, 'the border has no stairs');
    await done(visitor);
  });

  for (const [
    attributes,
    where,
    room,
    rule,
  ] of /** @type {[string, string[], RegExp, string][]} */ ([
    [
      'preset="B"',
      ['argmax H < 0.100 bits, V < 0.100 bits²', 'branch H < 5.000 bits, V > 5.000 bits²'],
      /^Nearly all of this triangle is adaptive: three outcomes reach no more than H 1\.585 bits and V 1\.586 bits²\.$/,
      'adaptive',
    ],
    [
      'low-entropy="0.75" low-varentropy="0.5" medium-entropy="0.75" high-entropy="0.75" high-varentropy="0.5" units="nats"',
      ['insert H > 0.520 nats, V < 0.240 nats²'],
      /^$/,
      'resample',
    ],
    [
      `rules='${JSON.stringify(PROMISED)}'`,
      ['insert H > 1.000 bits, V ≤ 2.000 bits²'],
      /^$/,
      'insert',
    ],
    ['preset="none"', ['No thresholds are set: no rule holds anywhere.'], /^$/, ''],
  ])) {
    test(`are named on the triangle, with ${attributes}`, async () => {
      const visitor = await embed(
        `<varentropy-triangle mode="rules" ${attributes}></varentropy-triangle>`,
      );
      const triangle = visitor.page.locator('varentropy-triangle');
      await started(visitor.page);
      const lines = await triangle.locator('.legend li').allTextContents();
      for (const each of where) assert.ok(lines.includes(each), `${lines} lacks ${each}`);
      assert.match(await triangle.locator('p.legend').textContent(), room);
      const { text } = await values(triangle);
      assert.equal(text.match(/rule (\w+)/)?.[1] ?? '', rule, text);
      await done(visitor);
    });
  }

  for (const [rules, warning] of Object.entries({
    '{"kind":': /is not understood/,
    '1 2 3': /is not understood/,
    '{"kind":"entropix","preset":"C"}': /no such preset/,
  })) {
    test(`${rules} is told`, async () => {
      const visitor = await embed(`<varentropy-plane rules='${rules}'></varentropy-plane>`);
      await started(visitor.page);
      assert.match(visitor.warnings.join('\n'), warning);
      await done(visitor, visitor.warnings);
    });
  }
});
