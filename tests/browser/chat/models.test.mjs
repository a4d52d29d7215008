// The models that are on offer, and what is known about the one that is loaded.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { startHub } from '../support/hub.mjs';
import { LISTED, MODEL_FILE } from '../support/models.mjs';
import { atSite, Visitor } from '../support/site.mjs';
import { eventually } from '../support/wait.mjs';

const here = atSite();
const TINY = fileURLToPath(new URL('../../golden/models/tiny-phi2.gguf', import.meta.url));

test('the sheet says about how fast each would answer, before anything is downloaded', async () => {
  const visitor = await Visitor.open(here.browser, here.site.url);
  const asked = [];
  visitor.page.on('request', (request) => asked.push(request.url()));
  await visitor.at('load-model').waitFor();
  assert.ok(!asked.some((url) => url.endsWith('throughput.js')), 'measured unasked');
  await visitor.at('models').click();
  const rows = visitor.at('model-sheet').locator('.models > li');
  // How fast is for benchmarks: here they are only said, each in its row.
  await eventually(async () => {
    const texts = await rows.allInnerTexts();
    assert.ok(texts.length > 5);
    for (const text of texts) assert.match(text, /\babout [1-9]\d* tokens?\/s on this device/);
  });
  assert.ok(!asked.some((url) => url.includes('gguf')), asked.join());
  assert.deepEqual(visitor.errors, []);
  await visitor.close();
});

describe('several models', () => {
  let hub, tinyHub, manifest;
  before(async () => {
    hub = await startHub(MODEL_FILE);
    tinyHub = await startHub(TINY);
    const tiny = await readFile(TINY);
    manifest = [
      { ...LISTED, cache: 23040, tried: true, urls: [hub.url('whole')] },
      {
        name: 'Tiny',
        file: 'tiny.gguf',
        bytes: tiny.length,
        sha256: createHash('sha256').update(tiny).digest('hex'),
        licence: 'MIT',
        cache: 1000,
        tried: false,
        urls: [tinyHub.url('missing'), tinyHub.url('whole')],
      },
    ];
  });
  after(() => {
    hub?.close();
    tinyHub?.close();
  });

  const row = (visitor, name) => visitor.at('model-sheet').locator('li').filter({ hasText: name });
  const sheet = async (visitor) => {
    await visitor.at('models').click();
    await visitor.at('model-sheet').waitFor();
  };
  const close = async (visitor) => {
    await visitor.page.keyboard.press('Escape');
    await visitor.at('model-sheet').waitFor({ state: 'hidden' });
  };
  const stored = (visitor) =>
    visitor.page.evaluate(async () => {
      const cache = await caches.open('entropix-models');
      return (await cache.keys()).length;
    });

  test('are listed with size, licence and memory, chosen, kept and removed one by one', async () => {
    const visitor = await Visitor.open(here.browser, here.site.url, { manifest });
    await visitor.at('load-model').waitFor();
    await sheet(visitor);
    await row(visitor, 'SmolLM2').getByText('98.4 MB · 144.4 MB of memory · Apache-2.0').waitFor();
    assert.equal(await row(visitor, 'SmolLM2').getByText('not tried').count(), 0);
    await row(visitor, 'Tiny').getByText('MIT · not tried here').waitFor();
    await row(visitor, 'Tiny').getByTestId('load-listed').click();
    await visitor.at('model-sheet').waitFor({ state: 'hidden' });
    await visitor.at('status').filter({ hasText: 'Tiny' }).waitFor({ timeout: 60_000 });
    await sheet(visitor);
    await row(visitor, 'Tiny').getByText('loaded', { exact: true }).waitFor();
    await row(visitor, 'SmolLM2').getByTestId('load-listed').click();
    await visitor.at('status').filter({ hasText: 'SmolLM2' }).waitFor({ timeout: 120_000 });
    assert.equal(await stored(visitor), 2);

    // The next visit has the one that was loaded last, and downloads nothing.
    const requests = hub.requests.length;
    await visitor.page.reload();
    await visitor.at('status').filter({ hasText: 'SmolLM2' }).waitFor({ timeout: 120_000 });
    assert.equal(hub.requests.length, requests);

    await sheet(visitor);
    await row(visitor, 'Tiny').getByTestId('forget').click();
    await eventually(async () => assert.equal(await stored(visitor), 1));
    assert.equal(await row(visitor, 'Tiny').getByTestId('forget').count(), 0);
    await visitor
      .at('room')
      .filter({ hasText: /[1-9][\d.]* MB of at most [\d.]+ [MG]B/ })
      .waitFor();
    assert.equal(await row(visitor, 'SmolLM2').getByTestId('forget').count(), 1);
    await close(visitor);
    assert.deepEqual(visitor.errors, []);
    await visitor.close();
  });

  test('a stored one is verified, and goes if storage has changed it', async () => {
    const visitor = await Visitor.open(here.browser, here.site.url, { manifest });
    await visitor.at('load-model').waitFor();
    await sheet(visitor);
    assert.equal(await visitor.at('verify').count(), 0);
    await row(visitor, 'Tiny').getByTestId('load-listed').click();
    await visitor.at('status').filter({ hasText: 'Tiny' }).waitFor({ timeout: 60_000 });
    await sheet(visitor);
    await row(visitor, 'Tiny').getByTestId('verify').click();
    await row(visitor, 'Tiny').getByText('checked: its SHA-256 is right').waitFor();
    assert.equal(await stored(visitor), 1);
    // As long as it was, with another byte.
    await visitor.page.evaluate(async () => {
      const cache = await caches.open('entropix-models');
      const [key] = await cache.keys();
      const bytes = new Uint8Array(await (await cache.match(key)).arrayBuffer());
      bytes[bytes.length >> 1] ^= 1;
      await cache.put(key, new Response(new Blob([bytes])));
    });
    await row(visitor, 'Tiny').getByTestId('verify').click();
    await row(visitor, 'Tiny').getByText('was damaged, and is removed').waitFor();
    assert.equal(await stored(visitor), 0);
    assert.equal(await row(visitor, 'Tiny').getByTestId('forget').count(), 0);
    assert.deepEqual(visitor.errors, []);
    await visitor.close();
  });

  test('the sheet says what became of the weights, and what is known about the results', async () => {
    const visitor = await Visitor.open(here.browser, here.site.url, { manifest });
    await visitor.load();
    await sheet(visitor);
    const facts = await visitor.at('facts').innerText();
    assert.match(facts, /Architecture\s+llama/);
    assert.match(facts, /kept exactly: Q4_1 in 210 tensors \(66\.4 MB\)/);
    assert.match(facts, /within [\d.]+ nats/);
    assert.match(facts, /134 million in 30 layers|135 million in 30 layers/);
    assert.match(facts, /8,192 tokens/);
    assert.match(facts, /ChatML/);
    assert.match(facts, /23\.0 MB for 1,000 tokens/);
    await close(visitor);
    await visitor.close();
  });
});
