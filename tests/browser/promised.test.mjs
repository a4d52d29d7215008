// The promised sampler in the page: branches, phrases, and text that is taken back.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import Ajv from 'ajv/dist/2020.js';

import { answer as nativeAnswer } from './support/native.mjs';
import { atSite, Visitor } from './support/site.mjs';

const models = process.env.ENTROPIX_MODELS ?? new URL('../../models', import.meta.url).pathname;
const file = join(models, 'SmolLM2-135M-Instruct.Q4_1.gguf');
/** With seed 0 it takes back a token at once, then inserts and branches. */
const QUESTION = 'Write a tweet about autumn.';

const here = atSite();

describe('promised', () => {
  let visitor;
  before(async () => {
    visitor = await Visitor.open(here.browser, here.site.url, {
      viewport: { width: 1360, height: 1000 },
    });
    await visitor.load();
    await visitor.settings({ sampler: 'PROMISED', seed: 0, tokens: 48 });
  });
  after(() => visitor?.close());

  test('what is taken back is struck through before it goes, and branches are told', async () => {
    await visitor
      .at('cuts')
      .getByText(/measured on answers of SmolLM2-135M, by entropix calibrate\.$/)
      .waitFor();
    await visitor.page.evaluate(() => {
      window.seen = { notes: new Set(), gone: new Set() };
      const look = () => {
        for (const note of document.querySelectorAll('.after .note'))
          seen.notes.add(note.textContent);
        const strip = [...document.querySelectorAll('entropix-tokens')].at(-1);
        for (const token of strip?.shadowRoot?.querySelectorAll('[data-gone]') ?? []) {
          const { textDecorationLine } = getComputedStyle(token, '::after');
          seen.gone.add(`${textDecorationLine}:${token.dataset.gone}`);
        }
        requestAnimationFrame(look);
      };
      look();
    });
    await visitor.say(QUESTION);
    await visitor.answered();
    const trace = await visitor.trace();
    const seen = await visitor.page.evaluate(() => ({
      notes: [...window.seen.notes],
      gone: [...window.seen.gone],
    }));
    assert.ok(trace.retracted.length > 0, 'nothing was taken back');
    const gone = trace.retracted.map(
      ({ tokens }) => `line-through:${tokens.map(({ text }) => text).join('')}`,
    );
    assert.ok(
      gone.some((text) => seen.gone.includes(text)),
      `${seen.gone} of ${gone}`,
    );
    assert.ok(
      seen.notes.some((note) => /^Trying 4 branches, token \d+ …$/.test(note)),
      `${seen.notes}`,
    );
    await visitor.page.locator('[data-gone]').first().waitFor({ state: 'detached' });

    const shown = (await visitor.tokens().allTextContents()).join('');
    assert.equal(
      shown.trim(),
      trace.tokens
        .map(({ text }) => text)
        .join('')
        .trim(),
    );
    const validate = new Ajv({ strictTypes: false }).compile(
      JSON.parse(await readFile(new URL('../trace.schema.json', import.meta.url))),
    );
    assert.ok(validate(trace), JSON.stringify(validate.errors));
    assert.equal(trace.schema, 2);

    const native = nativeAnswer(trace, file);
    assert.deepEqual(
      native.ids,
      trace.tokens.map(({ decision }) => decision.token),
    );
    assert.deepEqual(
      native.retracted.map(({ to }) => to),
      trace.retracted.map(({ to }) => to),
    );
    // To the last digit: probabilities, sketches, scores. The native answer has no room for branches beyond its end.
    const whole = (at, { length }) => at + 12 < length;
    const numbers = ({ tokens }) =>
      tokens.map(({ p, sketch, decision: { branches } }, at) => ({
        p,
        sketch,
        branches: whole(at, tokens) && branches,
      }));
    assert.deepEqual(numbers(native), numbers(trace));
  });

  test('the inspector lists the branches, and the counts add up', async () => {
    const trace = await visitor.trace();
    const at = trace.tokens.findIndex(({ decision }) => decision.action === 'branch');
    await visitor.tokens().nth(at).click();
    const inspector = visitor.at('inspector');
    await inspector.getByText('Best of 4 branches, score in bits:').waitFor();
    assert.equal(await inspector.locator('.candidate').count(), 4);
    assert.equal(await inspector.locator('.candidate.chosen').count(), 1);
    assert.match(await visitor.at('sentence').innerText(), /branch into 4, keep number [1-4]/);
    const counts = await visitor.at('rules').locator('li b').allTextContents();
    const [argmax, phrases, branchings, back, drawn, without] = counts.map(Number);
    const ended = trace.finish === 'end_of_turn' ? 1 : 0;
    assert.equal(argmax + phrases + branchings + drawn + without, trace.tokens.length - ended);
    assert.equal(back, trace.retracted.length);
  });

  test('a download of the trace can be opened again by the player', async () => {
    const trace = await visitor.trace();
    const shown = await visitor.page.evaluate(async (trace) => {
      const player = document.createElement('entropix-trace');
      document.body.append(player);
      player.trace = trace;
      // It draws itself in one of the next frames.
      for (let frame = 0; frame < 10; frame += 1) await new Promise(requestAnimationFrame);
      const { position } = player;
      player.remove();
      return position;
    }, trace);
    assert.equal(shown, trace.tokens.length);
  });

  test('stop acts inside branches', async () => {
    // Every token is a branching: H is always low, V always high.
    for (const [name, value] of [
      ['entropy_cut', 20],
      ['varentropy_cut', 0],
      ['branch_tokens', 128],
      ['max_branchings', 50],
    ]) {
      const field = visitor.at('sampler').locator(`input[name="${name}"]`);
      if (!(await field.isVisible())) await visitor.at('sampler').getByText('Budgets').click();
      await field.fill(String(value));
      await field.press('Enter');
    }
    await visitor.say('Tell me about rivers.');
    await visitor.page.getByText(/Trying 4 branches, token [3-9]/).waitFor({ timeout: 60_000 });
    const before = Date.now();
    await visitor.at('stop').click();
    await visitor.answered();
    assert.ok(Date.now() - before < 5000, 'it did not wait for 128 tokens');
    await visitor.page.getByText('Stopped.').waitFor();
    await visitor.at('reset').click();
    await visitor.settings({ tokens: 4 });
    await visitor.say('Thanks.');
    await visitor.answered();
    assert.deepEqual(visitor.errors, []);
  });

  test('a phrase that can’t be inserted is refused in words', async () => {
    const phrases = visitor.at('sampler').locator('textarea[name=phrases]');
    await phrases.fill(' so'.repeat(40));
    await phrases.blur();
    await visitor.say('Hello.');
    await visitor.page.getByText(/it has more than 32 tokens/).waitFor();
    await visitor.at('reset').click();
    assert.match(await phrases.inputValue(), /wait, let me think/);
  });
});
