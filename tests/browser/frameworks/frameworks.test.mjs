// The elements in small apps of React, Vue and Svelte, written as the README says, and as people do who
// have not read it.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { atSomebodys, inBoth } from '../support/browsers.mjs';
import { drawn } from '../support/charts.mjs';
import { names, rendered, script } from '../support/frameworks.mjs';
import { POLICY, SCRIPT } from '../support/host.mjs';
import { eventually } from '../support/wait.mjs';

const here = atSomebodys();

const P = [0.5, 0.3, 0.2];
const LABELS = ['yes, no', 'maybe', 'never'];
const POINTS = [
  [1, 0.5],
  [0.5, 0.9],
];
const SAMPLER = { kind: 'promised', entropy_cut: 2, varentropy_cut: 3 };
const first = (more) => ({
  p: P,
  labels: LABELS,
  points: POINTS,
  sampler: SAMPLER,
  locked: false,
  trace: `${here.site.url}traces/sky-b.json`,
  ...more,
});

/** What the elements of the app show. */
const read = (page) =>
  page.evaluate(() => {
    const [triangle, plane, trace] = document.querySelectorAll('#app main > *');
    const { p, labels, rules, locked } = triangle;
    const playing = trace.shadowRoot.querySelector('button').textContent === 'Pause';
    return { p, labels, rules, locked, points: plane.points, shut: plane.locked, playing };
  });
const SHOWN = {
  p: P,
  labels: LABELS,
  rules: SAMPLER,
  locked: false,
  points: POINTS,
  shut: false,
  playing: false,
};

/**
 * A page with the app, and with the script of the elements before it or after it.
 * @param {(url: string, look?: object, errors?: string[]) => Promise<import('puppeteer-core').Page>} visit
 */
async function open(visit, first, { html = '', late = false } = {}) {
  const data = JSON.stringify(first);
  const errors = /** @type {string[]} */ ([]);
  const page = await visit(
    here.host.page(`<div id="app" data-first="${data.replaceAll('"', '&quot;')}">${html}</div>`, {
      head: `${late ? '' : SCRIPT}<script type="module" src="app.js"></script>`,
      policy: POLICY.elements.replace('script-src', "script-src 'self'"),
    }),
    {},
    errors,
  );
  await page.waitForFunction(() => window.app?.show);
  if (late) {
    const src = SCRIPT.match(/src="([^"]+)/)[1].replace('https://YOUR-HOST/', here.site.url);
    await page.evaluate((src) => {
      document.head.append(
        Object.assign(document.createElement('script'), { type: 'module', src }),
      );
    }, src);
  }
  await page.waitForFunction(() => customElements.get('entropix-trace'));
  for (const element of await page.$$('#app main > *')) {
    await element.scrollIntoView();
    await drawn(element);
  }
  await page.waitForFunction(() =>
    document.querySelector('entropix-trace')?.shadowRoot?.querySelector('button'),
  );
  return { page, errors };
}

/** Ends a visit in which neither the framework nor the page complained of anything. */
async function end({ page, errors }) {
  assert.deepEqual(await page.evaluate(() => window.app.failures), []);
  // Firefox asks for an icon, which this page's policy denies.
  assert.deepEqual(
    errors.filter((error) => !error.includes('/favicon.ico')),
    [],
  );
  await page.close();
}

inBoth('small apps', ({ page: visit }) => {
  for (const name of names)
    describe(`of ${name}`, () => {
      before(async () => here.host.publish('app.js', await script(name)));

      for (const late of [false, true])
        test(`with the script ${late ? 'after' : 'before'} the app`, async () => {
          const visitor = await open(visit, first({ autoplay: false }), { late });
          const { page } = visitor;
          const show = (more) => page.evaluate((more) => window.app.show(more), more);
          const shows = (more) =>
            eventually(async () => assert.deepEqual(await read(page), { ...SHOWN, ...more }));
          await shows({});
          await show({ locked: true, points: [] });
          await shows({ locked: true, shut: true, points: [] });
          await show({ locked: false, p: [0.2, 0.2, 0.6], labels: ['a', 'b', 'c'] });
          const now = { p: [0.2, 0.2, 0.6], labels: ['a', 'b', 'c'], points: [] };
          await show({ points: [] });
          await shows(now);
          await page.evaluate(() =>
            document
              .querySelector('varentropy-triangle')
              .shadowRoot.querySelector('.handle')
              .focus(),
          );
          await page.keyboard.press('Home');
          await eventually(async () => {
            const [moved] = await page.evaluate(() => window.app.moves);
            assert.deepEqual(
              moved?.p.map((each) => each.toFixed(3)),
              ['0.333', '0.333', '0.333'],
            );
          });
          await page.evaluate(() => document.querySelector('varentropy-plane').move('change'));
          // React's own `onChange`, as the README says.
          assert.equal(await page.evaluate(() => window.app.changes), name === 'react19' ? 1 : 0);
          await end(visitor);
        });

      for (const late of [false, true])
        test(`rendered on a server, with the script ${late ? 'after' : 'before'} the app`, async () => {
          const props = first({ locked: true, autoplay: true });
          const html = await rendered(name, props);
          const visitor = await open(visit, props, { html, late });
          const { page } = visitor;
          await eventually(async () =>
            assert.deepEqual(await read(page), {
              ...SHOWN,
              locked: true,
              shut: true,
              playing: true,
              // As the README says.
              points: name === 'react19' ? [] : POINTS,
            }),
          );
          await page.evaluate(() => window.app.show({ locked: false }));
          await eventually(async () => assert.equal((await read(page)).locked, false));
          await end(visitor);
        });
    });
});
