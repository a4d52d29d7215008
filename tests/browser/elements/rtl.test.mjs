// English in a page from right to left keeps its order, in both browsers.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { atSomebodys, inBoth } from '../support/browsers.mjs';
import { ALL } from '../support/charts.mjs';
import { POLICY as HOSTS } from '../support/host.mjs';
import { misplaced } from '../support/misplaced.mjs';
import { eventually } from '../support/wait.mjs';

const here = atSomebodys();
// Firefox asks for an icon.
const POLICY = `${HOSTS.elements}; img-src 'self'`;
const BODY = `<varentropy-curve p="0.6"></varentropy-curve><varentropy-triangle></varentropy-triangle>
  <varentropy-plane p="0.5 0.5" preset="B"></varentropy-plane>
  <entropix-tokens src="https://YOUR-HOST/traces/sky-b.json"></entropix-tokens>
  <entropix-trace src="https://YOUR-HOST/traces/larger-b.json"></entropix-trace>`;

inBoth('a page from right to left', ({ page: open }) => {
  test('shows every sentence in its own order', async () => {
    const errors = [];
    const url = here.host.page(BODY, { attributes: 'dir="rtl"', policy: POLICY });
    const page = await open(url, { height: 9000 }, errors);
    await eventually(async () => assert.deepEqual(await page.evaluate(misplaced, ALL), []));
    // What is left of a row is at its right.
    const keys = await page.$$eval('varentropy-curve, entropix-tokens', (all) =>
      all.map(
        ({ shadowRoot, offsetLeft }) => shadowRoot.querySelector('.key').offsetLeft - offsetLeft,
      ),
    );
    assert.deepEqual(keys, [0, 0]);
    const seen = await page.evaluate(() => {
      const turned = [];
      let count = 0;
      const walk = (root) => {
        for (const node of root.childNodes) {
          if (node instanceof Text && node.data.trim().length > 1) {
            const range = document.createRange();
            const box = (i) => {
              range.setStart(node, i);
              range.setEnd(node, i + 1);
              return range.getBoundingClientRect();
            };
            // Of two signs on one line the later one is at the right.
            for (let i = 1; i < node.length; i += 1) {
              const [a, b] = [box(i - 1), box(i)];
              if (!a.width || !b.width || Math.abs(a.top - b.top) > 3) continue;
              count += 1;
              if (b.left < a.left) {
                turned.push(node.data.trim().slice(0, 30));
                break;
              }
            }
          } else walk(node.shadowRoot ?? node);
        }
      };
      walk(document.querySelector('main'));
      return { turned, count };
    });
    assert.ok(seen.count > 500, `${seen.count} pairs`);
    assert.deepEqual(seen.turned, []);
    assert.deepEqual(errors, []);
    await page.close();
  });
});
