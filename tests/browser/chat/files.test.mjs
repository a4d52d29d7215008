// Files of other architectures.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';

import { MODEL_FILE } from '../support/models.mjs';
import { atSite, Visitor } from '../support/site.mjs';
import { eventually } from '../support/wait.mjs';

const here = atSite();

describe('a file that the engine lacks the architecture of', () => {
  let visitor, qwen3;
  /** Waits until this engine is the only one: the browser may end the other one later. */
  const engineIs = (name) =>
    eventually(() =>
      assert.deepEqual(
        visitor.page.workers().map((worker) => worker.url().split('/').at(-3)),
        [name],
      ),
    );
  const choose = (name, buffer) =>
    visitor
      .at('file-input')
      .first()
      .setInputFiles({ name, mimeType: 'application/octet-stream', buffer });

  before(async () => {
    visitor = await Visitor.open(here.browser, here.site.url);
    qwen3 = await readFile(new URL('../../golden/models/tiny-qwen3.gguf', import.meta.url));
    await visitor.load();
  });
  after(() => visitor?.close());

  test('runs in the worker for such files', async () => {
    await engineIs('engine');
    await choose('tiny.gguf', qwen3);
    await visitor.at('status').filter({ hasText: 'Tiny' }).waitFor({ timeout: 30_000 });
    await engineIs('engine-generic');
    await visitor.settings({ sampler: 'PROMISED' });
    await visitor
      .at('cuts')
      .filter({
        hasText: 'answers of SmolLM2-135M, by entropix calibrate. tiny.gguf may have others',
      })
      .waitFor();
    await visitor.settings({ sampler: 'greedy', tokens: 8 });
    await visitor.say('Hello!');
    await visitor.answered();
    const { model, tokens } = await visitor.trace();
    assert.equal(model, 'tiny.gguf');
    assert.ok(tokens.length > 0);
  });

  test('leaves the loaded model there if no worker can run it', async () => {
    const mamba = Buffer.from(qwen3.toString('latin1').replaceAll('qwen3', 'mamba'), 'latin1');
    for (const earlier of ['Tiny', 'SmolLM2']) {
      await choose('mamba.gguf', mamba);
      await visitor
        .at('problem')
        .filter({ hasText: /mamba.*llama, qwen3, gemma3/ })
        .waitFor({ timeout: 30_000 });
      await visitor.at('status').filter({ hasText: earlier }).waitFor({ timeout: 60_000 });
      await visitor.settings({ tokens: 4 });
      await visitor.say('Still there?');
      await visitor.answered();
      await visitor.at('file-input').first().setInputFiles(MODEL_FILE);
      await visitor.at('status').filter({ hasText: 'SmolLM2' }).waitFor({ timeout: 60_000 });
      await engineIs('engine');
    }
  });
});
