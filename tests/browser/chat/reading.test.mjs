// A text of one's own that the model only reads.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { json } from '../support/json.mjs';
import { atSite, Visitor } from '../support/site.mjs';
import { eventually } from '../support/wait.mjs';

const here = atSite();

const TEXT = ' Twice two is five, said the <b>xylophone</b>:\n\tnaïve 🦀 <|im_end|>.';

test('a text is scored token by token, and nothing is said', async () => {
  const visitor = await Visitor.open(here.browser, here.site.url);
  assert.ok(await visitor.at('read').isDisabled(), 'nothing is written, no model is loaded');
  await visitor.load();
  await visitor.settings({ sampler: 'greedy', tokens: 3 });
  await visitor.say('Hello!');
  await visitor.answered();
  await visitor.at('composer').fill(TEXT);
  await visitor.fork(() => visitor.at('read').click());
  const facts = visitor.answer().locator('.facts');
  await facts.filter({ hasText: 'surprisal' }).waitFor();
  const trace = await visitor.trace();
  assert.deepEqual(trace.messages, []);
  assert.equal(trace.tokens.map(({ text }) => text).join(''), TEXT);
  assert.deepEqual([...new Set(trace.tokens.map(({ decision }) => decision.action))], ['read']);
  const bits = trace.tokens.reduce((sum, { p }) => sum - Math.log2(p), 0) / trace.tokens.length;
  const mean = (name) =>
    trace.tokens.reduce((sum, { decision }) => sum + decision.uncertainty[name], 0) /
    trace.tokens.length;
  const [h, v] = ['entropy_bits', 'varentropy_bits2'].map((name) => mean(name).toFixed(2));
  assert.equal(
    await facts.innerText(),
    `${trace.tokens.length} tokens · surprisal ${bits.toFixed(2)} bits a token · mean H ${h} bits, V ${v} bits²`,
  );
  // It stands in a chat of its own, where nothing can be asked again.
  assert.equal(await visitor.page.locator('[data-turn]').count(), 1);
  assert.equal(await visitor.at('regenerate').count(), 0);
  assert.equal(await visitor.at('ask-what-if').count(), 0);
  // The lens knows each of its tokens.
  await visitor.tokens().nth(2).click();
  await visitor.at('inspector').getByText(`token 3 of ${trace.tokens.length}`).waitFor();
  assert.match(await visitor.at('sentence').innerText(), /in the text/);
  // It is still there after a reload, goes on when asked, and stays a text.
  await visitor.page.reload();
  await facts.filter({ hasText: 'surprisal' }).waitFor();
  await visitor.load();
  await visitor.at('continue').click();
  await eventually(async () => {
    assert.equal(await visitor.tokens().count(), trace.tokens.length + 3);
  });
  await visitor.answer().getByRole('heading', { name: 'Text' }).waitFor();
  // Another one, whose tokens an independent tokenizer has told.
  const data = await json('tests/golden/reference/logits.json');
  const known = (data.cases ?? data).find(({ name }) => name === 'code-python');
  await visitor.at('composer').fill(known.text);
  await visitor.at('read').click();
  await facts.filter({ hasText: `${known.ids.length} tokens · surprisal` }).waitFor();
  const ids = (await visitor.trace()).tokens.map(({ decision }) => decision.token);
  assert.deepEqual(ids, known.ids);
  // What is asked next has nothing to do with it.
  await visitor.say('Hello!');
  await visitor.answered();
  assert.deepEqual(
    (await visitor.trace()).messages.map(({ content }) => content),
    ['Hello!'],
  );
  assert.deepEqual(visitor.errors, []);
  await visitor.close();
});
