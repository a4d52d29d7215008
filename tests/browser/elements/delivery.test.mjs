// What a page with elements downloads, and when.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { describe, test } from 'node:test';

import { inBoth } from '../support/browsers.mjs';
import { drawn } from '../support/charts.mjs';
import { atHost, done } from '../support/elements.mjs';
import { documented } from '../support/host.mjs';
import { listen } from '../support/port.mjs';
import { eventually } from '../support/wait.mjs';

const here = atHost();
const CURVE = '<varentropy-curve p="0.8"></varentropy-curve>';
const STRIP = '<entropix-tokens src="https://YOUR-HOST/traces/sky-b.json"></entropix-tokens>';
/** Files of the elements that were asked for, by name. */
const asked = ({ requests }) =>
  requests.filter((url) => url.includes('/embed/v1/')).map((url) => url.split('/').at(-1));

describe('the files of the elements', () => {
  test('are two for the first chart, small as they are sent, and others follow when used', async () => {
    const files = ['embed.js', 'embed_bg.wasm'];
    for (const [other, ...own] of [
      ['<varentropy-triangle p="0.5 0.3 0.2" path></varentropy-triangle>'],
      [
        '<varentropy-plane p="0.5 0.3 0.2" points="1,0.5 2,3" preset="none"></varentropy-plane>',
        'plane-….js',
      ],
    ]) {
      const visitor = await here.embed(other);
      await drawn(visitor.page.locator('[p]'));
      await visitor.page.waitForLoadState('networkidle');
      const names = asked(visitor).map((name) => name.replace(/-[0-9a-f]{16}\.js$/, '-….js'));
      assert.deepEqual(names.sort(), [...files, ...own], other);
      await done(visitor);
    }
    const visitor = await here.embed(CURVE);
    const { page } = visitor;
    await drawn(page.locator('varentropy-curve'));
    await page.waitForLoadState('networkidle');
    assert.deepEqual(asked(visitor).sort(), files);
    let bytes = 0;
    for (const file of files) {
      const { headers } = await fetch(new URL(`embed/v1/${file}`, here.url), {
        method: 'HEAD',
        headers: { 'accept-encoding': 'gzip, br' },
      });
      assert.equal(headers.get('content-encoding'), 'br', file);
      const length = Number(headers.get('content-length'));
      if (file === 'embed.js') assert.ok(length <= 15_000, `${length} bytes of ${file}`);
      bytes += length;
    }
    assert.ok(bytes <= 45_000, `${bytes} bytes`);

    await page.getByRole('button', { name: 'Share' }).click();
    await page.getByRole('dialog').waitFor();
    assert.match(asked(visitor).at(-1), /^share-[0-9a-f]{16}\.js$/);
    await page.keyboard.press('Escape');
    await page.evaluate(
      (html) => {
        const box = document.createElement('div');
        box.innerHTML = html;
        document.querySelector('main').append(box);
      },
      STRIP.replace('https://YOUR-HOST/', here.url),
    );
    await page.locator('entropix-tokens').scrollIntoViewIfNeeded();
    await drawn(page.locator('entropix-tokens'));
    assert.ok(asked(visitor).includes('text.js'));
    await done(visitor);
  });

  test('come before the picture, if what is said beside it needs them', async () => {
    const triangle = '<varentropy-triangle mode="rules"></varentropy-triangle>';
    const visitor = await here.embed('<p>Nothing yet.</p>');
    const { page } = visitor;
    let held = 0;
    let release = () => {};
    const released = new Promise((resolve) => {
      release = () => resolve(undefined);
    });
    await page.route('**/embed/v1/explain-*.js', async (route) => {
      held++;
      await released;
      await route.continue();
    });
    const shown = await page.evaluateHandle((html) => {
      const box = document.createElement('div');
      box.innerHTML = html;
      document.querySelector('p').replaceWith(box);
      return /** @type {any} */ (box.firstElementChild);
    }, triangle);
    await eventually(async () => assert.equal(held, 1));
    assert.ok(!(await shown.evaluate((chart) => chart.started)));
    // On paper it is a sentence until then.
    assert.ok(!(await shown.evaluate((chart) => chart.able)));
    const lines = shown.evaluate(async (chart) => {
      while (!chart.started) await new Promise(requestAnimationFrame);
      while (!chart.values.textContent) await new Promise(requestAnimationFrame);
      return chart.list.children.length;
    });
    release();
    assert.equal(await lines, 5);
    await done(visitor);
  });

  test('come at once, if the head says so: the maths does not wait for the script', async () => {
    const head = documented('html', 'modulepreload');
    const visitor = await here.embed(CURVE, { page: { head } });
    const { page } = visitor;
    const sets = () => asked(visitor).filter((name) => name === 'embed_bg.wasm').length;
    const before = sets();
    // The script arrives only when the maths was asked for.
    await page.route('**/embed/v1/embed.js', async (route) => {
      await eventually(async () => assert.ok(sets() > before, 'the maths waits for the script'));
      await route.continue();
    });
    await page.reload();
    await drawn(page.locator('varentropy-curve'));
    assert.equal(sets(), before + 1, 'the maths is fetched once');
    await done(visitor);
  });
});

/** The elements' server, at which the first request for each file of this kind fails. */
async function startFailing(pattern) {
  const failed = new Set();
  const server = createServer(async ({ url }, response) => {
    if (url === '/page.html') {
      const head =
        '<!doctype html><html lang="en"><title>A page</title><script type="module" src="embed/v1/embed.js"></script>';
      return response.writeHead(200, { 'content-type': 'text/html' }).end(head + CURVE);
    }
    const name = new URL(url, here.url).pathname;
    if (pattern.test(name) && !failed.has(name)) {
      failed.add(name);
      return response.writeHead(503, { 'content-type': 'text/javascript' }).end();
    }
    const answer = await fetch(new URL(url, here.url));
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  const port = await listen(server);
  server.unref();
  return { url: `http://127.0.0.1:${port}/page.html`, server, failed };
}

inBoth('files of the elements', ({ page: open }) => {
  test('that can not be had are asked for again', async () => {
    const { url, server, failed } = await startFailing(
      /(share-\w+|text|plane-\w+|explain-\w+)\.js$/,
    );
    const errors = [];
    const page = await open(url, {}, errors);
    const press = () =>
      page.evaluate(() => {
        const { shadowRoot } = document.querySelector('varentropy-curve');
        const buttons = [...shadowRoot.querySelectorAll('button')];
        buttons.find(({ textContent }) => textContent === 'Share').click();
      });
    const shows = (/** @type {string} */ what) =>
      eventually(async () => {
        const there = await page.evaluate(() => {
          const { shadowRoot } = document.querySelector('varentropy-curve');
          return (
            (shadowRoot.querySelector('dialog[open]') && 'dialog') ||
            shadowRoot.textContent.match(/The dialog could not be loaded/)?.[0]
          );
        });
        assert.equal(there, what);
      });
    await eventually(async () => press());
    await shows('The dialog could not be loaded');
    await press();
    await shows('dialog');

    // Of elements that can't start, what the author wrote is seen; the next one starts both.
    const add = () =>
      page.evaluate(() => document.body.append(document.createElement('entropix-tokens')));
    await add();
    await eventually(async () => assert.equal(failed.size, 2, 'text.js was not asked for'));
    await eventually(async () => {
      await add();
      assert.ok(
        await page.evaluate(() => Boolean(customElements.get('entropix-tokens'))),
        'text.js was not asked for again',
      );
    });

    // A plane, too; and what is said of its rules: its next picture asks again.
    const plane = () =>
      page.evaluate(() => {
        const plane = document.createElement('varentropy-plane');
        plane.setAttribute('preset', 'B');
        document.body.prepend(plane);
      });
    await plane();
    await eventually(async () => assert.equal(failed.size, 3, 'plane.js was not asked for'));
    await eventually(async () => {
      await plane();
      assert.equal(failed.size, 4, 'what is said of rules was not asked for');
    });
    await eventually(async () => {
      const said = await page.evaluate(() => {
        const plane = document.querySelector('varentropy-plane');
        plane.setAttribute('units', plane.getAttribute('units') === 'nats' ? 'bits' : 'nats');
        return plane.shadowRoot.querySelectorAll('.rules > ul > li').length;
      });
      assert.equal(said, 5, 'what is said of rules was not asked for again');
    });
    assert.deepEqual(errors, []);
    server.closeAllConnections();
    server.close();
  });

  test('come for elements in shadow roots, and do what was asked of them before', async () => {
    const { url, server } = await startFailing(/^$/);
    const trace = await fetch(new URL('traces/sky-b.json', here.url));
    const [token] = (await trace.json()).tokens;
    const errors = [];
    const page = await open(url, {}, errors);
    const shown = await page.evaluate(async (token) => {
      const root = document.createElement('div').attachShadow({ mode: 'open' });
      const strip = document.createElement('entropix-tokens');
      root.append(strip);
      document.body.append(root.host);
      // The script sees it after this task.
      await null;
      Object.assign(strip, { entries: [token] });
      const early = !customElements.get('entropix-tokens');
      /** @type {any} */ (strip).append(token);
      await customElements.whenDefined('entropix-tokens');
      await null;
      return [early, Object.hasOwn(strip, 'append'), /** @type {any} */ (strip).entries.length];
    }, token);
    assert.deepEqual(shown, [true, false, 2]);

    // A component that is defined after its tag stood in the page, on a page that has no such element yet.
    const other = await open(url, {}, errors);
    const late = await other.evaluate(async () => {
      const host = document.createElement('late-host');
      document.body.append(host);
      await null;
      customElements.define(
        'late-host',
        class extends HTMLElement {
          constructor() {
            super();
            this.attachShadow({ mode: 'open' }).append(document.createElement('entropix-tint'));
          }
        },
      );
      await customElements.whenDefined('entropix-tint');
      return true;
    });
    assert.ok(late);
    assert.deepEqual(errors, []);
    server.closeAllConnections();
    server.close();
  });
});
