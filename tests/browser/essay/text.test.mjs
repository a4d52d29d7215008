// The text of the essay: what it says is true.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { atEssay, CHARTS } from '../support/essay.mjs';
import { ceiling, point, trace } from '../support/facts.mjs';
import { looseNumbers, wrongFacts } from '../support/prose.mjs';

const here = atEssay();
const { open } = here;

describe('the text', () => {
  let visitor;
  before(async () => {
    visitor = await open({ javaScriptEnabled: false });
  });
  after(() => visitor?.close());

  test('every number is what the definition gives', async () => {
    assert.deepEqual(await wrongFacts(visitor.page, 100), []);
  });

  test('no number stands outside a fact', async () => {
    assert.deepEqual(await looseNumbers(visitor.page), []);
  });

  test('what is taken from the recording is the recording', async () => {
    const squeeze = (text) => text.replace(/\s+/g, ' ').trim();
    const recorded = trace('larger-b').tokens;
    const quote = await visitor.page.locator('#trace blockquote').textContent();
    assert.equal(squeeze(quote), squeeze(recorded.map(({ text }) => text).join('')));
    const points = (await visitor.page.locator('#real-plane').getAttribute('points'))
      .split(' ')
      .map((pair) => pair.split(',').map(Number));
    assert.equal(points.length, recorded.length);
    for (const [i, pair] of points.entries()) {
      const exact = point(recorded[i]);
      for (const axis of [0, 1]) assert.ok(Math.abs(pair[axis] - exact[axis]) <= 5.1e-4);
    }
  });

  test('the two dots of equal entropy lie where the text says', async () => {
    const [low, high] = (await visitor.page.locator('#pairs-many').getAttribute('points'))
      .split(' ')
      .map((pair) => pair.split(',').map(Number));
    assert.deepEqual(low, [2, 0]);
    assert.ok(high[0] === 2 && Math.abs(high[1] - ceiling(49152, 2)) < 1e-3);
  });

  test('headings are in order, and every section can be reached', async () => {
    const levels = await visitor.page
      .locator('h1, h2, h3, h4, h5, h6')
      .evaluateAll((all) => all.map((heading) => Number(heading.localName[1])));
    assert.equal(levels[0], 1);
    assert.equal(levels.filter((level) => level === 1).length, 1);
    for (const [i, level] of levels.entries())
      assert.ok(i === 0 || level <= levels[i - 1] + 1, `heading ${i}`);
    const problems = await visitor.page.evaluate(() => {
      const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
      const linked = new Set(
        [...document.querySelectorAll('.contents a')].map((a) => a.hash.slice(1)),
      );
      return [
        ...ids.filter((id, i) => ids.indexOf(id) !== i).map((id) => `two #${id}`),
        ...[...document.querySelectorAll('a[href^="#"]')]
          .filter((a) => !document.getElementById(a.hash.slice(1)))
          .map((a) => a.hash),
        ...[...document.querySelectorAll('section')]
          .filter(({ id }, i) => i > 0 && !linked.has(id))
          .map(({ id }) => `#${id} is not in the contents`),
        ...[...document.querySelectorAll('section')]
          .filter((section) => section.firstElementChild.localName !== 'h2')
          .map(({ id }) => `#${id} has no heading`),
        ...[...document.querySelectorAll('[data-chart]')]
          .flatMap(({ dataset }) => dataset.chart.split(' '))
          .filter((id) => !document.getElementById(id)),
        ...[...document.querySelectorAll('[style], script:not([src]), style')].map(
          (element) => `inline: ${element.outerHTML.slice(0, 80)}`,
        ),
      ];
    });
    assert.deepEqual(problems, []);
  });

  test('links within the site resolve', async () => {
    const links = await visitor.page
      .locator('a[href], img[src], script[src], link[rel=stylesheet], [src$=".json"]')
      .evaluateAll((all) =>
        all.map(
          (element) =>
            new URL(
              element.getAttribute('href') ?? element.getAttribute('src'),
              location.href,
            ).href.split('#')[0],
        ),
      );
    const own = [...new Set(links)].filter((link) => link.startsWith(new URL('.', here.url).href));
    assert.ok(own.length > 10);
    const missing = [];
    for (const link of own) if (!(await fetch(link)).ok) missing.push(link);
    assert.deepEqual(missing, []);
  });

  test('without scripts every chart is a picture and a sentence', async () => {
    const bare = await visitor.page.locator(CHARTS).evaluateAll((all) =>
      all
        .filter((chart) => {
          const [picture, words] = [chart.querySelector('img'), chart.querySelector('p')];
          const seen = (element) =>
            element && element.offsetHeight > 10 && element.offsetWidth > 100;
          if (chart.localName === 'entropix-trace') return !seen(chart.querySelector('blockquote'));
          return (
            !seen(words) ||
            !/\S/.test(words.textContent) ||
            !seen(picture) ||
            !picture.alt ||
            !picture.complete ||
            picture.naturalWidth < 100
          );
        })
        .map(({ id }) => id),
    );
    assert.deepEqual(bare, []);
    assert.equal(
      await visitor.page.locator('button:visible').count(),
      0,
      'buttons that would do nothing',
    );
  });
});
