// The promised sampler in the page: branches, phrases, and text that is taken back.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { assertTrace } from './support/json.mjs';

import { MODEL_FILE } from './support/models.mjs';
import { answer as nativeAnswer } from './support/native.mjs';
import { atSite, Visitor } from './support/site.mjs';

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
    await visitor.say(QUESTION);
    // Looks after every change: frames may be few on a slow machine, and short on a fast one.
    await visitor.answer().evaluate((answer) => {
      answer.seen = { notes: new Set(), gone: new Set() };
      const { shadowRoot } = answer.querySelector('entropix-tokens');
      const look = () => {
        for (const note of answer.querySelectorAll('.note'))
          answer.seen.notes.add(note.textContent);
        for (const token of shadowRoot.querySelectorAll('[data-gone]')) {
          const { textDecorationLine } = getComputedStyle(token, '::before');
          answer.seen.gone.add(`${textDecorationLine}:${token.dataset.gone}`);
        }
      };
      const observer = new MutationObserver(look);
      for (const root of [answer, shadowRoot]) {
        observer.observe(root, {
          attributes: true,
          characterData: true,
          childList: true,
          subtree: true,
        });
      }
      look();
    });
    await visitor.answered();
    const trace = await visitor.trace();
    const seen = await visitor
      .answer()
      .evaluate(({ seen }) => ({ notes: [...seen.notes], gone: [...seen.gone] }));
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
    // It folds into a tick, which stays.
    await visitor.page.locator('[data-open]').first().waitFor({ state: 'detached' });
    assert.ok((await visitor.answer().locator('[data-gone]').count()) > 0, 'nothing is lost');

    const shown = (await visitor.tokens().allTextContents()).join('');
    assert.equal(
      shown.trim(),
      trace.tokens
        .map(({ text }) => text)
        .join('')
        .trim(),
    );
    assertTrace(trace);
    assert.equal(trace.schema, 2);

    const native = nativeAnswer(trace, MODEL_FILE);
    assert.deepEqual(
      native.ids,
      trace.tokens.map(({ decision }) => decision.token),
    );
    assert.deepEqual(
      native.retracted.map(({ to }) => to),
      trace.retracted.map(({ to }) => to),
    );
    // To the last digit: probabilities, sketches, scores. The native answer has no room for
    // branches beyond its end.
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
    await inspector.getByText(`token ${at + 1} of`).waitFor();
    await visitor.at('charts').getByText('Draw').click();
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
      const player = document.body.appendChild(document.createElement('entropix-trace'));
      player.trace = trace;
      // It starts when the browser has seen that it is near.
      while (!player.started) await new Promise(requestAnimationFrame);
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
    await visitor.pace(50);
    await visitor.say('Tell me about rivers.');
    const note = visitor.answer().getByText(/^Trying 4 branches, token \d/);
    await note.waitFor({ timeout: 60_000 });
    // How far a branch came: of its 128 tokens only those before the stop.
    await visitor.answer().evaluate((answer) => {
      answer.furthest = 0;
      new MutationObserver(() => {
        const [, at] = answer.textContent.match(/branches, token (\d+)/) ?? [];
        answer.furthest = Math.max(answer.furthest, at ?? 0);
      }).observe(answer, { characterData: true, childList: true, subtree: true });
    });
    await visitor.at('stop').click();
    await visitor.answered();
    const furthest = await visitor.answer().evaluate((answer) => answer.furthest);
    assert.ok(furthest < 100, `it came to token ${furthest} of 128`);
    await visitor.answer().getByText('Stopped.').waitFor();
    await visitor.pace(0);
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
