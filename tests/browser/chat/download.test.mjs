// A model from the web.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { startHub } from '../support/hub.mjs';
import { LISTED, MODEL_FILE } from '../support/models.mjs';
import { atSite, Visitor } from '../support/site.mjs';
import { eventually } from '../support/wait.mjs';

const here = atSite();

describe('a model from the web', () => {
  let hub;
  before(async () => {
    hub = await startHub(MODEL_FILE);
  });
  after(() => hub?.close());

  const open = (name, changes = {}) =>
    Visitor.open(here.browser, here.site.url, {
      manifest: [{ ...LISTED, urls: [hub.url(name)], ...changes }],
    });

  for (const [name, words, changes] of /** @type {[string, RegExp, object?][]} */ ([
    ['missing', /404/],
    ['page', /web page/],
    ['gone', /lost|reached/],
    ['whole', /SHA-256/, { sha256: '0'.repeat(64) }],
    ['whole', /longer than/, { bytes: 1000 }],
  ])) {
    test(`${name}${changes ? ` with a wrong ${Object.keys(changes)}` : ''}: the page says what happened, and nothing is kept`, async () => {
      const visitor = await open(name, changes);
      await visitor.at('load-model').click();
      await visitor.at('problem').filter({ hasText: words }).waitFor({ timeout: 60_000 });
      await eventually(async () => {
        const kept = await visitor.page.evaluate(
          async () => (await (await caches.open('entropix-models')).keys()).length,
        );
        assert.equal(kept, 0);
      });
      await visitor.at('load-model').waitFor();
      await visitor.close();
    });
  }

  test('a broken connection is resumed, and the next visit needs no download', async () => {
    const visitor = await open('broken-once');
    await visitor.load();
    const resumed = hub.requests.filter(({ path }) => path === '/broken-once');
    assert.equal(resumed.length, 2);
    assert.ok(resumed[1].start > 1e6, 'the second request asked for the rest');
    const before = hub.requests.length;
    await visitor.page.reload();
    await visitor.load();
    assert.equal(hub.requests.length, before);
    await visitor.at('models').click();
    await visitor.at('forget').click();
    await visitor.page.waitForFunction(async () => {
      const models = await caches.open('entropix-models');
      return (await models.keys()).length === 0;
    });
    await visitor.close();
  });
});
