// Files of other architectures.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';

import { split } from '../support/gguf.mjs';
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

  before(async () => {
    visitor = await Visitor.open(here.browser, here.site.url);
    phi2 = await readFile(new URL('../../golden/models/tiny-phi2.gguf', import.meta.url));
    await visitor.load();
  });
  after(() => visitor?.close());

  test('runs in the worker for such files', async () => {
    await engineIs('engine');
    await visitor.openFiles(['tiny.gguf', phi2]);
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
      await visitor.openFiles(['unknown.gguf', unknown]);
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

describe('files from other makers', () => {
  let visitor, qwen3;
  const golden = (name) =>
    readFile(new URL(`../../golden/architectures/${name}.gguf`, import.meta.url));
  const opened = (name) =>
    visitor.at('status').filter({ hasText: name }).waitFor({ timeout: 30_000 });
  const refused = (words) =>
    visitor.at('problem').filter({ hasText: words }).waitFor({ timeout: 30_000 });
  const renamed = (file, from, to) => {
    assert.equal(from.length, to.length);
    assert.ok(file.includes(from));
    return Buffer.from(file.toString('latin1').replaceAll(from, to), 'latin1');
  };
  const answers = async () => {
    await visitor.settings({ sampler: 'greedy', tokens: 8 });
    await visitor.say('Hello!');
    await visitor.answered();
    return (await visitor.trace()).tokens;
  };

  before(async () => {
    visitor = await Visitor.open(here.browser, here.site.url);
    qwen3 = await golden('qwen3');
    await visitor.tokens().first().waitFor();
  });
  after(() => visitor?.close());

  for (const name of ['gemma3', 'qwen3']) {
    test(`${name} runs on the engine`, async () => {
      await visitor.openFiles([`${name}.gguf`, await golden(name)]);
      await opened(name);
      assert.ok((await answers()).length > 0);
    });
  }

  test('a model in two files is one, whatever their order', async () => {
    await visitor.openFiles(['whole.gguf', qwen3]);
    await opened('whole');
    const [first, second] = split(qwen3);
    const ids = (tokens) => tokens.map((token) => token.id);
    const whole = ids(await answers());
    await visitor.openFiles(
      ['two-00002-of-00002.gguf', second],
      ['two-00001-of-00002.gguf', first],
    );
    await opened('two');
    await visitor.newChat();
    assert.deepEqual(ids(await answers()), whole);
    assert.equal((await visitor.trace()).model, 'two.gguf');
    await visitor.openFiles(['two-00001-of-00002.gguf', first]);
    await refused(/two-00002-of-00002\.gguf/);
  });

  test('without a chat template the words say so, and nothing is lost', async () => {
    const turns = await visitor.page.locator('[data-turn]').count();
    const bare = renamed(qwen3, 'tokenizer.chat_template', 'tokenizer.chat-template');
    await visitor.openFiles([
      'bare.gguf',
      renamed(bare, 'tokenizer.ggml.pre', 'tokenizer.ggml.prx'),
    ]);
    await opened('bare');
    // What else is missing was no reason to refuse it.
    const facts = visitor.at('facts').filter({ hasText: 'tokenizer.ggml.pre' });
    await facts.waitFor({ state: 'attached' });
    await visitor.at('composer').fill('Hello?');
    await visitor.at('send').click();
    await refused(/chat template: the file has none/i);
    assert.ok((await visitor.page.locator('[data-turn]').count()) >= turns);
  });

  test('what is no model is called by its name', async () => {
    const pointer = Buffer.from(
      'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n',
    );
    await visitor.openFiles(['pointer.gguf', pointer]);
    await refused(/Git LFS pointer/);
    await visitor.openFiles([
      'vision.gguf',
      renamed(qwen3, 'general.architecture', 'general.architectuXX'),
    ]);
    await refused(/general\.architecture/);
  });
});
