// A strict host: what its policy must allow, and nothing else is loaded.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { ALL, drawn, ring, shows, started } from '../support/charts.mjs';
import { atHost, done } from '../support/elements.mjs';
import { POLICY, SCRIPT, startBare, startHost } from '../support/host.mjs';
import { eventually } from '../support/wait.mjs';

const here = atHost();
const { embed, visit } = here;

describe('a host with a strict policy', () => {
  for (const isolated of [false, true]) {
    const kind = isolated ? 'an isolated' : 'a plain';
    test(`${kind} page shows every element, and nothing else is loaded`, async () => {
      const visitor = await visit(here.host.file('elements.html', { isolated }));
      const { page } = visitor;
      await started(page);
      assert.equal(await page.evaluate(() => crossOriginIsolated), isolated);
      await shows(page.locator('#curve'), [0.8, 0.2]);
      for (const id of ['triangle', 'rules'])
        await shows(page.locator(`#${id}`), id === 'rules' ? [0.6, 0.3, 0.1] : [0.7, 0.2, 0.1]);
      await page.locator('#tokens').getByTestId('token').nth(3).click();
      await page.locator('#inspector').getByText('token 4 of').waitFor();
      await page.locator('#trace').getByRole('button', { name: 'Play' }).waitFor();
      // What comes late would be seen.
      await page.waitForLoadState('networkidle');
      const others = [...new Set(visitor.requests)]
        .filter((url) => !url.startsWith(here.host.origin))
        .map((url) => url.replace(here.url, '').replace(/-[0-9a-f]{16}\.js$/, '-….js'));
      assert.deepEqual(others.sort(), [
        'embed/v1/embed.js',
        'embed/v1/embed_bg.wasm',
        'embed/v1/explain-….js',
        'embed/v1/plane-….js',
        'embed/v1/text.js',
        'traces/larger-b.json',
        'traces/sky-b.json',
      ]);
      assert.equal(visitor.requests.filter((url) => url.endsWith('.wasm')).length, 1);
      assert.deepEqual(
        visitor.requests.filter((url) => url.startsWith(here.host.origin)).sort(),
        ['elements.html', 'post.css'].map((name) => `${here.host.origin}/${name}`),
      );
      await done(visitor);
    });

    test(`${kind} page shows every frame, sandboxed or not, as tall as its chart`, async () => {
      const policy = `${POLICY.frame}; script-src 'self'`;
      const visitor = await visit(here.host.file('frames.html', { policy, isolated }), {
        viewport: { width: 900, height: 700 },
      });
      const { page } = visitor;
      for (const id of ['curve', 'triangle', 'plane', 'tokens', 'trace']) {
        const frame = page.locator(`#${id}`);
        await frame.scrollIntoViewIfNeeded();
        const inside = frame.contentFrame();
        await drawn(inside.locator(ALL).first());
        const fits = () =>
          eventually(async () => {
            // Frames above it may have grown; one out of sight draws nothing.
            await frame.scrollIntoViewIfNeeded();
            const tall = await inside
              .locator('html')
              .evaluate(({ ownerDocument }) => [
                ownerDocument.documentElement.getBoundingClientRect().height,
                innerHeight,
                ownerDocument.documentElement.scrollHeight,
              ]);
            assert.ok(
              tall[1] >= tall[0] && tall[1] < tall[0] + 2 && tall[2] <= tall[1],
              `${id}: ${tall}`,
            );
          });
        await fits();
        if (id === 'triangle') {
          await shows(inside.locator('varentropy-triangle'), [0.7, 0.2, 0.1]);
          const before = (await frame.boundingBox()).height;
          await page.setViewportSize({ width: 390, height: 700 });
          await eventually(async () =>
            assert.ok((await frame.boundingBox()).height < before - 100, 'it is as tall as before'),
          );
          await fits();
          // Its address cannot change here.
          await ring(inside.locator('varentropy-triangle')).press('Home');
          await shows(inside.locator('varentropy-triangle'), [1 / 3, 1 / 3, 1 / 3]);
        }
      }
      assert.equal(
        await page
          .locator('#triangle')
          .contentFrame()
          .locator('html')
          .evaluate(() => origin),
        'null',
      );
      await done(visitor);
    });
  }

  test('every part of the policy is needed, and its absence is told', async () => {
    const chart = '<varentropy-curve p="0.8"><p>Fallback.</p></varentropy-curve>';
    const parts = POLICY.elements.split(/;\s*/).flatMap((line) => {
      const [name, ...sources] = line.split(' ');
      return sources.map((source) => [
        source,
        POLICY.elements.replace(
          line,
          [name, ...sources.filter((other) => other !== source)].join(' '),
        ),
      ]);
    });
    assert.equal(parts.length, 3);
    for (const [source, policy] of parts) {
      const visitor = await embed(chart, { page: { policy } });
      const advice = {
        "'wasm-unsafe-eval'": "needs script-src 'wasm-unsafe-eval'.",
        'https://YOUR-HOST': `needs connect-src ${new URL(here.url).origin}.`,
      }[source];
      const started = policy.includes('script-src https:');
      await eventually(() =>
        assert.ok(
          started
            ? visitor.warnings.some(
                (text) =>
                  text.startsWith("<varentropy-curve> can't start: ") && text.endsWith(advice),
              )
            : visitor.errors.some((text) => /Content Security Policy/.test(text)),
          [source, ...visitor.warnings, ...visitor.errors].join('\n'),
        ),
      );
      assert.ok(await visitor.page.getByText('Fallback.').isVisible());
      await visitor.close();
    }
  });

  test('a file that does not come is told, and no policy is blamed', async () => {
    const visitor = await embed('<p>Nothing yet.</p>');
    const { page } = visitor;
    for (const [answer, advice] of /** @type {const} */ ([
      [(route) => route.abort(), /embed_bg\.wasm can't be reached/],
      [
        (route) => route.fulfill({ status: 404, headers: { 'access-control-allow-origin': '*' } }),
        /embed_bg\.wasm is not what it should be: .*404/,
      ],
      [
        (route) =>
          route.fulfill({
            body: 'x',
            contentType: 'application/wasm',
            headers: { 'access-control-allow-origin': '*' },
          }),
        /embed_bg\.wasm is not what it should be/,
      ],
    ])) {
      await page.route('**/*.wasm', answer);
      await page.reload();
      await page.evaluate(() =>
        document.querySelector('main').append(document.createElement('varentropy-curve')),
      );
      await eventually(() =>
        assert.ok(
          visitor.warnings.some((text) => advice.test(text)),
          visitor.warnings.join('\n'),
        ),
      );
      assert.ok(!visitor.warnings.some((text) => /Policy/.test(text)));
      await page.unroute('**/*.wasm');
    }
    await visitor.close();
  });

  test('a page with Trusted Types shows every element', async () => {
    const policy = `${POLICY.elements}; require-trusted-types-for 'script'; trusted-types 'none'`;
    const visitor = await visit(here.host.file('elements.html', { policy }));
    const { page } = visitor;
    await started(page);
    await shows(page.locator('#curve'), [0.8, 0.2]);
    await page.locator('#curve').getByRole('button', { name: 'Share' }).click();
    await page.keyboard.press('Escape');
    const drawn = await page
      .locator('varentropy-curve, varentropy-triangle, varentropy-plane')
      .evaluateAll((all) =>
        all.map(({ shadowRoot }) => [
          shadowRoot.querySelectorAll('.figure svg text').length > 2,
          /undefined|\[object/.test(shadowRoot.querySelector('.figure svg').outerHTML),
        ]),
      );
    assert.equal(drawn.length, 5);
    for (const each of drawn) assert.deepEqual(each, [true, false]);
    await done(visitor);
  });

  test('an isolated page takes elements but no frames of a server without headers', async () => {
    const page = { isolated: true, policy: `${POLICY.elements}; ${POLICY.frame}` };
    const body =
      '<varentropy-curve p="0.8"></varentropy-curve><iframe src="https://YOUR-HOST/embed.html?chart=curve" title="Two outcomes"></iframe>';
    for (const headers of [['access-control-allow-origin'], []]) {
      const bare = await startBare(here.url, ...headers);
      const other = await startHost(bare.url);
      const visitor = await visit(other.page(body, page));
      const curve = visitor.page.locator('varentropy-curve');
      if (headers.length) await shows(curve, [0.8, 0.2]);
      await eventually(() =>
        assert.ok(
          visitor.failed.some((text) => /embed\.html.*ERR_BLOCKED_BY_RESPONSE/.test(text)),
          visitor.failed.join('\n'),
        ),
      );
      assert.equal(
        await curve.evaluate(({ shadowRoot }) => Boolean(shadowRoot)),
        headers.length > 0,
      );
      assert.equal(
        await visitor.page.locator('iframe').contentFrame().locator('varentropy-curve').count(),
        0,
      );
      await visitor.close();
      other.close();
      bare.close();
    }
  });

  test('the script may stand there twice, also as another copy', async () => {
    const other = SCRIPT.replace('embed.js', 'embed.js?copy');
    const visitor = await embed(
      '<varentropy-triangle p="0.5 0.3 0.2"></varentropy-triangle><entropix-tokens src="https://YOUR-HOST/traces/sky-b.json"></entropix-tokens>',
      { page: { head: SCRIPT + SCRIPT + other } },
    );
    await started(visitor.page, 'varentropy-triangle, entropix-tokens');
    await shows(visitor.page.locator('varentropy-triangle'), [0.5, 0.3, 0.2]);
    await visitor.tokens().first().click();
    await visitor.page.getByText('token 1 of').waitFor();
    await done(visitor);
  });

  test('without JavaScript, what stands between the tags is shown', async () => {
    const visitor = await visit(here.host.file('elements.html'), { javaScriptEnabled: false });
    const fallbacks = await visitor.page.locator('main > :has(> p)').all();
    assert.equal(fallbacks.length, 7);
    for (const each of fallbacks) assert.ok(await each.locator('p').isVisible());
    await visitor.page.goto(`${here.url}embed.html?chart=curve`);
    assert.match(await visitor.page.locator('body').innerText(), /JavaScript/);
    await visitor.close();
  });
});
