// Colours that a system forces, in both browsers: everything can be read, and data keep theirs.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { atSomebodys, inBoth } from '../support/browsers.mjs';
import { ALL } from '../support/charts.mjs';
import { faint } from '../support/contrast.mjs';
import { POLICY } from '../support/host.mjs';
import { eventually } from '../support/wait.mjs';

const BODY = `<varentropy-curve p="0.6"></varentropy-curve><varentropy-triangle></varentropy-triangle>
  <varentropy-plane p="0.5 0.5" preset="B"></varentropy-plane>
  <entropix-trace src="https://YOUR-HOST/traces/larger-b.json"></entropix-trace>
  <p><entropix-tint h="3" v="0.2">open</entropix-tint></p>`;

const here = atSomebodys();

inBoth(
  'forced colours',
  ({ page: open }) => {
    test('leave everything legible, and data in its colours', async () => {
      const errors = [];
      const url = here.host.page(`<div class="coloured">${BODY}</div>`, {
        // Firefox asks for an icon.
        policy: `${POLICY.elements}; img-src 'self'`,
      });
      const page = await open(url, { height: 6000 }, errors);
      assert.ok(await page.evaluate(() => matchMedia('(forced-colors: active)').matches));
      await eventually(async () => {
        const { waiting, found } = await page.evaluate(faint, `${ALL}, entropix-tint`);
        assert.deepEqual([waiting, ...found], [0]);
      });
      await eventually(async () => {
        const { words, tints } = await page.$eval('entropix-trace', ({ shadowRoot }) => {
          const strip = shadowRoot.querySelector('entropix-tokens');
          if (!strip) return { words: shadowRoot.textContent, tints: 0 };
          const all = Array.from(strip.shadowRoot.querySelectorAll('.word-of'));
          const colours = all.map((word) => getComputedStyle(word).backgroundColor);
          return { words: all.length, tints: new Set(colours).size };
        });
        assert.ok(tints > 5, `${tints} tints, ${words}`);
      });
      assert.deepEqual(errors, []);
      await page.close();
    });
  },
  { forced: true },
);
