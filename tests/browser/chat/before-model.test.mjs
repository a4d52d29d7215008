// What the page does before a model is loaded.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { json } from '../support/json.mjs';
import { listen } from '../support/port.mjs';
import { atSite, Visitor } from '../support/site.mjs';
import { eventually, redrawn, still } from '../support/wait.mjs';

const here = atSite();

describe('before the model', () => {
  test('a recorded chat can be inspected, with the mouse and with the keyboard', async () => {
    const visitor = await Visitor.open(here.browser, here.site.url);
    const tokens = visitor.tokens();
    await visitor.streams(20);
    const count = await tokens.count();
    const shows = (index) => visitor.at('inspector').getByText(`token ${index + 1} of ${count}`);
    await tokens.nth(3).click();
    await shows(3).waitFor();
    assert.match(await visitor.at('sentence').innerText(), /\S/);
    assert.equal((await visitor.at('alternatives').locator('li').count()) === 8, true);
    // The page scrolls: no word may come under the pointer, which would be pointed at then.
    await visitor.page.mouse.move(1, 1);
    await visitor.page.keyboard.press('End');
    await shows(count - 1).waitFor();
    await visitor.page.keyboard.press('Home');
    await shows(0).waitFor();
    const focused = await visitor.page.evaluate(() =>
      document.activeElement.shadowRoot.activeElement.getAttribute('data-testid'),
    );
    assert.equal(focused, 'token');
    // One tab stop for the whole answer.
    const stops = await tokens.evaluateAll(
      (all) => all.filter((token) => token.tabIndex === 0).length,
    );
    assert.equal(stops, 1);
    assert.match(await visitor.at('load-model').innerText(), /98\.4 MB/);
    assert.deepEqual(visitor.errors, []);
    await visitor.close();
  });

  for (const [width, height] of [
    [1366, 768],
    [390, 844],
  ])
    test(`what is seen stays where it is while the page starts, ${width} × ${height} px`, async () => {
      const visitor = await Visitor.open(here.browser, 'about:blank', {
        viewport: { width, height },
        init: () => {
          globalThis.shifts = [];
          new PerformanceObserver((list) => {
            const each = /** @type {any[]} */ (list.getEntries());
            globalThis.shifts.push(
              ...each.map(({ value, sources }) => ({
                value,
                what: sources.map(({ node }) => node?.className ?? node?.nodeName),
              })),
            );
          }).observe({ type: 'layout-shift', buffered: true });
        },
      });
      await visitor.page.goto(here.site.url);
      await visitor.streams(20);
      await visitor.at('rules').waitFor();
      await visitor.page.getByText('What is the capital of France?').waitFor();
      await visitor.at('load-model').waitFor();
      await redrawn(visitor.page);
      const shifts = await visitor.page.evaluate(() => globalThis.shifts);
      const sum = shifts.reduce((sum, { value }) => sum + value, 0);
      // Below 0.05 nobody notices: half of what counts as good on the web.
      assert.ok(sum < 0.05, JSON.stringify(shifts));
      await visitor.close();
    });

  for (const [width, height] of [
    [1366, 768],
    [390, 844],
  ])
    test(`the button that loads is in view and does not move, ${width} × ${height} px`, async () => {
      const visitor = await Visitor.open(here.browser, 'about:blank', {
        viewport: { width, height },
        init: () => {
          globalThis.places = new Set();
          const look = () => {
            const box = document.querySelector('[data-testid=load-model]')?.getBoundingClientRect();
            if (box) globalThis.places.add([box.top, box.bottom].map(Math.round).join());
            requestAnimationFrame(look);
          };
          look();
        },
      });
      // The recorded answer comes when the page has been there for a while.
      let letGo = () => {};
      const later = new Promise((resolve) => {
        letGo = () => resolve(undefined);
      });
      await visitor.page.route('**/traces/larger-*.json', async (route) => {
        await later;
        await route.continue();
      });
      await visitor.page.goto(here.site.url);
      await visitor.at('load-model').waitFor();
      await redrawn(visitor.page);
      letGo();
      await visitor.streams(20);
      const places = await visitor.page.evaluate(() => [...globalThis.places]);
      assert.equal(places.length, 1, `it was at ${places.join(' and ')} px`);
      assert.ok(Number(places[0].split(',')[1]) <= height, `it ends at ${places[0]} px`);
      await visitor.close();
    });

  test('an answer can be copied as text', async () => {
    const visitor = await Visitor.open(here.browser, here.site.url, {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await visitor.streams(20);
    await visitor.at('copy').click();
    await visitor.at('copy').getByText('Copied').waitFor();
    const copied = await visitor.page.evaluate(() => navigator.clipboard.readText());
    const { tokens } = await json('www/traces/larger-b.json');
    assert.equal(
      copied,
      tokens
        .map(({ text }) => text)
        .join('')
        .trim(),
    );
    // It says so for a while.
    await visitor.at('copy').getByText('Copy', { exact: true }).waitFor();
    assert.deepEqual(visitor.errors, []);
    await visitor.close();
  });

  test('where the browser forbids it, it says so', async () => {
    const visitor = await Visitor.open(here.browser, here.site.url, {
      init: () => {
        navigator.clipboard.writeText = () => Promise.reject(new DOMException('no'));
      },
    });
    await visitor.streams(20);
    await visitor.at('copy').click();
    await visitor.at('copy').getByText('did not let it').waitFor();
    assert.deepEqual(visitor.errors, []);
    await visitor.close();
  });

  test('three samplers answer one question, each at the press of a button', async () => {
    const visitor = await Visitor.open(here.browser, here.site.url);
    const all = visitor.page.getByRole('group', { name: 'The same question' });
    await all.waitFor();
    const index = await json('www/traces/index.json');
    const names = await all.getByRole('button').allInnerTexts();
    assert.deepEqual(
      names,
      index.filter(({ prompt }) => prompt === index[0].prompt).map(({ by }) => by),
    );
    assert.ok(names.length >= 3);
    for (const by of [...names.slice(1), names[0]]) {
      const button = all.getByRole('button', { name: by, exact: true });
      await button.press('Enter');
      const { tokens } = await json(`www/traces/${index.find((each) => each.by === by).file}`);
      await eventually(async () => assert.equal(await visitor.tokens().count(), tokens.length));
      assert.equal(await button.getAttribute('aria-pressed'), 'true');
      // It is put back once what it brought is drawn.
      await eventually(async () =>
        assert.ok(await button.evaluate((it) => it === document.activeElement), 'it has the focus'),
      );
    }
    assert.deepEqual(visitor.errors, []);
    await visitor.close();
  });

  test('continuations of the recorded answer can be read on a phone; one that is chosen waits for a model', async () => {
    const visitor = await Visitor.open(here.browser, here.site.url, {
      viewport: { width: 390, height: 844 },
    });
    const asked = /** @type {string[]} */ ([]);
    visitor.page.on('request', (request) => asked.push(request.url()));
    await visitor.at('ask-what-if').click();
    await visitor
      .at('outcome')
      .filter({ hasText: /^(One word away from|None of|Read them)/ })
      .waitFor();
    const branches = visitor.page.locator('.branch button');
    assert.equal(await branches.count(), 15);
    const over = await visitor.page.evaluate(
      () => document.documentElement.scrollWidth - window.innerWidth,
    );
    assert.equal(over, 0, 'it sticks out');
    await branches.nth(3).click();
    await visitor
      .at('offer')
      .getByText(/Made with SmolLM2-135M-Instruct\. Load the model/)
      .waitFor();
    assert.ok(await visitor.at('replay').isDisabled());
    assert.ok(!asked.some((url) => url.includes('.gguf')), 'the model was asked for');
    assert.deepEqual(visitor.errors, []);
    await visitor.close();
  });

  test('on a narrow page the inspector is a sheet that comes with a choice', async () => {
    const visitor = await Visitor.open(here.browser, here.site.url, {
      viewport: { width: 390, height: 844 },
    });
    const sheet = visitor.page.getByRole('complementary', { name: 'One token' });
    const token = visitor.tokens().nth(40);
    await token.waitFor();
    assert.equal(await sheet.isVisible(), false);
    await token.click();
    await sheet.waitFor();
    await still(visitor.page);
    await eventually(async () => {
      const [over, under] = [await token.boundingBox(), await sheet.boundingBox()];
      assert.ok(over.y + over.height <= under.y, 'the token is covered');
    });
    await sheet.getByRole('button', { name: 'Close' }).click();
    await sheet.waitFor({ state: 'hidden' });
    assert.equal(await visitor.focused(), 40);
    await visitor.page.keyboard.press('ArrowRight');
    assert.equal(await sheet.isVisible(), false);
    await visitor.page.keyboard.press('Enter');
    await sheet.waitFor();
    await visitor.page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'hidden' });
    assert.equal(await visitor.focused(), 41);
    assert.deepEqual(visitor.errors, []);
    await visitor.close();
  });

  test('token, plane and triangle show the same token', async () => {
    const visitor = await Visitor.open(here.browser, here.site.url, {
      viewport: { width: 1360, height: 2400 },
    });
    await visitor.tokens().nth(9).click();
    const told = await visitor.page.locator('entropix-tokens').evaluate((strip) => {
      const { decision, top } = strip.entries[9];
      return {
        ...decision.uncertainty,
        labels: top.slice(0, 3).map(({ label }) => label.replace(' ', '␣')),
        count: strip.entries.length,
      };
    });
    const [plane, triangle] = ['varentropy-plane', 'varentropy-triangle'].map((name) =>
      visitor.page.locator(name),
    );
    const h = `H ${told.entropy_bits.toFixed(3)} bits`;
    const corner = (name) => triangle.getByText(`${name}: 100 %`, { exact: true });
    await plane.locator(`.handle[aria-label*="${h}"]`).waitFor();
    await eventually(async () => assert.equal(await plane.locator('.spot').count(), told.count));
    await visitor.at('charts').getByText('Triangle').click();
    await triangle.getByText(h).first().waitFor();
    for (const label of told.labels) await corner(label).waitFor();
    await visitor.page.getByText('top two and the rest').click();
    await corner('the rest').waitFor();
    await visitor.at('charts').getByText('Plane').click();
    // A dot of the plane is a token, too.
    await plane.locator('.spot').nth(50).dispatchEvent('click');
    await eventually(async () =>
      assert.equal(
        await visitor.page.locator('entropix-tokens').evaluate((strip) => strip.selected),
        50,
      ),
    );
    assert.deepEqual(visitor.errors, []);
    await visitor.close();
  });

  test('the address carries the settings', async () => {
    const visitor = await Visitor.open(
      here.browser,
      `${here.site.url}#sampler=A&seed=7&tokens=32&high_logits_entropy_threshold=4.5`,
    );
    const drawer = visitor.at('sampler');
    await drawer.getByText('Entropix A').first().waitFor();
    await visitor.settings({ seed: 8 });
    await visitor.at('seed').blur();
    await drawer.getByText('seed 8').waitFor();
    assert.equal(await drawer.locator('[name=high_logits_entropy_threshold]').inputValue(), '4.5');
    await visitor.page.waitForURL(
      /#sampler=A&seed=8&tokens=32&high_logits_entropy_threshold=4\.5$/,
    );
    const link = visitor.page.url();
    const other = await Visitor.open(here.browser, here.site.url);
    await other.tokens().first().waitFor();
    assert.equal(other.page.url(), here.site.url);
    await other.page.goto(link);
    await other.at('sampler').getByText('seed 8').waitFor();
    await other.settings({});
    assert.equal(await other.at('max-tokens').inputValue(), '32');
    assert.equal(
      await other.at('sampler').locator('[name=high_logits_entropy_threshold]').inputValue(),
      '4.5',
    );
    await other.close();
    await visitor.close();
  });

  test('without WebAssembly the page says so', async () => {
    const visitor = await Visitor.open(here.browser, here.site.url, {
      init: () => {
        delete window.WebAssembly;
      },
    });
    await visitor.page.getByText('no WebAssembly').waitFor();
    await visitor.close();
  });

  test('without SIMD recordings can be seen, and the page says why no model runs', async () => {
    const init = () => {
      const validate = WebAssembly.validate;
      WebAssembly.validate = (bytes) => bytes.byteLength >= 64 && validate(bytes);
    };
    const visitor = await Visitor.open(here.browser, here.site.url, { init });
    await visitor.tokens().nth(3).click();
    await visitor.at('inspector').getByText('token 4 of').waitFor();
    assert.match(await visitor.at('sentence').innerText(), /\S/);
    await visitor.page.getByText(/SIMD/).first().waitFor();
    await visitor.close();
  });

  test('the page works from a sub-path', async () => {
    const dist =
      process.env.ENTROPIX_DIST ?? fileURLToPath(new URL('../../../dist', import.meta.url));
    const kinds = {
      html: 'text/html',
      js: 'text/javascript',
      wasm: 'application/wasm',
      css: 'text/css',
      json: 'application/json',
    };
    const server = createServer(async (request, response) => {
      const path = decodeURIComponent(new URL(request.url, 'http://x').pathname).replace(
        /^\/blog\/demo\//,
        '',
      );
      const name = path === '' ? 'index.html' : path;
      try {
        const body = await readFile(join(dist, name));
        response
          .writeHead(200, {
            'content-type': kinds[name.split('.').pop()] ?? 'application/octet-stream',
          })
          .end(body);
      } catch {
        response.writeHead(404).end();
      }
    });
    const port = await listen(server);
    const visitor = await Visitor.open(here.browser, `http://127.0.0.1:${port}/blog/demo/`);
    await visitor.tokens().first().waitFor();
    await visitor.page.reload();
    await visitor.tokens().first().waitFor();
    await visitor.close();
    server.closeAllConnections();
    server.close();
  });
});
