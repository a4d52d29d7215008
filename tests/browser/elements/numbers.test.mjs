// H and V that the charts show.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { heat, hv, near, normal, shows, started } from '../support/charts.mjs';
import { atHost, done } from '../support/elements.mjs';
import { SCRIPT } from '../support/host.mjs';
import { json } from '../support/json.mjs';

const here = atHost();
const { embed } = here;

describe('numbers', () => {
  test('agree with the reference for two and three outcomes', async () => {
    const { cases } = await json('tests/golden/entropix/varentropy.json');
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
      SCRIPT.replace('https://YOUR-HOST/', here.url),
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
