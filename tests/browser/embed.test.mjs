// The elements and the iframe on other people's pages.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';

import {
  ALL,
  drag,
  drawn,
  eventually,
  heat,
  hv,
  middle,
  mix,
  near,
  normal,
  places,
  ring,
  shows,
  started,
  swipe,
  values,
  written,
} from './support/charts.mjs';
import { POLICY, SCRIPT, startBare, startHost } from './support/host.mjs';
import { Visitor, launch, serve } from './support/site.mjs';

const read = (path) => readFile(new URL(path, import.meta.url), 'utf8');
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let site;
let host;
let browser;
before(async () => {
  site = await serve();
  host = await startHost(site.url);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  host?.close();
  site?.close();
});

/** Notes what a page's listener hears. */
const listen = () => {
  window.heard = [];
  for (const type of ['input', 'change']) {
    addEventListener(type, ({ target, detail }) =>
      window.heard.push({ type, id: target.id, detail }),
    );
  }
};

/** Opens an address, with what was asked of the network and what the console said. */
async function visit(url, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const visitor = new Visitor(page);
  visitor.warnings = [];
  visitor.requests = [];
  visitor.failed = [];
  page.on('request', (request) => visitor.requests.push(request.url()));
  page.on('requestfailed', (request) =>
    visitor.failed.push(`${request.url()} ${request.failure().errorText}`),
  );
  page.on('console', (message) => {
    if (message.type() === 'warning') visitor.warnings.push(message.text());
    if (message.type() === 'error') visitor.errors.push(message.text());
  });
  if (options?.javaScriptEnabled !== false) await page.addInitScript(listen);
  await page.goto(url);
  visitor.heard = async () => {
    const heard = await page.evaluate(() => window.heard.splice(0));
    return heard.filter(({ type }, i) => type !== heard[i + 1]?.type || type === 'change');
  };
  return visitor;
}

/** A page with this body. */
const embed = (body, { page, ...options } = {}) => visit(host.page(body, page), options);

/** Ends a visit in which nothing went wrong. */
async function done(visitor, warnings = []) {
  assert.deepEqual(visitor.errors, []);
  assert.deepEqual(visitor.warnings, warnings);
  await visitor.close();
}

describe('a host with a strict policy', () => {
  for (const isolated of [false, true]) {
    const kind = isolated ? 'an isolated' : 'a plain';
    test(`${kind} page shows every element, and nothing else is loaded`, async () => {
      const visitor = await visit(host.file('elements.html', { isolated }));
      const { page } = visitor;
      await started(page);
      assert.equal(await page.evaluate(() => crossOriginIsolated), isolated);
      await shows(page.locator('#curve'), [0.8, 0.2]);
      for (const id of ['triangle', 'rules'])
        await shows(page.locator(`#${id}`), id === 'rules' ? [0.6, 0.3, 0.1] : [0.7, 0.2, 0.1]);
      await page.locator('#tokens').getByTestId('token').nth(3).click();
      await page.locator('#inspector').getByText('token 4 of').waitFor();
      await page.locator('#trace').getByRole('button', { name: 'Play' }).waitFor();
      await page.waitForTimeout(300);
      const others = [...new Set(visitor.requests)]
        .filter((url) => !url.startsWith(host.origin))
        .map((url) => url.replace(site.url, ''));
      assert.deepEqual(others.sort(), [
        'embed/v1/embed.js',
        'embed/v1/embed_bg.wasm',
        'traces/larger-b.json',
        'traces/sky-b.json',
      ]);
      assert.equal(visitor.requests.filter((url) => url.endsWith('.wasm')).length, 1);
      assert.deepEqual(
        visitor.requests.filter((url) => url.startsWith(host.origin)).sort(),
        ['elements.html', 'post.css'].map((name) => `${host.origin}/${name}`),
      );
      await done(visitor);
    });

    test(`${kind} page shows every frame, sandboxed or not, as tall as its chart`, async () => {
      const policy = `${POLICY.frame}; script-src 'self'`;
      const visitor = await visit(host.file('frames.html', { policy, isolated }), {
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
          await fits();
          assert.ok((await frame.boundingBox()).height < before - 100);
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
      if (policy.includes('script-src https:')) {
        await eventually(() =>
          assert.ok(
            visitor.warnings.some((text) =>
              /^<varentropy-curve> can't start: .*Content-Security-Policy/.test(text),
            ),
            visitor.warnings.join('\n'),
          ),
        );
      } else
        await eventually(() =>
          assert.ok(
            visitor.errors.some((text) => /Content Security Policy/.test(text)),
            source,
          ),
        );
      assert.ok(await visitor.page.getByText('Fallback.').isVisible());
      await visitor.close();
    }
  });

  test('an isolated page takes elements but no frame from a server without the headers', async () => {
    const page = { isolated: true, policy: `${POLICY.elements}; ${POLICY.frame}` };
    const body =
      '<varentropy-curve p="0.8"></varentropy-curve><iframe src="https://YOUR-HOST/embed.html?chart=curve" title="Two outcomes"></iframe>';
    for (const headers of [['access-control-allow-origin'], []]) {
      const bare = await startBare(site.url, ...headers);
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
    const visitor = await visit(host.file('elements.html'), { javaScriptEnabled: false });
    const fallbacks = await visitor.page.locator('main > :has(> p)').all();
    assert.equal(fallbacks.length, 7);
    for (const each of fallbacks) assert.ok(await each.locator('p').isVisible());
    await visitor.page.goto(`${site.url}embed.html?chart=curve`);
    assert.match(await visitor.page.locator('body').innerText(), /JavaScript/);
    await visitor.close();
  });
});

describe('numbers', () => {
  test('agree with the reference for two and three outcomes', async () => {
    const { cases } = JSON.parse(await read('../golden/entropix/varentropy.json'));
    const small = cases.filter(({ n }) => n === 2 || n === 3);
    assert.ok(small.length >= 10);
    const visitor = await embed(
      '<varentropy-curve></varentropy-curve><varentropy-triangle></varentropy-triangle>',
    );
    await started(visitor.page);
    for (const { name, n, logits, ref64_entropy_bits: h, ref64_varentropy_bits2: v } of small) {
      const x = logits.map((logit) => Math.fround(Number(logit)));
      const most = Math.max(...x);
      const p = normal(x.map((each) => (each === most ? 1 : Math.exp(each - most))));
      const chart = visitor.page.locator(n === 2 ? 'varentropy-curve' : 'varentropy-triangle');
      const detail = await chart.evaluate(
        (it, attribute) => {
          it.p = attribute;
          return it.detail();
        },
        n === 2 ? p[0] : p,
      );
      near([detail.h, detail.v], [h, v], 1e-10, name);
      await shows(chart, p);
    }
    visitor.warnings.length = 0;
    await done(visitor);
  });

  test('are in nats where nats are asked for', async () => {
    const visitor = await embed(
      '<varentropy-curve p="0.9168" units="nats"></varentropy-curve><varentropy-triangle units="nats" p="0.7,0.2,0.1"></varentropy-triangle><varentropy-plane p="0.7 0.2 0.1" units="nats"></varentropy-plane>',
    );
    await shows(visitor.page.locator('varentropy-curve'), [0.9168, 1 - 0.9168], 'nats');
    for (const name of ['triangle', 'plane'])
      await shows(visitor.page.locator(`varentropy-${name}`), [0.7, 0.2, 0.1], 'nats');
    const [h, v] = hv([0.7, 0.2, 0.1]);
    const detail = await visitor.page.locator('varentropy-plane').evaluate((it) => it.detail());
    near([detail.h, detail.v], [h, v], 1e-12, 'events are in bits');
    const texts = await visitor.page.locator('.values, .note, output, svg text').allTextContents();
    assert.deepEqual(
      texts.filter((text) => /\bbits/.test(text)),
      [],
    );
    assert.ok(
      texts.some((text) => text.includes('A 0.357 nats, B 1.609 nats, C 2.303 nats')),
      'surprise, too',
    );
    await done(visitor);
  });

  test('follow the temperature', async () => {
    const visitor = await embed(
      ['triangle', 'plane']
        .map(
          (name) => `<varentropy-${name} p="0.7 0.2 0.1" temperature="2.5"></varentropy-${name}>`,
        )
        .join(''),
    );
    for (const name of ['triangle', 'plane'])
      await shows(visitor.page.locator(`varentropy-${name}`), heat([0.7, 0.2, 0.1], 2.5));
    await visitor.page.locator('varentropy-triangle').evaluate((it) => {
      it.temperature = 0.3;
    });
    await shows(visitor.page.locator('varentropy-triangle'), heat([0.7, 0.2, 0.1], 0.3));
    await done(visitor);
  });

  test('are taken as properties, also from before the script came', async () => {
    const visitor = await embed(
      '<varentropy-triangle></varentropy-triangle><varentropy-plane></varentropy-plane>',
      { page: { head: '' } },
    );
    const { page } = visitor;
    await page.evaluate(
      async (line) => {
        const [triangle, plane] = document.querySelectorAll('main > *');
        Object.assign(triangle, {
          p: [0.5, 0.25, 0.25],
          mode: 'rules',
          lowEntropy: 0.7,
          locked: true,
        });
        Object.assign(plane, {
          p: [0.5, 0.25, 0.25],
          n: 3,
          tokens: [
            { h: 1, v: 0.1 },
            { h: 0.5, v: 1 },
          ],
        });
        const script = document.createElement('script');
        Object.assign(script, {
          type: 'module',
          src: new DOMParser().parseFromString(line, 'text/html').scripts[0].src,
        });
        document.head.append(script);
      },
      SCRIPT.replace('https://YOUR-HOST/', site.url),
    );
    for (const name of ['triangle', 'plane'])
      await shows(page.locator(`varentropy-${name}`), [0.5, 0.25, 0.25]);
    assert.equal(await page.locator('varentropy-plane circle.spot').count(), 2);
    assert.deepEqual(
      await page
        .locator('varentropy-triangle')
        .evaluate((it) => [it.getAttribute('low-entropy'), it.lowEntropy, it.locked, it.mode]),
      ['0.7', 0.7, true, 'rules'],
    );
    await done(visitor);
  });
});

/** Pages on which a chart lies otherwise: [what, attributes of <html>, class of <main>'s child, options]. */
const LAYOUTS = [
  ['plain', '', ''],
  ['from right to left', 'dir="rtl"', ''],
  ['zoomed to 200 %', 'class="zoomed"', ''],
  ['scaled', '', 'scaled'],
  ['of double density', '', '', { deviceScaleFactor: 2 }],
];

describe('a hand', () => {
  for (const [what, attributes, wrapper, options] of LAYOUTS) {
    test(`drags the handle on a page that is ${what}`, async () => {
      const visitor = await embed(
        `<div class="${wrapper}"><varentropy-curve id="c"></varentropy-curve><varentropy-triangle id="t"></varentropy-triangle></div>`,
        { page: { attributes }, viewport: { width: 900, height: 1400 }, ...options },
      );
      const { page } = visitor;
      const [curve, triangle] = [page.locator('#c'), page.locator('#t')];
      await started(page);
      await curve.scrollIntoViewIfNeeded();
      const ends = await places(curve, 0, 1);
      for (const p of [0.2, 0.9]) {
        const x = mix(ends, [1 - p, p])[0];
        await drag(page, curve, [x, ends[0][1] - 20]);
        const now = await written(curve);
        near(now, [p, 1 - p], 0.004, 'p of the curve');
        await shows(curve, now);
        near([(await middle(curve))[0]], [x], 1.5);
      }
      await triangle.scrollIntoViewIfNeeded();
      const corners = await places(triangle, [1, 0, 0], [0, 1, 0], [0, 0, 1]);
      for (const p of [
        [0.2, 0.3, 0.5],
        [0.8, 0.1, 0.1],
      ]) {
        await drag(page, triangle, mix(corners, p));
        const now = await written(triangle);
        near(now, p, 0.006, 'p of the triangle');
        await shows(triangle, now);
        near(await middle(triangle), mix(corners, p), 1.5);
      }
      // Beyond an edge the nearest point of it is meant; beyond a corner, the corner.
      await drag(page, triangle, mix(corners, [0.6, 0.6, -0.2]));
      near(await written(triangle), [0.5, 0.5, 0], 0.006);
      const far = mix(corners, [1.15, -0.075, -0.075]);
      await drag(page, triangle, far);
      assert.deepEqual(await written(triangle), [1, 0, 0]);
      await shows(triangle, [1, 0, 0]);
      await done(visitor);
    });
  }

  test('is followed by input, and by one change at the end', async () => {
    const visitor = await embed('<varentropy-triangle id="t"></varentropy-triangle>');
    const { page } = visitor;
    const triangle = page.locator('#t');
    const corners = await places(triangle, [1, 0, 0], [0, 1, 0], [0, 0, 1]);
    assert.deepEqual(await visitor.heard(), [], 'a program that sets an attribute knows it');
    await drag(page, triangle, mix(corners, [0.2, 0.3, 0.5]), async () => {
      const heard = await page.evaluate(() => window.heard);
      assert.ok(
        heard.length >= 5 &&
          heard.every(({ type, detail }) => type === 'input' && detail.p.length === 3),
      );
    });
    const heard = await page.evaluate(() => window.heard);
    assert.deepEqual(heard.filter(({ type }) => type === 'change').length, 1);
    const { detail } = heard.at(-1);
    assert.deepEqual([heard.at(-1).type, heard.at(-1).id], ['change', 't']);
    near(detail.p, await written(triangle), 1e-9);
    near([detail.h, detail.v], hv(detail.p), 1e-9);
    assert.equal(detail.temperature, 1);
    await done(visitor);
  });

  test('moves thresholds of the plane', async () => {
    const visitor = await embed(
      '<varentropy-plane id="p" preset="B" n="64" scale="fit" points="0,0 4,4"></varentropy-plane>',
    );
    const { page } = visitor;
    const plane = page.locator('#p');
    await started(page);
    const [zero, four] = await plane.locator('circle.spot').evaluateAll((spots) =>
      spots.map((spot) => {
        const { left, top, width } = spot.getBoundingClientRect();
        return [left + width / 2, top + width / 2];
      }),
    );
    const at = (h, v) => [
      zero[0] + ((four[0] - zero[0]) * h) / 4,
      zero[1] + ((four[1] - zero[1]) * v) / 4,
    ];
    for (const [name, from, to] of [
      ['medium-entropy', [3, 2.5], [2, 2.5]],
      ['high-varentropy', [1, 5], [1, 3]],
    ]) {
      await page.mouse.move(...at(...from));
      await page.mouse.down();
      await page.mouse.move(...at(...to), { steps: 4 });
      await page.mouse.up();
      const value = Number(await plane.getAttribute(name));
      near([value], [to[name.endsWith('-entropy') ? 0 : 1]], 0.06, name);
    }
    assert.equal(await plane.getAttribute('low-entropy'), null);
    assert.deepEqual(
      (await visitor.heard()).map(({ type, id }) => [type, id]),
      [
        ['input', 'p'],
        ['change', 'p'],
        ['input', 'p'],
        ['change', 'p'],
      ],
    );
    // A point is chosen.
    await plane.locator('circle.spot').nth(1).click();
    const [{ type, detail }] = await visitor.heard();
    assert.deepEqual([type, detail.index, detail.h, detail.v], ['change', 1, 4, 4]);
    await eventually(async () =>
      assert.match((await values(plane)).text, /^H 4\.000 bits\s+V 4\.000 bits²/),
    );
    await done(visitor);
  });

  test('is a finger: it drags the handle, taps beside it, and scrolls the page', async () => {
    const visitor = await embed(
      `<varentropy-triangle id="t"></varentropy-triangle>${'<p>More.</p>'.repeat(60)}`,
      { hasTouch: true, isMobile: true, viewport: { width: 390, height: 700 } },
    );
    const { page } = visitor;
    const triangle = page.locator('#t');
    const corners = await places(triangle, [1, 0, 0], [0, 1, 0], [0, 0, 1]);
    const [p, q] = [
      [0.3, 0.4, 0.3],
      [0.7, 0.15, 0.15],
    ];
    await places(triangle, q);
    const path = (from, to) =>
      [0, 0.25, 0.5, 0.75, 1].map((share) => mix([from, to], [1 - share, share]));
    await swipe(page, path(mix(corners, q), mix(corners, p)));
    near(await written(triangle), p, 0.01, 'dragged');
    await shows(triangle, await written(triangle));
    assert.deepEqual(
      (await visitor.heard()).map(({ type }) => type),
      ['input', 'change'],
    );
    assert.equal(await page.evaluate(() => scrollY), 0);
    // Beside the handle the page scrolls, and the point stays.
    const before = await written(triangle);
    await swipe(page, path(corners[0], [corners[0][0], corners[0][1] - 200]));
    await eventually(async () => assert.ok((await page.evaluate(() => scrollY)) > 50));
    assert.deepEqual(await written(triangle), before);
    assert.deepEqual(await visitor.heard(), []);
    // It coasts a while.
    await page.waitForTimeout(1500);
    await page.evaluate(() => scrollTo(0, 0));
    await page.touchscreen.tap(...mix(corners, [0.1, 0.1, 0.8]));
    await eventually(async () => near(await written(triangle), [0.1, 0.1, 0.8], 0.01, 'tapped'));
    assert.deepEqual(
      (await visitor.heard()).map(({ type }) => type),
      ['change'],
    );
    await done(visitor);
  });

  test('with a second finger moves nothing else', async () => {
    const visitor = await embed(
      '<varentropy-triangle id="t" p="0.34 0.33 0.33"></varentropy-triangle>',
      { hasTouch: true, viewport: { width: 600, height: 900 } },
    );
    const { page } = visitor;
    const triangle = page.locator('#t');
    const corners = await places(triangle, [1, 0, 0], [0, 1, 0], [0, 0, 1], [0.34, 0.33, 0.33]);
    const touch = await page.context().newCDPSession(page);
    const send = (type, ...points) =>
      touch.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: points.map(([x, y], id) => ({ x, y, id })),
      });
    const [first, second] = [mix(corners, [0.6, 0.2, 0.2]), mix(corners, [0.1, 0.8, 0.1])];
    await send('touchStart', corners[3]);
    await send('touchMove', first);
    await send('touchStart', first, second);
    await send('touchMove', first, [second[0] - 20, second[1]]);
    near(await written(triangle), [0.6, 0.2, 0.2], 0.01);
    await send('touchEnd');
    await done(visitor);
  });

  test('that is taken away leaves the point where it was', async () => {
    const visitor = await embed('<varentropy-triangle id="t"></varentropy-triangle>', {
      hasTouch: true,
      viewport: { width: 600, height: 900 },
    });
    const { page } = visitor;
    const triangle = page.locator('#t');
    const corners = await places(triangle, [1, 0, 0], [0, 1, 0], [0, 0, 1], [0.34, 0.33, 0.33]);
    const touch = await page.context().newCDPSession(page);
    const send = (type, ...points) =>
      touch.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: points.map(([x, y]) => ({ x, y })),
      });
    await send('touchStart', corners[3]);
    await send('touchMove', mix(corners, [0.2, 0.6, 0.2]));
    await send('touchCancel');
    await eventually(async () => assert.deepEqual((await visitor.heard()).at(-1).type, 'change'));
    near(await written(triangle), [0.2, 0.6, 0.2], 0.01);
    await done(visitor);
  });

  test('cannot move what is locked', async () => {
    const visitor = await embed(
      '<varentropy-triangle id="t" p="0.34 0.33 0.33" locked></varentropy-triangle><varentropy-curve id="c" p="0.3" locked></varentropy-curve>',
    );
    const { page } = visitor;
    await started(page);
    for (const [id, p] of [
      ['t', '0.34 0.33 0.33'],
      ['c', '0.3'],
    ]) {
      const chart = page.locator(`#${id}`);
      const [x, y] = await middle(chart);
      await drag(page, chart, [x + 40, y]);
      assert.equal(await chart.getAttribute('p'), p);
      assert.equal(await ring(chart).getAttribute('aria-disabled'), 'true');
      for (const input of await chart.locator('input').all()) assert.ok(await input.isDisabled());
    }
    assert.deepEqual(await visitor.heard(), []);
    await done(visitor);
  });
});

describe('the keyboard', () => {
  test('moves the handle of the curve', async () => {
    const visitor = await embed(
      '<varentropy-curve id="c" p="0.5" labels="rain,sun"></varentropy-curve>',
    );
    const { page } = visitor;
    const curve = page.locator('#c');
    await started(page);
    await page.keyboard.press('Tab');
    let p = 0.5;
    for (const [key, to] of [
      ['ArrowRight', 0.51],
      ['ArrowUp', 0.52],
      ['ArrowLeft', 0.51],
      ['ArrowDown', 0.5],
      ['Shift+ArrowRight', 0.6],
      ['End', 1],
      ['ArrowRight', 1],
      ['Home', 0],
      ['ArrowLeft', 0],
      ['Shift+ArrowUp', 0.1],
    ]) {
      await page.keyboard.press(key);
      p = to;
      assert.equal(Number(await curve.getAttribute('p')), p, key);
      await shows(curve, [p, 1 - p]);
      const heard = await visitor.heard();
      assert.deepEqual(
        heard.map(({ type }) => type),
        ['change'],
      );
      near(heard[0].detail.p, [p, 1 - p], 1e-12);
      near([heard[0].detail.h, heard[0].detail.v], hv([p, 1 - p]), 1e-12);
      await eventually(async () =>
        assert.equal(await ring(curve).getAttribute('aria-valuenow'), (100 * p).toFixed(1)),
      );
    }
    assert.match(
      await ring(curve).getAttribute('aria-valuetext'),
      /^rain 10\.0 %, sun 90\.0 %: H 0\.469 bits/,
    );
    // Other keys are the page's.
    for (const key of ['a', 'Enter', 'Control+ArrowRight', 'Meta+Home'])
      await page.keyboard.press(key);
    assert.equal(await curve.getAttribute('p'), '0.1');
    await done(visitor);
  });

  test('moves the handle of the triangle', async () => {
    const visitor = await embed('<varentropy-triangle id="t"></varentropy-triangle>');
    const { page } = visitor;
    const triangle = page.locator('#t');
    const corners = await places(triangle, [1, 0, 0], [0, 1, 0], [0, 0, 1], [0.4, 0.3, 0.3]);
    const side = corners[1][0] - corners[0][0];
    await ring(triangle).focus();
    for (const [key, dx, dy] of [
      ['ArrowRight', 0.01, 0],
      ['ArrowLeft', -0.01, 0],
      ['ArrowUp', 0, -0.01],
      ['ArrowDown', 0, 0.01],
      ['Shift+ArrowUp', 0, -0.1],
    ]) {
      const [x, y] = await middle(triangle);
      await page.keyboard.press(key);
      await shows(triangle, await written(triangle));
      near(await middle(triangle), [x + dx * side, y + dy * side], 0.3, key);
    }
    await page.keyboard.press('Home');
    near(await written(triangle), [1 / 3, 1 / 3, 1 / 3], 1e-4);
    await places(triangle, [0.2, 0.5, 0.3]);
    await visitor.heard();
    const visited = [];
    for (let i = 0; i < 4; i += 1) {
      await page.keyboard.press('End');
      const p = await written(triangle);
      await shows(triangle, p);
      visited.push(p.indexOf(1));
    }
    assert.deepEqual(visited, [1, 2, 0, 1], 'the likely corner first, then one after the other');
    assert.deepEqual(
      (await visitor.heard()).map(({ type }) => type),
      ['change', 'change', 'change', 'change'],
    );
    await done(visitor);
  });

  test('moves the point of the plane along its temperature path', async () => {
    const visitor = await embed(
      '<varentropy-plane id="p" p="0.7 0.2 0.1" n="3" path></varentropy-plane>',
    );
    const { page } = visitor;
    const plane = page.locator('#p');
    await started(page);
    await ring(plane).focus();
    for (const [key, factor] of [
      ['ArrowRight', 1.01],
      ['Shift+ArrowUp', 1.1],
      ['ArrowDown', 0.99],
      ['Home', null],
    ]) {
      const before = Number((await plane.getAttribute('temperature')) ?? 1);
      await page.keyboard.press(key);
      const now = Number(await plane.getAttribute('temperature'));
      near([now], [factor === null ? 1 : before * factor], 1e-3, key);
      await shows(plane, heat([0.7, 0.2, 0.1], now));
      const [{ type, detail }] = await visitor.heard();
      assert.equal(type, 'change');
      near(detail.p, heat([0.7, 0.2, 0.1], now), 1e-9);
      near([detail.temperature], [now], 1e-9);
    }
    await done(visitor);
  });
});

describe('a slider twin', () => {
  test('of the curve moves p', async () => {
    const visitor = await embed('<varentropy-curve id="c" labels="rain,sun"></varentropy-curve>');
    const curve = visitor.page.locator('#c');
    const slider = curve.getByRole('slider', { name: /^rain/ });
    await slider.fill('0.9');
    await shows(curve, [0.9, 0.1]);
    const heard = await visitor.heard();
    assert.deepEqual(
      heard.map(({ type }) => type),
      ['input', 'change'],
    );
    for (const { detail } of heard) near(detail.p, [0.9, 0.1], 1e-9);
    assert.equal(await slider.getAttribute('aria-valuetext'), '90.0 %');
    await slider.press('ArrowLeft');
    await shows(curve, [0.899, 0.101]);
    assert.equal(await slider.inputValue(), '0.899');
    await curve.evaluate((it) => {
      it.p = 0.25;
    });
    await slider.evaluate((input) => input.blur());
    await curve.evaluate((it) => {
      it.p = 0.26;
    });
    await eventually(async () => assert.equal(await slider.inputValue(), '0.26'));
    await done(visitor);
  });

  test('of the triangle moves one share; the others keep their proportion', async () => {
    const visitor = await embed(
      '<varentropy-triangle id="t" p="0.5 0.3 0.2" labels="yes,no,maybe" path></varentropy-triangle>',
    );
    const triangle = visitor.page.locator('#t');
    await triangle.getByRole('slider', { name: /^no/ }).fill('0.6');
    near(await written(triangle), [(0.4 * 5) / 7, 0.6, (0.4 * 2) / 7], 2e-5);
    await shows(triangle, await written(triangle));
    await triangle.getByRole('slider', { name: /^no/ }).fill('1');
    assert.deepEqual(await written(triangle), [0, 1, 0]);
    await triangle.getByRole('slider', { name: /^no/ }).fill('0.5');
    assert.deepEqual(await written(triangle), [0.25, 0.5, 0.25]);
    const heard = await visitor.heard();
    assert.ok(
      heard.every(({ detail }) => detail?.p.length === 3),
      'every event has its detail',
    );
    await triangle.getByRole('slider', { name: /temperature/ }).fill('1');
    await shows(triangle, heat([0.25, 0.5, 0.25], 2));
    near([Number(await triangle.getAttribute('temperature'))], [2], 1e-3);
    assert.deepEqual(await written(triangle), [0.25, 0.5, 0.25], 'the point itself stays');
    await done(visitor);
  });

  test('of the plane moves n and the thresholds', async () => {
    const visitor = await embed(
      '<varentropy-plane id="p" preset="B" p="0.5 0.5"></varentropy-plane>',
    );
    const plane = visitor.page.locator('#p');
    const outcomes = plane.getByRole('slider', { name: /outcomes/ });
    await outcomes.fill('10');
    near([Number(await plane.getAttribute('n'))], [1024], 1);
    await outcomes.press('End');
    near([Number(await plane.getAttribute('n'))], [128256], 60);
    await plane.getByRole('slider', { name: /low H/ }).fill('0.5');
    assert.equal(await plane.getAttribute('low-entropy'), '2');
    await eventually(async () => assert.match((await values(plane)).text, /argmax/));
    await done(visitor);
  });
});

describe('a group', () => {
  test('shows one point', async () => {
    const visitor = await embed(
      `<varentropy-triangle id="t" group="g"></varentropy-triangle><varentropy-plane id="p" n="3" scale="fit" group="g" path></varentropy-plane>
      <varentropy-triangle id="u" group="g" path></varentropy-triangle><varentropy-triangle id="other" group="h"></varentropy-triangle>`,
      { viewport: { width: 700, height: 3000 } },
    );
    const { page } = visitor;
    const at = (id) => page.locator(`#${id}`);
    await started(page);
    const corners = await places(at('t'), [1, 0, 0], [0, 1, 0], [0, 0, 1], [0.4, 0.3, 0.3]);
    const p = [0.15, 0.75, 0.1];
    await drag(page, at('t'), mix(corners, p), async () => {
      const now = await written(at('t'));
      for (const id of ['p', 'u']) await shows(at(id), now);
    });
    const now = await written(at('t'));
    near(now, p, 0.006);
    for (const id of ['t', 'p', 'u']) await shows(at(id), now);
    await shows(at('other'), [0.6, 0.3, 0.1]);
    assert.deepEqual(
      [...new Set((await visitor.heard()).map(({ id }) => id))],
      ['t'],
      'one of them speaks',
    );
    await ring(at('p')).focus();
    await page.keyboard.press('Shift+ArrowRight');
    for (const id of ['t', 'p', 'u']) await shows(at(id), heat(now, 1.1));
    // Moving a heated point keeps the temperature.
    await ring(at('u')).focus();
    await page.keyboard.press('Home');
    for (const id of ['t', 'p', 'u']) await shows(at(id), [1 / 3, 1 / 3, 1 / 3]);
    assert.equal(await at('u').getAttribute('temperature'), '1.1');
    // Out of the group.
    await at('p').evaluate((it) => {
      it.group = 'elsewhere';
    });
    await at('u').evaluate((it) => it.remove());
    await at('t').getByRole('slider', { name: /^A/ }).fill('0.8');
    await page.waitForTimeout(100);
    await shows(at('p'), [1 / 3, 1 / 3, 1 / 3]);
    await done(visitor);
  });

  test('of charts with other numbers of outcomes takes what it can', async () => {
    const visitor = await embed(
      '<varentropy-curve id="c" group="g"></varentropy-curve><varentropy-triangle id="t" group="g"></varentropy-triangle><varentropy-plane id="p" group="g"></varentropy-plane>',
    );
    const at = (id) => visitor.page.locator(`#${id}`);
    await started(visitor.page);
    await at('c').getByRole('slider', { name: /^A/ }).fill('0.9');
    for (const id of ['c', 'p']) await shows(at(id), [0.9, 0.1]);
    await shows(at('t'), [0.6, 0.3, 0.1]);
    await at('t').getByRole('slider', { name: /^A/ }).fill('0.8');
    await shows(at('p'), await written(at('t')));
    await shows(at('c'), [0.9, 0.1]);
    await done(visitor);
  });

  test('shows the token that is pointed at', async () => {
    const { tokens } = JSON.parse(await read('../../www/traces/larger-b.json'));
    const visitor = await embed(
      `<entropix-tokens group="g" src="https://YOUR-HOST/traces/larger-b.json" inspector="none"></entropix-tokens>
      <varentropy-plane id="p" preset="B" group="g"></varentropy-plane><varentropy-triangle id="t" group="g"></varentropy-triangle>`,
      { viewport: { width: 700, height: 2400 } },
    );
    const { page } = visitor;
    await visitor.tokens().nth(5).click();
    const { entropy_bits: h, varentropy_bits2: v } = tokens[5].decision.uncertainty;
    for (const id of ['p', 't']) {
      await eventually(async () => {
        const shown = await values(page.locator(`#${id}`));
        near([shown.h, shown.v], [h, v], 5.1e-4);
      });
    }
    assert.equal(await page.locator('#p circle.spot').count(), tokens.length);
    assert.match(await page.locator('#t .note').innerText(), /left out: [\d.]+ %/);
    const [{ type, detail }] = (await visitor.heard()).slice(-1);
    assert.deepEqual([type, detail.index, detail.entry.label], ['change', 5, tokens[5].label]);
    await page.locator('#p circle.spot').nth(40).dispatchEvent('click');
    assert.equal(await page.locator('entropix-tokens').evaluate((strip) => strip.selected), 40);
    await done(visitor);
  });
});

describe('the theme', () => {
  const dark = (chart) =>
    chart.locator('.values').evaluate((element) => {
      const canvas = new OffscreenCanvas(1, 1).getContext('2d');
      canvas.fillStyle = getComputedStyle(element).color;
      canvas.fillRect(0, 0, 1, 1);
      return canvas.getImageData(0, 0, 1, 1).data[0] > 128;
    });

  test("is the page's, or the attribute's", async () => {
    const visitor = await embed(
      '<varentropy-curve id="c"></varentropy-curve><varentropy-curve id="l" theme="light"></varentropy-curve><varentropy-curve id="d" theme="dark"></varentropy-curve>',
    );
    const { page } = visitor;
    await started(page);
    for (const colorScheme of ['light', 'dark', 'light']) {
      await page.emulateMedia({ colorScheme });
      assert.deepEqual(
        await Promise.all(['c', 'l', 'd'].map((id) => dark(page.locator(`#${id}`)))),
        [colorScheme === 'dark', false, true],
      );
    }
    await page.locator('#c').evaluate((it) => {
      it.theme = 'dark';
    });
    assert.equal(await dark(page.locator('#c')), true);
    await page.locator('#c').evaluate((it) => {
      it.theme = null;
    });
    assert.equal(await dark(page.locator('#c')), false);
    await done(visitor);
  });

  test('of a page that knows light only stays light', async () => {
    const visitor = await embed('<varentropy-curve id="c"></varentropy-curve>', {
      page: { attributes: 'class="light-only"' },
      colorScheme: 'dark',
    });
    await started(visitor.page);
    assert.equal(await dark(visitor.page.locator('#c')), false);
    await done(visitor);
  });

  test("has the host's colours", async () => {
    const visitor = await embed(
      '<div class="coloured"><varentropy-curve id="c"></varentropy-curve></div>',
    );
    await started(visitor.page);
    assert.equal(
      await visitor.page
        .locator('#c .values')
        .evaluate((element) => getComputedStyle(element).color),
      'rgb(1, 2, 3)',
    );
    await done(visitor);
  });
});

describe('sharing', () => {
  /** Opens the dialog and reads its three texts. */
  async function texts(chart) {
    await chart.getByRole('button', { name: 'Share' }).click();
    const dialog = chart.getByRole('dialog');
    await dialog.waitFor();
    const found = await dialog
      .locator('textarea')
      .evaluateAll((all) => all.map(({ value }) => value));
    await dialog.getByRole('button', { name: 'Close' }).click();
    assert.equal(await dialog.count(), 0);
    return found;
  }
  /** Everything a chart says. */
  const said = (chart) =>
    chart.evaluate(({ shadowRoot }) => [
      ...[...shadowRoot.querySelectorAll('.values, .note, .corner')].map(
        ({ textContent }) => textContent,
      ),
      shadowRoot.querySelector('.handle').getAttribute('aria-valuetext'),
    ]);

  test('copies a text, or selects it where that is not allowed', async () => {
    const visitor = await embed(
      '<varentropy-curve p="0.8"></varentropy-curve><iframe src="https://YOUR-HOST/embed.html?chart=curve" title="Two outcomes" height="700" sandbox="allow-scripts"></iframe>',
      { page: { policy: `${POLICY.elements}; ${POLICY.frame}` } },
    );
    const { page } = visitor;
    await page
      .context()
      .grantPermissions(['clipboard-read', 'clipboard-write'], { origin: host.origin });
    const curve = page.locator('varentropy-curve');
    await curve.getByRole('button', { name: 'Share' }).click();
    await curve.getByRole('button', { name: 'Copy' }).nth(2).click();
    await curve.getByRole('button', { name: 'Copied' }).waitFor();
    assert.equal(
      await page.evaluate(() => navigator.clipboard.readText()),
      await curve.locator('textarea').nth(2).inputValue(),
    );
    await page.keyboard.press('Escape');
    assert.equal(await curve.getByRole('dialog').count(), 0);
    const inside = page.locator('iframe').contentFrame();
    await inside.getByRole('button', { name: 'Share' }).click();
    await inside.getByRole('button', { name: 'Copy' }).first().click();
    const area = inside.locator('textarea').first();
    await eventually(async () =>
      assert.deepEqual(
        await area.evaluate(({ selectionStart, selectionEnd }) => [selectionStart, selectionEnd]),
        [0, (await area.inputValue()).length],
      ),
    );
    await page.waitForTimeout(300);
    // The browser's own words.
    visitor.errors = visitor.errors.filter(
      (text) => !text.startsWith('Permissions policy violation'),
    );
    await done(visitor);
  });

  const CASES = [
    ['curve', 'labels="a&amp;b,&lt;&quot;ä&quot;&gt;" units="nats"'],
    [
      'triangle',
      'p="0.2 0.3 0.5" mode="rules" labels="yes,no,maybe" path temperature="1.5" low-entropy="0.5" contours="h"',
    ],
    ['plane', 'p="0.5 0.2 0.2 0.1" n="4" scale="fit" preset="A" points="1,0.5 0.2,0.7" path'],
  ];
  for (const [name, attributes] of CASES) {
    test(`reproduces a ${name}: as a tag, as a frame, as a link`, async () => {
      const visitor = await embed(`<varentropy-${name} ${attributes}></varentropy-${name}>`, {
        viewport: { width: 700, height: 900 },
      });
      const chart = visitor.page.locator(`varentropy-${name}`);
      await started(visitor.page);
      await ring(chart).focus();
      await visitor.page.keyboard.press('Shift+ArrowUp');
      await visitor.page.waitForTimeout(100);
      const expected = await said(chart);
      const [tag, frame, link] = await texts(chart);
      await done(visitor);

      const pasted = await embed(tag, {
        page: { head: '' },
        viewport: { width: 700, height: 900 },
      });
      await eventually(async () =>
        assert.deepEqual(await said(pasted.page.locator(`varentropy-${name}`)), expected),
      );
      await done(pasted);

      const framed = await embed(frame, {
        page: { head: '', policy: POLICY.frame },
        viewport: { width: 700, height: 900 },
      });
      const inside = framed.page.locator('iframe').contentFrame().locator(`varentropy-${name}`);
      await eventually(async () => assert.deepEqual(await said(inside), expected));
      const room = await framed.page
        .locator('iframe')
        .contentFrame()
        .locator('html')
        .evaluate(({ scrollHeight }) => innerHeight - scrollHeight);
      assert.ok(room >= -8, `the frame is ${-room} px too low`);
      await done(framed);

      const opened = await visit(link, { viewport: { width: 700, height: 900 } });
      await eventually(async () =>
        assert.deepEqual(await said(opened.page.locator(`varentropy-${name}`)), expected),
      );
      await done(opened);
    });
  }
});

describe('the frame page', () => {
  /** Presses a button that gives a file, and reads it. */
  async function file(page, name) {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name }).click(),
    ]);
    const chunks = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk);
    return { name: download.suggestedFilename(), bytes: Buffer.concat(chunks) };
  }

  for (const [chart, query] of [
    ['curve', 'labels=a%26b,%3Cc%3E'],
    ['triangle', 'mode=rules&path&labels=%22x%22,%26,%3C'],
    ['plane', 'preset=B&points=1,2+3,4&p=.5+.5&path'],
    ['plane', 'theme=dark'],
  ]) {
    test(`saves a ${chart} (${query}) as a whole document and as pixels`, async () => {
      const visitor = await open(`chart=${chart}&${query}`, {
        viewport: { width: 600, height: 900 },
        deviceScaleFactor: 1,
      });
      const { page } = visitor;
      await started(page);
      const svg = await file(page, 'Download SVG');
      assert.equal(svg.name, `varentropy-${chart}.svg`);
      const text = svg.bytes.toString();
      const seen = await page.evaluate(async (source) => {
        const parsed = new DOMParser().parseFromString(source, 'image/svg+xml');
        const { shadowRoot } = document.querySelector('body > *');
        const image = new Image();
        image.src = `data:image/svg+xml,${encodeURIComponent(source)}`;
        await image.decode();
        const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d', {
          willReadFrequently: true,
        });
        canvas.drawImage(image, 0, 0);
        const colours = new Set(
          new Uint32Array(canvas.getImageData(0, 0, image.width, image.height).data.buffer),
        );
        return {
          root: parsed.documentElement.outerHTML.slice(0, 40),
          errors: parsed.getElementsByTagName('parsererror').length,
          size: [image.width, image.height],
          texts: [...parsed.querySelectorAll('text')].map(({ textContent }) => textContent),
          expected: [...shadowRoot.querySelectorAll('text')].map(({ textContent }) => textContent),
          image: parsed.querySelector('image').getAttribute('href').slice(0, 22),
          paper: canvas.getImageData(1, image.height - 2, 1, 1).data[0],
          colours: colours.size,
        };
      }, text);
      assert.match(seen.root, /^<svg xmlns/);
      assert.equal(seen.errors, 0);
      assert.ok(seen.texts.length >= 3);
      assert.deepEqual(seen.texts, seen.expected);
      assert.equal(seen.image, 'data:image/png;base64,');
      assert.ok(seen.colours > 100, 'it has a field');
      assert.equal(seen.paper < 128, query.includes('dark'));
      assert.doesNotMatch(text, /var\(|light-dark|https?:(?!\/\/www\.w3\.org)/);
      const png = await file(page, 'Download PNG');
      assert.equal(png.name, `varentropy-${chart}.png`);
      assert.equal(png.bytes.toString('latin1', 1, 4), 'PNG');
      assert.deepEqual(
        [16, 20].map((at) => png.bytes.readUInt32BE(at)),
        seen.size.map((length) => 2 * length),
      );
      await done(visitor);
    });
  }

  const open = (query, options) => visit(`${site.url}embed.html?${query}`, options);

  test('keeps its state in the address', async () => {
    const visitor = await open('chart=triangle&p=0.5+0.3+0.2&labels=x,y,z');
    const { page } = visitor;
    const triangle = page.locator('varentropy-triangle');
    await shows(triangle, [0.5, 0.3, 0.2]);
    await triangle.getByRole('slider', { name: /^y/ }).fill('0.6');
    const p = await written(triangle);
    await eventually(() => assert.equal(new URL(page.url()).searchParams.get('p'), p.join(' ')));
    assert.equal(new URL(page.url()).searchParams.get('labels'), 'x,y,z');
    await page.reload();
    await shows(triangle, p);
    await done(visitor);
  });

  test('says what it wants when its address is wrong', async () => {
    for (const query of ['', 'chart=pie', 'chart=constructor', 'chart=__proto__']) {
      const visitor = await open(query);
      assert.match(
        await visitor.page.locator('body').innerText(),
        /^The address names no chart\..*curve, triangle, plane, tokens, trace/,
      );
      await done(visitor);
    }
    const visitor = await open('chart=curve&p=0.7&onclick=alert(1)&style=x&id=y&innerHTML=%3Cb%3E');
    const curve = visitor.page.locator('varentropy-curve');
    await shows(curve, [0.7, 0.3]);
    assert.deepEqual(await curve.evaluate((it) => it.getAttributeNames()), ['p']);
    await done(visitor);
  });
});

describe('bad input', () => {
  const A = '0.6 0.3 0.1';
  /** [element, attributes, what is shown: p or null, what the warning names] */
  const CASES = [
    ['curve', 'p="1.5"', [0.5, 0.5], 'p'],
    ['curve', 'p="-0.1"', [0.5, 0.5], 'p'],
    ['curve', 'p="NaN"', [0.5, 0.5], 'p'],
    ['curve', 'p=""', [0.5, 0.5], 'p'],
    ['curve', 'p="0.7 0.3"', [0.5, 0.5], 'p'],
    ['curve', 'p="0.8" units="kg"', [0.8, 0.2], 'units'],
    ['curve', 'p="0.8" theme="pink"', [0.8, 0.2], 'theme'],
    ['curve', 'p="0.8" controls="some"', [0.8, 0.2], 'controls'],
    ['triangle', 'p="0.5 0.5"', A, 'p'],
    ['triangle', 'p="0.25 0.25 0.25 0.25"', A, 'p'],
    ['triangle', 'p="1.2 -0.1 -0.1"', A, 'p'],
    ['triangle', 'p="NaN 0.5 0.5"', A, 'p'],
    ['triangle', 'p="Infinity 0.5 0.5"', A, 'p'],
    ['triangle', 'p="0 0 0"', A, 'p'],
    ['triangle', 'p="a b c"', A, 'p'],
    ['triangle', 'p=""', A, 'p'],
    ['triangle', 'p="7 2 1"', [0.7, 0.2, 0.1], 'p'],
    ['triangle', 'p="0.5 0.4 0.2"', normal([5, 4, 2]), 'p'],
    ['triangle', 'mode="loud"', A, 'mode'],
    ['triangle', 'contours="x"', A, 'contours'],
    ['triangle', 'temperature="0"', A, 'temperature'],
    ['triangle', 'temperature="hot"', A, 'temperature'],
    ['triangle', 'mode="rules" preset="C"', A, 'preset'],
    ['triangle', 'mode="rules" low-entropy="-1"', A, 'low-entropy'],
    ['plane', 'p="1"', null, 'p'],
    ['plane', 'p="0.5 -0.5 1"', null, 'p'],
    ['plane', 'p="0 0"', null, 'p'],
    ['plane', 'p="x"', null, 'p'],
    ['plane', 'p="2 2"', [0.5, 0.5], 'p'],
    ['plane', 'p="0.5 0.5" n="1"', [0.5, 0.5], 'n'],
    ['plane', 'p="0.5 0.5" n="1e9"', [0.5, 0.5], 'n'],
    ['plane', 'p="0.5 0.5" n="many"', [0.5, 0.5], 'n'],
    ['plane', 'p="0.5 0.5" scale="log"', [0.5, 0.5], 'scale'],
    ['plane', 'p="0.5 0.5" points="1,2 3"', [0.5, 0.5], 'points'],
    ['plane', 'p="0.5 0.5" points="garbage"', [0.5, 0.5], 'points'],
    ['plane', 'p="0.5 0.5" points="1,-2"', [0.5, 0.5], 'points'],
    ['plane', 'p="0.5 0.5" preset="a"', [0.5, 0.5], 'preset'],
  ];

  for (const [name, attributes, expected, attribute] of CASES) {
    test(`<varentropy-${name} ${attributes}>`, async () => {
      const visitor = await embed(`<varentropy-${name} ${attributes}></varentropy-${name}>`, {
        viewport: { width: 300, height: 600 },
      });
      const chart = visitor.page.locator(`varentropy-${name}`);
      await started(visitor.page);
      const warning = `<varentropy-${name} ${attribute}>: `;
      await eventually(() => assert.ok(visitor.warnings.length > 0, 'there is no warning'));
      if (expected) await shows(chart, expected === A ? A.split(' ').map(Number) : expected);
      else assert.ok(!(await chart.locator('.handle').isVisible()), 'there is no point');
      await chart.evaluate((it) => it.redraw());
      await visitor.page.waitForTimeout(50);
      assert.deepEqual(
        visitor.warnings.map((text) => text.startsWith(warning)),
        [true],
        visitor.warnings.join('\n'),
      );
      visitor.warnings.length = 0;
      // What is right afterwards is shown.
      await chart.evaluate(
        (it, [right, wrong]) => {
          it.removeAttribute(wrong);
          it.p = right;
        },
        [name === 'curve' ? 0.3 : [0.2, 0.3, 0.5], attribute],
      );
      await shows(chart, name === 'curve' ? [0.3, 0.7] : [0.2, 0.3, 0.5]);
      await done(visitor);
    });
  }

  test('of tokens and trace', async () => {
    const missing = `${'https://YOUR-HOST'}/traces/none.json`;
    const visitor = await embed(
      `<entropix-tokens src="${missing}" inspector="left" vocabulary="1"></entropix-tokens><entropix-trace src="${missing}" speed="0"></entropix-trace>`,
    );
    await visitor.page.getByText('This recorded chat can’t be shown').nth(1).waitFor();
    for (const start of [
      '<entropix-tokens src>',
      '<entropix-tokens inspector>',
      '<entropix-tokens vocabulary>',
      '<entropix-trace src>',
      '<entropix-trace speed>',
    ]) {
      assert.equal(
        visitor.warnings.filter((text) => text.startsWith(start)).length,
        1,
        `${start}\n${visitor.warnings.join('\n')}`,
      );
    }
    await visitor.close();
  });
});

describe('a container', () => {
  test('without a size is waited for', async () => {
    const visitor = await embed(
      '<div class="gone"><varentropy-curve p="0.8"></varentropy-curve><varentropy-triangle></varentropy-triangle><varentropy-plane p="0.5 0.5"></varentropy-plane></div>',
    );
    const { page } = visitor;
    const show = (shown) =>
      page
        .locator('main > div')
        .evaluate((div, value) => div.classList.toggle('gone', !value), shown);
    await page.waitForTimeout(300);
    await show(true);
    await started(page);
    await shows(page.locator('varentropy-curve'), [0.8, 0.2]);
    await show(false);
    await page.locator('varentropy-curve').evaluate((it) => {
      it.p = 0.3;
    });
    await page.waitForTimeout(100);
    await show(true);
    await shows(page.locator('varentropy-curve'), [0.3, 0.7]);
    await done(visitor);
  });

  test('may be of any width', async () => {
    const visitor = await embed(
      '<div><varentropy-curve></varentropy-curve><varentropy-triangle></varentropy-triangle><varentropy-plane p="0.5 0.5"></varentropy-plane></div>',
    );
    const { page } = visitor;
    await started(page);
    for (const width of [1, 28, 29, 30, 31, 47, 60, 120, 2000, 320]) {
      await page.locator('main > div').evaluate((div, value) => {
        div.style.width = `${value}px`;
      }, width);
      await page.waitForTimeout(60);
      const widths = await page
        .locator('main > div > *')
        .evaluateAll((all) =>
          all.map(
            ({ shadowRoot }) => shadowRoot.querySelector('svg').getBoundingClientRect().width,
          ),
        );
      assert.deepEqual(widths, [width, width, width]);
    }
    await shows(page.locator('varentropy-curve'), [0.5, 0.5]);
    await done(visitor);
  });

  for (const [what, attributes] of LAYOUTS.slice(0, 3)) {
    test(`of a page that is ${what} is not overflowed`, async () => {
      const visitor = await visit(
        host.page(
          `<varentropy-curve labels="a long name of an outcome,another long name of another"></varentropy-curve>
        <varentropy-triangle mode="rules" labels="first,second,third" path></varentropy-triangle><varentropy-plane preset="B" p="0.5 0.5"></varentropy-plane>
        <entropix-trace src="https://YOUR-HOST/traces/larger-b.json"></entropix-trace>`,
          { attributes },
        ),
        { viewport: { width: 390, height: 844 } },
      );
      const { page } = visitor;
      await started(page);
      const wide = await page.evaluate(() => {
        const [found, { left, right }] = [[], document.documentElement.getBoundingClientRect()];
        const walk = (root) => {
          for (const element of root.querySelectorAll('*')) {
            const box = element.getBoundingClientRect();
            const unseen =
              element.closest('.unseen, dialog') ||
              !element.checkVisibility() ||
              element.matches('.hit') ||
              element.ownerSVGElement?.getAttribute('preserveAspectRatio') === 'none';
            if (!unseen && box.width && (box.right > right + 0.5 || box.left < left - 0.5))
              found.push(`${element.outerHTML.slice(0, 90)} ${box.left} ${box.right}`);
            if (element.shadowRoot) walk(element.shadowRoot);
          }
        };
        walk(document);
        return [
          ...found,
          document.documentElement.scrollWidth > document.documentElement.clientWidth && 'scrolls',
        ].filter(Boolean);
      });
      assert.deepEqual(wide, []);
      await done(visitor);
    });
  }
});

describe('removal', () => {
  test('at any moment breaks nothing', async () => {
    const visitor = await embed(
      '<div id="here"><varentropy-triangle id="t" p="0.5 0.3 0.2"></varentropy-triangle></div><div id="there"></div>',
      { page: { head: SCRIPT } },
    );
    const { page } = visitor;
    // Before, while and after it starts.
    await page.evaluate(async () => {
      for (let i = 0; i < 60; i += 1) {
        for (const name of ['curve', 'triangle', 'plane']) {
          const chart = document.createElement(`varentropy-${name}`);
          document.getElementById('here').append(chart);
          if (i % 3)
            await new Promise((resolve) =>
              i % 3 === 1 ? requestAnimationFrame(resolve) : setTimeout(resolve, i),
            );
          chart.p = name === 'curve' ? i / 60 : [i, 60 - i, 1];
          chart.remove();
        }
      }
    });
    visitor.warnings.length = 0;
    const triangle = page.locator('#t');
    const corners = await places(triangle, [1, 0, 0], [0, 1, 0], [0, 0, 1], [0.4, 0.3, 0.3]);
    // While it is dragged.
    await page.mouse.move(...corners[3]);
    await page.mouse.down();
    await page.mouse.move(...mix(corners, [0.5, 0.25, 0.25]), { steps: 3 });
    await triangle.evaluate((it) => {
      window.kept = it;
      it.remove();
    });
    await page.mouse.move(...mix(corners, [0.2, 0.6, 0.2]), { steps: 3 });
    await page.mouse.up();
    await page.evaluate(() => document.getElementById('here').append(window.kept));
    const now = await written(triangle);
    near(now, [0.5, 0.25, 0.25], 0.01);
    await shows(triangle, now);
    await page.mouse.move(...mix(corners, [0.3, 0.6, 0.1]), { steps: 3 });
    await page.mouse.move(...mix(corners, [0.3, 0.3, 0.4]), { steps: 3 });
    assert.deepEqual(await written(triangle), now, 'no button is down');
    // Elsewhere it goes on.
    await page.evaluate(() => document.getElementById('there').append(window.kept));
    await drag(
      page,
      triangle,
      mix(await places(triangle, [1, 0, 0], [0, 1, 0], [0, 0, 1]), [0.2, 0.6, 0.2]),
    );
    near(await written(triangle), [0.2, 0.6, 0.2], 0.01);
    await done(visitor);
  });
});

describe('axe finds nothing', () => {
  const audit = async (page) => {
    // Also what is folded away.
    await page.evaluate(() => {
      const open = (root) =>
        root.querySelectorAll('*').forEach((element) => {
          if (element.localName === 'details') element.open = true;
          if (element.shadowRoot) open(element.shadowRoot);
        });
      open(document);
    });
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() =>
      axe.run(document, { resultTypes: ['violations'] }),
    );
    assert.deepEqual(
      violations.flatMap(({ id, help, nodes }) =>
        nodes.map(
          ({ target, failureSummary }) =>
            `${id}: ${help}: ${JSON.stringify(target)}: ${failureSummary}`,
        ),
      ),
      [],
    );
  };
  const PAGES = {
    'on a host': { url: () => host.file('elements.html') },
    'on a host with frames': {
      url: () => host.file('frames.html', { policy: `${POLICY.frame}; script-src 'self'` }),
    },
    'in the essay': { url: () => `${site.url}explore.html` },
    'in the chat': { url: () => site.url },
  };
  for (const [where, { url }] of Object.entries(PAGES)) {
    for (const colorScheme of ['light', 'dark']) {
      test(`${where}, ${colorScheme}`, async () => {
        const visitor = await visit(url(), { colorScheme, reducedMotion: 'reduce' });
        const { page } = visitor;
        await started(page);
        if (where === 'in the chat') await visitor.tokens().nth(5).click();
        if (where === 'on a host') {
          await page.locator('#tokens').getByTestId('token').nth(3).click();
          await audit(page);
          await page.locator('#curve').getByRole('button', { name: 'Share' }).click();
        }
        await audit(page);
        await visitor.close();
      });
    }
  }
});
