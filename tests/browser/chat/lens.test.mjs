// The lens: a place for each part, which no word moves; what it shows when; a sheet on a phone.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { atSite, Visitor } from '../support/site.mjs';
import { eventually } from '../support/wait.mjs';

const here = atSite();

/** Runs in a page, from then on in every frame: where the parts of the lens stand, each place once. */
const watch = () => {
  const lens = document.querySelector('.lens');
  const inside = (selector) =>
    lens.querySelector('entropix-inspector').shadowRoot.querySelector(selector);
  const found = new Set();
  const look = () => {
    const from = lens.getBoundingClientRect();
    const parts = [
      ...['.timeline', 'dl', '[data-testid=sentence]', 'ol', '.rest'].map(inside),
      ...['.tabs', '.view', 'varentropy-plane'].map((each) => lens.querySelector(each)),
    ];
    found.add(
      parts
        .map((part) => part.getBoundingClientRect())
        .map(({ top, height }) => `${Math.round(top - from.top)}+${Math.round(height)}`)
        .join(' '),
    );
    requestAnimationFrame(look);
  };
  look();
  window.places = found;
};
const places = (page) => page.evaluate(() => [...window.places]);

/** How far what should fit sticks out, in px: the lens, and what is below its tabs. */
const over = (page) =>
  page
    .locator('.places, .view')
    .evaluateAll((all) => all.map((each) => each.scrollHeight - each.clientHeight));

describe('the lens', () => {
  test('moves nothing while an answer comes, and then shows its least certain word', async () => {
    const visitor = await Visitor.open(here.browser, here.site.url, {
      viewport: { width: 1280, height: 768 },
    });
    const { page } = visitor;
    await visitor.load();
    await visitor.tokens().nth(8).locator('.word-of').click();
    await page.getByText('token 9 of 100').waitFor();
    assert.deepEqual(await over(page), [0, 0]);
    await page.evaluate(watch);
    for (const index of [12, 20, 31, 44, 52, 67, 80])
      await visitor.tokens().nth(index).locator('.word-of').hover();
    await page.mouse.move(640, 2);
    await visitor.settings({ sampler: 'plain', seed: 3, tokens: 60 });
    await visitor.say('What is the capital of France?');
    await page.getByText('The answer so far').waitFor();
    await visitor.answered();
    const { tokens } = await visitor.trace();
    const bits = tokens.map(({ text, decision }) =>
      text.trim() ? decision.uncertainty.entropy_bits : -1,
    );
    const least = bits.lastIndexOf(Math.max(...bits));
    await page.getByText(`token ${least + 1} of ${tokens.length}`, { exact: true }).waitFor();
    assert.equal((await places(page)).length, 1, (await places(page)).join('\n'));
    assert.deepEqual(await over(page), [0, 0]);
    assert.deepEqual(visitor.errors, []);
    await visitor.close();
  });

  test('has a key that lights up the words that it names', async () => {
    const visitor = await Visitor.open(here.browser, here.site.url, {
      viewport: { width: 1280, height: 768 },
    });
    const { page } = visitor;
    await visitor.tokens().nth(20).waitFor();
    const torn = page.getByRole('button', { name: 'torn' });
    /** Colours of the words that stand out; null while all are alike. */
    const lit = () =>
      visitor.tokens().evaluateAll((all) => {
        const strong = all.filter(
          (each) => getComputedStyle(each.querySelector('.word-of')).opacity === '1',
        );
        return strong.length === all.length
          ? null
          : [...new Set(strong.map(({ dataset }) => dataset.colour))];
      });
    assert.equal(await lit(), null);
    await torn.hover();
    assert.deepEqual(await lit(), ['torn']);
    await page.mouse.move(640, 2);
    assert.equal(await lit(), null);
    await torn.click();
    await page.mouse.move(640, 2);
    await page.getByRole('button', { name: 'tail' }).focus();
    assert.deepEqual(await lit(), ['tail']);
    await page.getByRole('button', { name: 'torn' }).focus();
    await page.keyboard.press('Enter');
    await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).blur());
    assert.equal(await lit(), null, 'pressed again it lets go');
    await visitor.close();
  });

  test('is a sheet with three stops on a phone', async () => {
    const visitor = await Visitor.open(here.browser, here.site.url, {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
    });
    const { page } = visitor;
    const button = (name) => page.getByRole('button', { name, exact: true });
    const high = (px) =>
      eventually(async () => {
        const { y, height } = await page.locator('.lens').boundingBox();
        assert.deepEqual([y + height, height].map(Math.round), [844, px]);
      });
    const shows = (index) => page.getByText(`token ${index + 1} of 100`, { exact: true }).waitFor();
    await visitor.tokens().nth(8).locator('.word-of').tap();
    await high(136);
    await shows(8);
    await button('Next word').tap();
    await shows(9);
    // A finger that misses a word by a little means it; far from all it means none.
    const words = visitor.tokens().locator('.word-of');
    const narrow = await words.evaluateAll((all) =>
      all.findIndex((each) => each.getBoundingClientRect().width < 8 && each.textContent.trim()),
    );
    const box = await words.nth(narrow).boundingBox();
    const [middle, bottom] = [box.x + box.width / 2, box.y + box.height];
    await page.touchscreen.tap(middle - box.width / 2 - 3, bottom + 1);
    await shows(narrow);
    await button('Close').tap();
    await page.locator('.lens').waitFor({ state: 'hidden' });
    await page.touchscreen.tap(middle, box.y - 1);
    await high(136);
    await shows(narrow);
    await button('Larger').tap();
    await high(Math.round(844 * 0.56));
    await button('Larger').tap();
    await high(Math.round(844 * 0.92));
    await button('Smaller').tap();
    await high(Math.round(844 * 0.56));
    // The keyboard moves it, too.
    await page.keyboard.press('ArrowDown');
    await high(136);
    const { x, y } = await page.locator('.handle .bar').boundingBox();
    await page.mouse.move(x + 20, y + 2);
    await page.mouse.down();
    await page.mouse.move(x + 20, 380, { steps: 4 });
    await page.mouse.up();
    await high(Math.round(844 * 0.56));
    await button('Close').tap();
    await page.locator('.lens').waitFor({ state: 'hidden' });
    assert.deepEqual(visitor.errors, []);
    await visitor.close();
  });
});
