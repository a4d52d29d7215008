// The essay in a browser.
import assert from 'node:assert/strict';

import { atSite, Visitor } from './site.mjs';
import { eventually } from './wait.mjs';

export const CHARTS = 'varentropy-curve, varentropy-triangle, varentropy-plane, entropix-trace';
/** The essay, with what its charts have to complain about. */
async function open(here, options) {
  const visitor = await Visitor.open(
    here.browser,
    new URL('explore.html', here.site.url).href,
    options,
  );
  visitor.page.on('console', (message) => {
    // The browser of tests keeps nothing for visits without a network, and says so.
    if (/^Service Worker registration blocked/.test(message.text())) return;
    if (['warning', 'error'].includes(message.type())) visitor.errors.push(message.text());
  });
  return visitor;
}
/** Scrolls to every chart and waits until it has drawn something in place of its fallback. */
export async function startAll(visitor) {
  const charts = await visitor.page.locator(CHARTS).all();
  for (const chart of charts) {
    await chart.scrollIntoViewIfNeeded();
    await started(chart);
  }
  return charts.length;
}
export const hasStarted = (chart) => {
  const inside = chart.shadowRoot;
  return (
    Boolean(inside?.childElementCount) &&
    !inside.querySelector('slot:not([name])') &&
    chart.offsetHeight > 60
  );
};
export const started = (chart) =>
  eventually(async () => assert.ok(await chart.evaluate(hasStarted), `${chart} has not started`));

/** A served essay and a browser, for all tests of a file. */
export function atEssay() {
  const site = atSite();
  return {
    /** Where the site is. */
    get url() {
      return site.site.url;
    },
    /**
     * @param {import('playwright-core').BrowserContextOptions} [options]
     */
    open: (options) => open(site, options),
  };
}
