// Colours that a system forces: everything can be read, and data keep theirs.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { ALL, started } from '../support/charts.mjs';
import { faint } from '../support/contrast.mjs';
import { atHost, done } from '../support/elements.mjs';

const { embed } = atHost();
const BODY = `<varentropy-curve p="0.6"></varentropy-curve><varentropy-triangle></varentropy-triangle>
  <varentropy-plane p="0.5 0.5" preset="B"></varentropy-plane>
  <entropix-trace src="https://YOUR-HOST/traces/larger-b.json"></entropix-trace>`;

describe('forced colours', () => {
  for (const colorScheme of /** @type {const} */ (['light', 'dark']))
    test(`of a ${colorScheme} system leave everything legible, and data in its colours`, async () => {
      const visitor = await embed(
        `<div class="coloured">${BODY}<p><entropix-tint h="3" v="0.2">open</entropix-tint></p></div>`,
        { forcedColors: 'active', colorScheme },
      );
      const { page } = visitor;
      await started(page);
      const { found } = await page.evaluate(faint, `${ALL}, entropix-tint`);
      assert.deepEqual(found, []);
      const tints = await page
        .locator('entropix-tokens .word-of')
        .evaluateAll(
          (all) => new Set(all.map((each) => getComputedStyle(each).backgroundColor)).size,
        );
      assert.ok(tints > 5, `${tints} tints`);
      await done(visitor);
    });
});
