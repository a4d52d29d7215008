// Files of other architectures.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';

import { MODEL_FILE } from '../support/models.mjs';
import { atSite, Visitor } from '../support/site.mjs';
import { eventually } from '../support/wait.mjs';

const here = atSite();

describe('a file that the engine lacks the architecture of', () => {
  let visitor, phi2;
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
    phi2 = await readFile(new URL('../../golden/models/tiny-phi2.gguf', import.meta.url));
    await visitor.load();
  });
  after(() => visitor?.close());

  test('runs in the worker for such files', async () => {
    await engineIs('engine');
    await choose('tiny.gguf', phi2);
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
    const unknown = Buffer.from(phi2.toString('latin1').replaceAll('phi2', 'mam2'), 'latin1');
    for (const earlier of ['Tiny', 'SmolLM2']) {
      await choose('unknown.gguf', unknown);
      await visitor
        .at('problem')
        .filter({ hasText: /mam2.*gemma3.*llama.*phi2.*qwen3/ })
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
