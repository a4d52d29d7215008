// A download that is broken off by the person, and gone on with.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { startHub } from '../support/hub.mjs';
import { LISTED, MODEL_FILE } from '../support/models.mjs';
import { atSite, Visitor } from '../support/site.mjs';
import { eventually } from '../support/wait.mjs';

const here = atSite();

describe('a download', () => {
  let hub;
  before(async () => {
    hub = await startHub(MODEL_FILE);
  });
  after(() => hub?.close());

  const open = (name) =>
    Visitor.open(here.browser, here.site.url, { manifest: [{ ...LISTED, urls: [hub.url(name)] }] });
  const of = (name) => hub.requests.filter(({ path }) => path === `/${name}`);
  /** Bytes of parts that are stored, and whole models. */
  const stored = (visitor) =>
    visitor.page.evaluate(async () => {
      const parts = await caches.open('entropix-parts');
      let bytes = 0;
      for (const key of await parts.keys()) bytes += (await (await parts.match(key)).blob()).size;
      return { bytes, models: (await (await caches.open('entropix-models')).keys()).length };
    });
  /** Loads until the hub holds back the rest, and pauses. */
  const pause = async (name) => {
    const visitor = await open(name);
    await visitor.at('load-model').click();
    await visitor.at('pause').waitFor({ timeout: 60_000 });
    // All that was sent has come.
    await eventually(async () => assert.ok((await stored(visitor)).bytes > 24e6));
    await visitor.at('pause').click();
    await visitor.at('load-model').filter({ hasText: 'Resume' }).waitFor();
    return visitor;
  };

  test('is paused, and resumed after a reload where it was', async () => {
    const visitor = await pause('held');
    const { bytes } = await stored(visitor);
    const said = `${(bytes / 1e6).toFixed(1)} MB of 98.4 MB are here. Only`;
    await visitor.page.getByText(said).waitFor();
    assert.equal(await visitor.at('problem').count(), 0);
    await visitor.page.reload();
    await visitor.at('load-model').filter({ hasText: 'Resume SmolLM2' }).waitFor();
    await visitor.page.getByText(said).waitFor();
    await visitor.at('models').click();
    await visitor
      .at('model-sheet')
      .getByText(`${(bytes / 1e6).toFixed(1)} MB of it are here`)
      .waitFor();
    await visitor.page.keyboard.press('Escape');
    assert.equal(of('held').length, 1, 'nothing is asked before the person does');
    await visitor.load();
    assert.deepEqual(
      of('held').map(({ start }) => start),
      [0, bytes],
    );
    assert.deepEqual(await stored(visitor), { bytes: 0, models: 1 });
    await visitor.settings({ sampler: 'greedy', tokens: 4 });
    await visitor.say('Hello!');
    await visitor.answered();
    assert.deepEqual(visitor.errors, []);
    await visitor.close();
  });

  test('that is cancelled leaves nothing', async () => {
    const visitor = await open('held-cancelled');
    await visitor.at('load-model').click();
    await visitor.at('pause').waitFor({ timeout: 60_000 });
    await visitor.at('stop').first().click();
    await visitor.page.getByText('Downloads once').waitFor();
    await eventually(async () => assert.deepEqual(await stored(visitor), { bytes: 0, models: 0 }));
    await visitor.page.reload();
    await visitor.at('load-model').filter({ hasText: 'Load SmolLM2' }).waitFor();
    await visitor.close();
  });

  test('that the page left is resumed from what was stored', async () => {
    const visitor = await open('held-left');
    await visitor.at('load-model').click();
    await visitor.at('pause').waitFor({ timeout: 60_000 });
    await visitor.page.reload();
    await visitor.at('load-model').filter({ hasText: 'Resume' }).waitFor();
    await visitor.load();
    const [, second] = of('held-left');
    assert.ok(second.start >= 4e6, `from ${second.start} on`);
    await visitor.close();
  });

  for (const [name, what, starts] of /** @type {[string, string, (number | null)[]][]} */ ([
    ['held-no-range', 'starts over where the server knows no ranges', [0, 0]],
    ['held-changed', 'starts over where the server says that the file is another', [0, null, 0]],
    ['held-untagged', 'starts over where only its hash says so', [0, null, 0]],
  ])) {
    test(what, async () => {
      const visitor = await pause(name);
      const { bytes } = await stored(visitor);
      await visitor.load();
      assert.deepEqual(
        of(name).map(({ start }) => start),
        starts.map((start) => start ?? bytes),
      );
      assert.equal(of(name)[1].range, `bytes=${bytes}-`);
      assert.equal(await visitor.at('problem').count(), 0);
      assert.deepEqual(await stored(visitor), { bytes: 0, models: 1 });
      await visitor.close();
    });
  }
});
