// Every page of the elements, read by axe.
import { describe, test } from 'node:test';

import { audit } from '../support/axe.mjs';
import { started } from '../support/charts.mjs';
import { atHost } from '../support/elements.mjs';
import { POLICY } from '../support/host.mjs';

const here = atHost();
const { visit } = here;

describe('axe finds nothing', () => {
  /** Also what is folded away. */
  const unfold = (page) =>
    page.evaluate(() => {
      const open = (root) => {
        for (const element of root.querySelectorAll('*')) {
          if (element.localName === 'details') element.open = true;
          if (element.shadowRoot) open(element.shadowRoot);
        }
      };
      open(document);
    });
  const PAGES = {
    'on a host': { url: () => here.host.file('elements.html') },
    'on a host with frames': {
      url: () => here.host.file('frames.html', { policy: `${POLICY.frame}; script-src 'self'` }),
    },
    'in the essay': { url: () => `${here.url}explore.html` },
    'in the results': { url: () => `${here.url}results.html` },
    'in the chat': { url: () => here.url },
  };
  for (const [where, { url }] of Object.entries(PAGES)) {
    for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
      test(`${where}, ${colorScheme}`, async () => {
        const visitor = await visit(url(), { colorScheme, reducedMotion: 'reduce' });
        const { page } = visitor;
        await started(page);
        if (where === 'in the essay') {
          await page.locator('be-the-sampler').scrollIntoViewIfNeeded();
          await page.locator('.choices button').first().waitFor();
          await audit(page);
          await page.locator('.choices button').first().click();
        }
        if (where === 'in the results') {
          await page.locator('recorded-partings').scrollIntoViewIfNeeded();
          await page.locator('recorded-partings select').waitFor();
        }
        if (where === 'in the chat') {
          await visitor.tokens().nth(5).click();
          for (const tab of ['Triangle', 'Draw', 'Presets', 'Plane']) {
            await visitor.at('charts').getByText(tab).click();
            await started(page);
            await unfold(page);
            await audit(page);
          }
        }
        if (where === 'on a host') {
          await page.locator('#tokens').getByTestId('token').nth(3).click();
          await unfold(page);
          await audit(page);
          await page.locator('#curve').getByRole('button', { name: 'Share' }).click();
          await page.locator('#curve').getByRole('dialog').waitFor();
        }
        await unfold(page);
        await audit(page);
        await visitor.close();
      });
    }
  }
});
