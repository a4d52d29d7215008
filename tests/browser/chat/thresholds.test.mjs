// Thresholds that a person moves on an answer: what they would decide, and who gets them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { atSite, Visitor } from '../support/site.mjs';
import { eventually } from '../support/wait.mjs';

const here = atSite();

/** By the definition: the rule of H and V as preset B has them, but for the line of a high V. */
function rule({ entropy_bits: h, varentropy_bits2: v }, highV) {
  if (h < 0.1 && v < 0.1) return 'LELV';
  if (h > 5 && v < 0.1) return 'HELV';
  if (h < 5 && v > highV) return 'LEHV';
  if (h > 3 && v > highV) return 'HEHV';
  return 'ADAPTIVE';
}

const plane = (page) => page.locator('varentropy-plane');
const cut = (page, name) => plane(page).locator(`.cut[data-name=${name}][role=slider]`);
const highV = (page) =>
  plane(page).evaluate((it) => /** @type {any} */ (it).rules.high_logits_varentropy_threshold);
/** Where the plane and what is below it stand, to whole px. */
const places = (page) =>
  page.locator('varentropy-plane, .view, .head, [data-testid=whose-rules]').evaluateAll((all) =>
    all.map((each) => {
      const { top, height } = each.getBoundingClientRect();
      return [top, height].map(Math.round).join('+');
    }),
  );
/** How far what should fit sticks out, in px. */
const over = (page) =>
  page
    .locator('.places, .view')
    .evaluateAll((all) => all.map((each) => each.scrollHeight - each.clientHeight));

/** Takes a line where no dot lies on it, and lets go of it elsewhere. */
async function drag(page, name, by) {
  const [x, y] = await cut(page, name).evaluate((group) => {
    const path = /** @type {SVGGraphicsElement} */ (group.querySelector('.held'));
    const root = /** @type {ShadowRoot} */ (path.getRootNode());
    const numbers = path
      .getAttribute('d')
      .match(/[\d.]+/g)
      .map(Number);
    for (let i = 0; i < numbers.length; i += 4) {
      const [x1, y1, x2, y2] = numbers.slice(i, i + 4);
      for (let share = 0.05; share < 1; share += 0.05) {
        const at = new DOMPoint(x1 + (x2 - x1) * share, y1 + (y2 - y1) * share);
        const { x, y } = at.matrixTransform(path.getScreenCTM());
        if (group.contains(root.elementFromPoint(x, y))) return [x, y];
      }
    }
    throw new Error('the line can be taken nowhere');
  });
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + by[0], y + by[1], { steps: 4 });
  await page.mouse.up();
}

describe('thresholds', () => {
  test('say which tokens of an answer would fall under another rule, and are kept only when taken', async () => {
    const visitor = await Visitor.open(here.browser, here.site.url, {
      viewport: { width: 1280, height: 768 },
    });
    const { page } = visitor;
    await visitor.load();
    await visitor.settings({ sampler: 'B', seed: 3, tokens: 40 });
    await visitor.at('sampler').locator('summary').first().click();
    await visitor.say('What is the capital of France?');
    await visitor.answered();
    const { tokens } = await visitor.trace();
    const hash = new URL(page.url()).hash;
    await page.getByText('Rules: B of this answer.').waitFor();
    const before = await places(page);
    const line = cut(page, 'high-varentropy');
    await line.focus();
    // Up until it passes tokens.
    const verdict = visitor.at('verdict');
    for (let i = 0; i < 6; i += 1) await page.keyboard.press('Shift+ArrowUp');
    const check = () =>
      eventually(async () => {
        const now = await highV(page);
        const others = tokens.filter(
          ({ decision: { quadrant, uncertainty } }) =>
            quadrant && rule(uncertainty, now) !== quadrant,
        );
        const ruled = tokens.filter(({ decision }) => decision.quadrant);
        assert.ok(others.length > 1, 'this answer has tokens above the line');
        const text = await verdict.innerText();
        const words = `high V 5 → ${now} bits²: ${others.length} of ${ruled.length} tokens change rule`;
        assert.ok(text.startsWith(words), `${text} is not ${words}`);
        const name = others[0].label.trim();
        assert.ok(text.includes(`“${name}”`), `${text} does not name ${name}`);
        return { now, first: tokens.indexOf(others[0]) };
      });
    const { now, first } = await check();
    assert.ok(now > 5);
    assert.deepEqual(await places(page), before, 'nothing jumps');
    assert.deepEqual(await over(page), [0, 0]);
    // Nothing was set by that.
    assert.equal(new URL(page.url()).hash, hash);
    await verdict.getByRole('button').click();
    await page.getByText(`token ${first + 1} of ${tokens.length}`, { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Reset', exact: true }).click();
    await page.getByText('Rules: B of this answer.').waitFor();
    await eventually(async () => assert.equal(await highV(page), 5));
    await verdict.waitFor({ state: 'hidden' });

    await drag(page, 'high-varentropy', [0, -14]);
    const dragged = await check();
    assert.ok(dragged.now > 5 && dragged.now !== now);
    await page.getByRole('button', { name: 'Use these numbers' }).click();
    await page.getByRole('button', { name: 'Set for the next answer' }).waitFor();
    await eventually(() => {
      const { hash: set } = new URL(page.url());
      assert.ok(set.includes(`high_logits_varentropy_threshold=${dragged.now}`), set);
    });
    // The next answer is made with them.
    await visitor.say('And of Spain?');
    await visitor.answered();
    const { sampler } = await visitor.trace();
    assert.equal(sampler.high_logits_varentropy_threshold, dragged.now);
    await verdict.waitFor({ state: 'hidden' });
    assert.deepEqual(visitor.errors, []);
    await visitor.close();
  });

  test('move under a finger, and say when they change nothing', async () => {
    const visitor = await Visitor.open(here.browser, here.site.url, {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
    });
    const { page } = visitor;
    await visitor.tokens().nth(8).locator('.word-of').tap();
    const larger = page.getByRole('button', { name: 'Larger', exact: true });
    await larger.tap();
    await larger.tap();
    const line = cut(page, 'low-varentropy');
    await line.waitFor({ state: 'attached' });
    await plane(page).scrollIntoViewIfNeeded();
    await line.focus();
    await page.keyboard.press('ArrowDown');
    await visitor.at('verdict').getByText('every token keeps its rule').waitFor();
    await page.getByRole('button', { name: 'Reset', exact: true }).tap();
    await page.getByText('Rules: B of this answer.').waitFor();
    // On a phone nothing sticks out sideways.
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
    assert.deepEqual(visitor.errors, []);
    await visitor.close();
  });
});
