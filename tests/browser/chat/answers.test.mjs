// The real page, the real worker, the real model, in a real browser.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { assertTrace } from '../support/json.mjs';
import { MODEL_FILE, MODELS } from '../support/models.mjs';
import { answer as nativeAnswer } from '../support/native.mjs';
import { atSite, Visitor } from '../support/site.mjs';
import { redrawn } from '../support/wait.mjs';

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
    const turns = () => visitor.page.locator('.turn').allInnerTexts();
    const before = await turns();
    await visitor.at('composer').fill('   ');
    await visitor.at('composer').press('Enter');
    await redrawn(visitor.page);
    assert.deepEqual(await turns(), before);
    assert.ok(await visitor.at('send').isDisabled());
  });

  test('two turns stream, a seed gives the same tokens again, and natively the same', async () => {
    await visitor.settings({ sampler: 'B', seed: 7, tokens: 32 });
    // Every message of the engine is a task of the page, and what one task adds is seen at once.
    await visitor.page.evaluate(() => {
      globalThis.portions = 0;
      const tokens = new MutationObserver((records) => {
        const added = records.flatMap(({ addedNodes }) => [...addedNodes]);
        if (added.some(({ nodeType }) => nodeType === Node.ELEMENT_NODE)) globalThis.portions += 1;
      });
      // From the first token on, however late this test comes.
      new MutationObserver(() => {
        const strip = [...document.querySelectorAll('entropix-tokens')].at(-1);
        if (strip) tokens.observe(strip.shadowRoot, { childList: true, subtree: true });
      }).observe(document.body, { childList: true, subtree: true });
    });
    await visitor.say(QUESTION);
    await visitor.answered();
    const portions = await visitor.page.evaluate(() => globalThis.portions);
    assert.ok(portions > 4, `tokens came in ${portions} portions`);
    const first = await visitor.trace();
    assert.equal(first.tokens.length, 32);
    assertTrace(first);

    await visitor.regenerate();
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
    await visitor.at('charts').getByText('Draw').click();
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
    await visitor.at('stats').filter({ hasText: 'tokens/s' }).waitFor();
    // The first turn was still in the cache: its tokens are part of the prompt but were not read
    // again.
    assert.ok(second.prompt_tokens > first.prompt_tokens + 32);
    assert.deepEqual(visitor.errors, []);
  });

  test('another seed gives another answer', async () => {
    await visitor.newChat();
    await visitor.settings({ sampler: 'plain', seed: 1, tokens: 16 });
    await visitor.say('Tell me a story.');
    await visitor.answered();
    const one = tokenIds(await visitor.trace());
    await visitor.settings({ seed: 2 });
    await visitor.regenerate();
    await visitor.answered();
    assert.notDeepEqual(tokenIds(await visitor.trace()), one);
  });

  test('stop ends the answer within a token, and the chat goes on', async () => {
    await visitor.settings({ sampler: 'greedy', tokens: 400 });
    // Counted in the engine: on their way to a busy page there may be several.
    const worker = await visitor.worker();
    await worker.evaluate(() => {
      const post = self.postMessage.bind(self);
      self.said = null;
      self.addEventListener('message', ({ data }) => {
        if (data.message === 'stop') self.said = [];
      });
      self.postMessage = (envelope) => {
        // A sign of life is no part of the answer.
        if (envelope.message !== 'pong') self.said?.push(JSON.stringify(envelope.message));
        post(envelope);
      };
    });
    await visitor.pace(50);
    await visitor.say('Write a very long poem about the sea.');
    await visitor.streams(4);
    await visitor.at('stop').click();
    await visitor.answered();
    const said = await worker.evaluate(() => self.said);
    assert.ok(said && said.length <= 2, `after stop it said ${said}`);
    assert.ok((await visitor.tokens().count()) < 400);
    await visitor.pace(0);
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
    const bytes = await readFile(MODEL_FILE);
    for (const [name, buffer, words] of [
      ['page.gguf', Buffer.from('<!doctype html><title>404</title>'), /web page/],
      ['notes.gguf', Buffer.from('just some notes'), /does not start with/],
      ['empty.gguf', Buffer.alloc(0), /empty/],
      ['cut.gguf', bytes.subarray(0, 5_000_000), /cut off/],
    ]) {
      await visitor.openFiles([name, buffer]);
      await visitor.at('problem').filter({ hasText: words }).waitFor({ timeout: 30_000 });
    }
    await visitor.settings({ tokens: 4 });
    await visitor.say('Still there?');
    await visitor.answered();
  });

  test('an answer can be read formatted, and word by word again', async () => {
    await visitor.settings({ sampler: 'greedy', seed: 7, tokens: 24 });
    await visitor.say('What is the capital of France?');
    await visitor.answered();
    const answer = visitor.answer();
    const strip = answer.locator('entropix-tokens');
    const said = (await visitor.trace()).tokens.map(({ text }) => text).join('');
    const button = answer.getByTestId('formatted');
    await button.click();
    const prose = answer.locator('entropix-markdown .prose:not(.plain)');
    await prose.waitFor();
    assert.ok(said.includes('Paris') && (await prose.innerText()).includes('Paris'));
    assert.equal(await strip.isVisible(), false);
    assert.equal(await button.getAttribute('aria-pressed'), 'true');
    await button.click();
    await strip.waitFor();
    assert.equal(await prose.count(), 0);
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
