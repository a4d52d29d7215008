// Containers of any size.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { shows, started } from '../support/charts.mjs';
import { atHost, done, LAYOUTS } from '../support/elements.mjs';
import { eventually, redrawn } from '../support/wait.mjs';

const here = atHost();
const { embed, visit } = here;

describe('a container', () => {
  test('without a size is waited for', async () => {
    const visitor = await embed(
      '<div class="gone"><varentropy-curve p="0.8"></varentropy-curve><varentropy-triangle></varentropy-triangle><varentropy-plane p="0.5 0.5"></varentropy-plane></div>',
    );
    const { page } = visitor;
    const show = (shown) =>
      page
        .locator('main > div')
        .evaluate((div, value) => div.classList.toggle('gone', !value), shown);
    // The script has come, and may start what has a size.
    await page.evaluate(() => customElements.whenDefined('varentropy-plane'));
    await redrawn(page);
    await show(true);
    await started(page);
    await shows(page.locator('varentropy-curve'), [0.8, 0.2]);
    await show(false);
    await page.locator('varentropy-curve').evaluate((it) => {
      it.p = 0.3;
    });
    await redrawn(page);
    await show(true);
    await shows(page.locator('varentropy-curve'), [0.3, 0.7]);
    await done(visitor);
  });

  test('may be of any width', async () => {
    const visitor = await embed(
      '<div><varentropy-curve></varentropy-curve><varentropy-triangle></varentropy-triangle><varentropy-plane p="0.5 0.5"></varentropy-plane></div>',
    );
    const { page } = visitor;
    await started(page);
    for (const width of [1, 28, 29, 30, 31, 47, 60, 120, 2000, 320]) {
      await page.locator('main > div').evaluate((div, value) => {
        div.style.width = `${value}px`;
      }, width);
      await eventually(async () => {
        const widths = await page
          .locator('main > div > *')
          .evaluateAll((all) =>
            all.map(
              ({ shadowRoot }) => shadowRoot.querySelector('svg').getBoundingClientRect().width,
            ),
          );
        assert.deepEqual(widths, [width, width, width]);
      });
    }
    await shows(page.locator('varentropy-curve'), [0.5, 0.5]);
    await done(visitor);
  });

  for (const [what, attributes] of LAYOUTS.slice(0, 3)) {
    test(`of a page that is ${what} is not overflowed`, async () => {
      const visitor = await visit(
        here.host.page(
          `<varentropy-curve labels="a long name of an outcome,another long name of another"></varentropy-curve>
        <varentropy-triangle mode="rules" labels="first,second,third" path></varentropy-triangle><varentropy-plane preset="B" p="0.5 0.5"></varentropy-plane>
        <entropix-trace src="https://YOUR-HOST/traces/larger-b.json"></entropix-trace>`,
          { attributes },
        ),
        { viewport: { width: 390, height: 844 } },
      );
      const { page } = visitor;
      await started(page);
      const wide = await page.evaluate(() => {
        const [found, { left, right }] = [[], document.documentElement.getBoundingClientRect()];
        const walk = (root) => {
          for (const element of root.querySelectorAll('*')) {
            const box = element.getBoundingClientRect();
            const unseen =
              element.closest('.unseen, dialog') ||
              !element.checkVisibility() ||
              element.matches('.hit') ||
              element.ownerSVGElement?.getAttribute('preserveAspectRatio') === 'none';
            if (!unseen && box.width && (box.right > right + 0.5 || box.left < left - 0.5))
              found.push(`${element.outerHTML.slice(0, 90)} ${box.left} ${box.right}`);
            if (element.shadowRoot) walk(element.shadowRoot);
          }
        };
        walk(document);
        return [
          ...found,
          document.documentElement.scrollWidth > document.documentElement.clientWidth && 'scrolls',
        ].filter(Boolean);
      });
      assert.deepEqual(wide, []);
      await done(visitor);
    });
  }
});
