// The real page, the real worker, the real model, in a real browser.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import Ajv from 'ajv/dist/2020.js';
import { MODEL_FILE, MODELS } from '../support/models.mjs';
import { answer as nativeAnswer } from '../support/native.mjs';
import { atSite, Visitor } from '../support/site.mjs';

const QUESTION = 'Which is larger, 9.9 or 9.11?';
const tokenIds = (trace) => trace.tokens.map(({ decision }) => decision.token);
const here = atSite();

describe('with the model', () => {
  let visitor;
  before(async () => {
    visitor = await Visitor.open(here.browser, here.site.url);
    await visitor.load();
  });
  after(() => visitor?.close());

  test('an empty prompt does nothing', async () => {
    const turns = await visitor.at('answer').count();
    await visitor.at('composer').fill('   ');
    await visitor.at('composer').press('Enter');
    assert.equal(await visitor.at('answer').count(), turns);
  });

  test('two turns stream, the same seed gives the same tokens, and the native engine agrees', async () => {
    await visitor.settings({ sampler: 'B', seed: 7, tokens: 32 });
    await visitor.say(QUESTION);
    const seen = new Set();
    while (!(await visitor.at('regenerate').isVisible())) seen.add(await visitor.tokens().count());
    assert.ok(seen.size > 4, `tokens came in ${seen.size} portions`);
    const first = await visitor.trace();
    assert.equal(first.tokens.length, 32);
    const schema = JSON.parse(await readFile(new URL('../../trace.schema.json', import.meta.url)));
    const validate = new Ajv({ strictTypes: false }).compile(schema);
    assert.ok(validate(first), JSON.stringify(validate.errors));

    await visitor.at('regenerate').click();
    await visitor.at('stop').waitFor();
    await visitor.answered();
    const again = await visitor.trace();
    assert.deepEqual(tokenIds(again), tokenIds(first));

    const native = nativeAnswer(first, MODEL_FILE);
    // Both engines round alike, in every step.
    assert.deepEqual(native.ids, tokenIds(first));
    for (const [at, { decision }] of first.tokens.entries()) {
      const off =
        decision.uncertainty.entropy_bits - native.tokens[at].decision.uncertainty.entropy_bits;
      assert.ok(Math.abs(off) < 1e-9, `H of token ${at} is ${off} off`);
    }
    const [{ attention }] = first.tokens;
    assert.deepEqual(
      [attention.heads, attention.keys, attention.bits.length],
      [9, first.prompt_tokens, 270],
    );
    await visitor.page.getByText('Attention of each head').click();
    await visitor.page
      .getByRole('img', { name: 'Entropy of attention' })
      .hover({ position: { x: 1, y: 1 } });
    await visitor.page
      .getByText(/layer 1, head 1: \d+\.\d\d bits, [<\d.]+\s% of the most possible/)
      .waitFor();

    await visitor.say('And 9.8 or 9.12?');
    await visitor.answered();
    assert.equal(await visitor.at('answer').count(), 2);
    const second = await visitor.trace();
    assert.equal(second.messages.length, 3);
    assert.ok((await visitor.at('stats').innerText()).includes('tokens/s'));
    // The first turn was still in the cache: its tokens are part of the prompt but were not read again.
    assert.ok(second.prompt_tokens > first.prompt_tokens + 32);
    assert.deepEqual(visitor.errors, []);
  });

  test('another seed gives another answer', async () => {
    await visitor.at('new-chat').click();
    await visitor.settings({ sampler: 'plain', seed: 1, tokens: 16 });
    await visitor.say('Tell me a story.');
    await visitor.answered();
    const one = tokenIds(await visitor.trace());
    await visitor.settings({ seed: 2 });
    await visitor.at('regenerate').click();
    await visitor.at('stop').waitFor();
    await visitor.answered();
    assert.notDeepEqual(tokenIds(await visitor.trace()), one);
  });

  test('stop ends the answer within a token, and the chat goes on', async () => {
    await visitor.settings({ sampler: 'greedy', tokens: 400 });
    await visitor.say('Write a very long poem about the sea.');
    await visitor.tokens().nth(3).waitFor({ timeout: 60_000 });
    await visitor.at('stop').click();
    const atStop = await visitor.tokens().count();
    await visitor.answered();
    const atEnd = await visitor.tokens().count();
    assert.ok(atEnd <= atStop + 2, `${atEnd - atStop} tokens came after stop`);
    await visitor.settings({ tokens: 4 });
    await visitor.say('Thanks.');
    await visitor.answered();
  });

  test('a prompt longer than the context is refused before it is sent', async () => {
    const text = 'word '.repeat(9000);
    await visitor.at('composer').fill(text);
    await visitor.page.getByText(/too long/i).waitFor({ timeout: 30_000 });
    assert.ok(await visitor.at('send').isDisabled());
    assert.equal(await visitor.at('composer').inputValue(), text);
    await visitor.at('composer').fill('');
  });

  test('a file that is no model is refused in words, and the loaded model stays', async () => {
    const choose = (name, buffer) =>
      visitor
        .at('file-input')
        .first()
        .setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
    const bytes = await readFile(MODEL_FILE);
    for (const [name, buffer, words] of [
      ['page.gguf', Buffer.from('<!doctype html><title>404</title>'), /web page/],
      ['notes.gguf', Buffer.from('just some notes'), /does not start with/],
      ['empty.gguf', Buffer.alloc(0), /empty/],
      ['cut.gguf', bytes.subarray(0, 5_000_000), /cut off/],
    ]) {
      await choose(name, buffer);
      await visitor.at('problem').filter({ hasText: words }).waitFor({ timeout: 30_000 });
    }
    await visitor.settings({ tokens: 4 });
    await visitor.say('Still there?');
    await visitor.answered();
  });

  test('an own file can be loaded', async () => {
    await visitor
      .at('file-input')
      .first()
      .setInputFiles(join(MODELS, 'SmolLM2-135M-Instruct.Q4_0.gguf'));
    await visitor.at('status').filter({ hasText: 'Q4_0' }).waitFor({ timeout: 60_000 });
    await visitor.say('Hello!');
    await visitor.answered();
  });
});
