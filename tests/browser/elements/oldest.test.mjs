// Chromium 106, from before `light-dark()`, `color-mix()` and nesting: elements and pages look as they do today.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { started } from '../support/charts.mjs';
import { faint } from '../support/contrast.mjs';
import { startHost } from '../support/host.mjs';
import { misplaced } from '../support/misplaced.mjs';
import { absent, launchOldest } from '../support/oldest.mjs';
import { served } from '../support/site.mjs';
import { eventually } from '../support/wait.mjs';

const ALL = 'varentropy-curve, varentropy-triangle, varentropy-plane, entropix-trace';
const BODY = `<varentropy-curve p="0.8"></varentropy-curve><varentropy-triangle mode="rules"></varentropy-triangle>
<varentropy-triangle p="0.7 0.2 0.1" path></varentropy-triangle><varentropy-plane preset="B" p="0.5 0.3 0.2"></varentropy-plane>
<entropix-trace src="https://YOUR-HOST/traces/sky-b.json"></entropix-trace>
<p>These are <entropix-tint h="3" v="0.2">words</entropix-tint>.</p>`;

describe('in an old browser', { skip: absent }, () => {
  let site;
  let host;
  /** @type {import('playwright-core').Browser} */
  let browser;
  before(async () => {
    site = await served();
    host = await startHost(site.url);
    browser = await launchOldest();
  });
  after(async () => {
    await browser?.close();
    host?.close();
  });
  /**
   * @param {string} url
   * @param {import('playwright-core').BrowserContextOptions} options
   */
  const open = async (url, options) => {
    const page = await browser.newPage({ viewport: { width: 390, height: 844 }, ...options });
    const errors = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(url);
    return { page, errors };
  };

  for (const [what, css, colorScheme] of /** @type {const} */ ([
    ['light', 'body { background: #fff; color: #111 }', 'light'],
    ['dark', 'html { color-scheme: dark } body { background: #111; color: #eee }', 'dark'],
    ['dark, without saying so,', 'body { background: #111; color: #eee }', 'light'],
  ]))
    test(`a ${what} host has every element, whole, legible and in its colours`, async () => {
      host.publish('post.css', css);
      const { page, errors } = await open(host.page(BODY), { colorScheme });
      await started(page, ALL);
      await eventually(async () => {
        assert.deepEqual(await page.evaluate(misplaced, ALL), []);
        const { waiting, found } = await page.evaluate(faint, `${ALL}, entropix-tint`);
        assert.deepEqual([waiting, ...found], [0]);
      });
      const different = (selector, property) =>
        page
          .locator(selector)
          .evaluateAll(
            (all, property) => new Set(all.map((each) => getComputedStyle(each)[property])).size,
            property,
          );
      assert.ok((await different('.word-of', 'backgroundColor')) > 5, 'words have colours');
      assert.equal(await different('.swatch', 'backgroundColor'), 5);
      await page.locator('varentropy-curve').getByRole('button', { name: 'Share' }).click();
      const { found } = await page.evaluate(faint, 'varentropy-curve');
      assert.deepEqual(found, [], 'the dialog');
      assert.deepEqual(errors, []);
      await page.close();
    });

  for (const colorScheme of /** @type {const} */ (['light', 'dark']))
    for (const file of ['', 'explore.html', 'results.html'])
      test(`/${file} can be read under a ${colorScheme} system`, async () => {
        const { page, errors } = await open(new URL(file, site.url).href, { colorScheme });
        await eventually(async () => {
          const { found } = await page.evaluate(faint, 'body');
          const written = (await page.innerText('body')).length;
          assert.ok(written > 300, `${written} characters`);
          assert.deepEqual(found, []);
        });
        assert.deepEqual(errors, []);
        await page.close();
      });
});
