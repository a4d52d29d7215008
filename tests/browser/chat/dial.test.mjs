// The dial: what other numbers make of one word's distribution.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { atSite, Visitor } from '../support/site.mjs';
import { eventually } from '../support/wait.mjs';

const here = atSite();

/** The lens' numbers by their names, its rows, and the line below. */
const seen = (page) =>
  page
    .locator('.lens entropix-inspector')
    .first()
    .evaluate(({ shadowRoot }) => {
      const texts = (selector) =>
        [...shadowRoot.querySelectorAll(selector)].map((each) => each.textContent);
      const names = texts('dt');
      const values = [...shadowRoot.querySelectorAll('dd')].map((each) =>
        parseFloat(each.firstChild.textContent),
      );
      return {
        ...Object.fromEntries(names.map((name, i) => [name, values[i]])),
        rows: [...shadowRoot.querySelectorAll('[data-token]')].map((row) => ({
          id: Number(row.dataset.token),
          says: row.querySelector('.p').firstChild.textContent,
          fallen: row.classList.contains('fallen'),
        })),
        rest: texts('.rest')[0],
        top: shadowRoot.querySelector('ol').getBoundingClientRect().top,
      };
    });

/** Of probabilities, from the definition. */
function moments(weights) {
  const sum = weights.reduce((all, each) => all + each, 0);
  const p = weights.map((each) => each / sum);
  const h = p.reduce((all, each) => all - each * Math.log2(each), 0);
  return { p, h, v: p.reduce((all, each) => all + each * (Math.log2(each) + h) ** 2, 0) };
}

describe('the dial', () => {
  test('makes of a word what temperature and filters would, and lets go of it', async () => {
    const visitor = await Visitor.open(here.browser, here.site.url, {
      viewport: { width: 1280, height: 768 },
    });
    const { page } = visitor;
    await visitor.load();
    await visitor.settings({ sampler: 'plain', seed: 3, tokens: 30 });
    await visitor.at('sampler').locator('summary').first().click();
    await visitor.say('What is the capital of France?');
    await visitor.answered();
    const { tokens } = await visitor.trace();
    // A word with some choice.
    const index = tokens.findIndex(
      ({ top, text }) => text.trim() && top[0].p < 0.8 && top[3].p > 0.001,
    );
    const { top } = tokens[index];
    await visitor.tokens().nth(index).locator('.word-of').click();
    await page.getByText(`token ${index + 1} of ${tokens.length}`, { exact: true }).waitFor();
    const recorded = await seen(page);
    const knob = page.getByRole('button', { name: 'Dial', exact: true });
    await knob.click();
    const slider = (name) => page.getByRole('slider', { name, exact: true });
    await slider('top-k').waitFor();
    const near = (is, want, by) => assert.ok(Math.abs(is - want) <= by, `${is} is not ${want}`);
    // As it stands it changes nothing.
    const first = await eventually(async () => {
      const now = await seen(page);
      assert.match(now.rest, /^all [\d,]+ words · 2\^H: /);
      return now;
    });
    near(first.H, recorded.H, 0.01 + 0.01 * recorded.H);
    near(first.V, recorded.V, 0.01 + 0.01 * recorded.V);
    assert.equal(first.top, recorded.top, 'nothing jumps');

    // Two words are left.
    await slider('top-k').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    const two = moments(top.slice(0, 2).map(({ p }) => p));
    await eventually(async () => {
      const now = await seen(page);
      near(now.H, two.h, 0.006);
      near(now.V, two.v, 0.006);
      assert.equal(now.rest, `2 words left · 2^H: ${(2 ** two.h).toFixed(1)} choices`);
      const says = (id) => now.rows.find((row) => row.id === id);
      near(parseFloat(says(top[0].id).says), 100 * two.p[0], 0.06);
      assert.deepEqual(says(top[2].id), { id: top[2].id, says: '✕ top-k', fallen: true });
    });

    // Hot: the same two, nearer to each other.
    await slider('temperature').focus();
    await page.keyboard.press('End');
    const hot = moments(top.slice(0, 2).map(({ p }) => p ** (1 / 3)));
    await eventually(async () => near((await seen(page)).H, hot.h, 0.006));
    // The dot walks: it is where H and V are.
    await eventually(async () => {
      const label = await page.locator('varentropy-plane .handle').getAttribute('aria-label');
      near(parseFloat(label.match(/H ([\d.]+)/)[1]), hot.h, 0.006);
    });
    // On its path, which is that of these two words at any temperature: a place on it for every H.
    const walks = await page.locator('varentropy-plane').evaluate(({ shadowRoot }) => {
      const path = /** @type {SVGPathElement} */ (shadowRoot.querySelector('.path:not(.back)'));
      const places = path.getAttribute('d').slice(1).split('L');
      const dot = shadowRoot.querySelector('.handle').getBoundingClientRect();
      const at = path.ownerSVGElement.getBoundingClientRect();
      const [x, y] = [dot.left + dot.width / 2 - at.left, dot.top + dot.height / 2 - at.top];
      const far = places.map((place) => {
        const [left, top] = place.split(',').map(Number);
        return Math.hypot(left - x, top - y);
      });
      return { count: places.length, last: far.at(-1), first: far[0] };
    });
    assert.equal(walks.count, 37);
    assert.ok(walks.last < 2 && walks.first > 5, JSON.stringify(walks));
    await slider('min-p').focus();
    await page.keyboard.press('End');
    const share = (top[1].p / top[0].p) ** (1 / 3);
    await eventually(async () => {
      const { rows } = await seen(page);
      const second = rows.find((row) => row.id === top[1].id);
      assert.equal(second.says === '✕ min-p', share < 0.5, second.says);
    });
    const overflow = await page
      .locator('.places, .view')
      .evaluateAll((all) => all.map((each) => each.scrollHeight - each.clientHeight));
    assert.deepEqual(overflow, [0, 0]);

    // It goes along to the next word, and its end is what was recorded.
    await page.getByRole('button', { name: 'Next word' }).click();
    await page.getByText(`token ${index + 2} of ${tokens.length}`, { exact: true }).waitFor();
    await eventually(async () => assert.match((await seen(page)).rest, /words? left/));
    await page.getByRole('button', { name: 'Previous word' }).click();
    await page.getByText(`token ${index + 1} of ${tokens.length}`, { exact: true }).waitFor();
    await knob.click();
    await slider('top-k').waitFor({ state: 'hidden' });
    await eventually(async () => assert.deepEqual(await seen(page), recorded));
    await eventually(async () => assert.equal(await page.locator('.path').count(), 0));
    assert.deepEqual(visitor.errors, []);
    await visitor.close();
  });
});
