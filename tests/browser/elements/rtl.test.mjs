// English in a page from right to left keeps its order.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { started } from '../support/charts.mjs';
import { atHost, done } from '../support/elements.mjs';

const { embed } = atHost();
const BODY = `<varentropy-curve p="0.6"></varentropy-curve><varentropy-triangle></varentropy-triangle>
  <varentropy-plane p="0.5 0.5" preset="B"></varentropy-plane>
  <entropix-trace src="https://YOUR-HOST/traces/larger-b.json"></entropix-trace>`;

describe('a page from right to left', () => {
  test('shows every sentence in its own order', async () => {
    const visitor = await embed(BODY, { page: { attributes: 'dir="rtl"' } });
    const { page } = visitor;
    await started(page);
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
    await done(visitor);
  });
});
