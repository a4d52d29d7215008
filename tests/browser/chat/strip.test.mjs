// What the strips of the page hold: entries as the worker sent them, or else as the page keeps them.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { atSite, Visitor } from '../support/site.mjs';
import { eventually } from '../support/wait.mjs';

/** With seed 0 PROMISED takes back a token at once, then inserts and branches. */
const QUESTION = 'Write a tweet about autumn.';

const here = atSite();

/** Counts the entries that the page makes anew. */
const count = () => {
  const parse = JSON.parse;
  window.made = 0;
  JSON.parse = (text, reviver) => {
    if (text.startsWith('{"text":')) window.made += 1;
    return parse(text, reviver);
  };
};

/** Attention is told in single precision: JSON writes 4.785, an object of the worker holds the double nearest to it. */
const singles = (entries) =>
  entries.map(({ attention, ...entry }) => ({
    ...entry,
    attention: attention && { ...attention, bits: attention.bits.map(Math.fround) },
  }));

describe('the strip of an answer', () => {
  let visitor;
  let first;
  /** What was taken back before each token, as the strip shows it. */
  let struck;
  const gone = () =>
    visitor.tokens().evaluateAll((all) => all.map(({ dataset }) => dataset.gone ?? ''));
  const made = () => visitor.page.evaluate(() => window.made);
  /** That the last strip holds what the page keeps of the answer. */
  const holds = async (tokens) => {
    const strip = visitor.page.locator('entropix-tokens').last();
    await eventually(async () =>
      assert.deepEqual(singles(await strip.evaluate(({ entries }) => entries)), singles(tokens)),
    );
  };

  before(async () => {
    visitor = await Visitor.open(here.browser, here.site.url, { init: count });
    // A recorded answer is shown first, all at once.
    await visitor.tokens().first().waitFor();
    await visitor.load();
    assert.ok((await made()) > 0, 'entries of a recording are made');
    await visitor.page.evaluate(() => {
      window.made = 0;
    });
  });
  after(() => visitor?.close());

  test('holds what came, also after a retraction, and nothing is made anew', async () => {
    await visitor.settings({ sampler: 'PROMISED', seed: 0, tokens: 24 });
    await visitor.say(QUESTION);
    await visitor.answered();
    first = await visitor.trace();
    assert.ok(first.retracted.length > 0, 'nothing was taken back');
    await holds(first.tokens);
    assert.equal(await made(), 0);
    struck = await gone();
    const texts = first.retracted.flatMap(({ tokens }) => tokens.map(({ text }) => text));
    assert.equal(struck.join(''), texts.join(''));
  });

  test('holds what the chosen version has', async () => {
    await visitor.settings({ sampler: 'plain', seed: 3 });
    await visitor.regenerate();
    await visitor.answered();
    const second = await visitor.trace();
    assert.notDeepEqual(second.tokens, first.tokens);
    await holds(second.tokens);
    assert.equal(await made(), 0);
    await visitor.page.getByRole('button', { name: 'Earlier version' }).click();
    await holds(first.tokens);
    // The strip is another one: it gets what the page keeps.
    assert.equal(await made(), first.tokens.length);
    await visitor.page.getByRole('button', { name: 'Later version' }).click();
    await holds(second.tokens);
  });

  test('shows what went while the page was busy', async () => {
    await visitor.settings({ sampler: 'PROMISED', seed: 0 });
    // From the click on: all that comes meanwhile is drawn at once.
    await visitor.page.evaluate(() => {
      const rest = () => {
        for (const end = performance.now() + 3000; performance.now() < end; );
      };
      addEventListener('click', () => setTimeout(rest), { once: true });
    });
    await visitor.regenerate();
    await visitor.answered();
    const { tokens } = await visitor.trace();
    assert.deepEqual(tokens, first.tokens);
    await holds(tokens);
    await eventually(async () => assert.deepEqual(await gone(), struck));
  });

  test('holds what was stored', async () => {
    visitor.turn = null;
    const { tokens } = await visitor.trace();
    await visitor.page.reload();
    await holds(tokens);
    assert.equal(await made(), tokens.length);
    assert.deepEqual(visitor.errors, []);
  });
});
