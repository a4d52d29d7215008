// One question answered by several samplers at once, side by side.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { audit } from '../support/axe.mjs';
import { assertTrace } from '../support/json.mjs';
import { MODEL_FILE } from '../support/models.mjs';
import { answer as nativeAnswer } from '../support/native.mjs';
import { atSite, Visitor } from '../support/site.mjs';
import { eventually } from '../support/wait.mjs';

const QUESTION = 'Which is larger, 9.9 or 9.11?';
const WAYS = ['greedy', 'plain', 'plain'];
const here = atSite();

/** Has questions answered so from now on. */
async function choose(visitor, ways) {
  const drawer = visitor.at('compare');
  if (!(await drawer.evaluate((details) => details.open))) await drawer.locator('summary').click();
  for (const [at, way] of ways.entries()) await visitor.at('way').nth(at).selectOption(way);
}

const columns = (visitor) => visitor.at('beside').locator('[data-turn]');

/** Waits until all have their answer. */
async function complete(visitor, count) {
  await columns(visitor)
    .getByTestId('choose')
    .nth(count - 1)
    .waitFor({ state: 'attached', timeout: 180_000 });
}

describe('three answers', () => {
  let visitor;
  before(async () => {
    visitor = await Visitor.open(here.browser, here.site.url);
    await visitor.load();
    await visitor.settings({ seed: 7, tokens: 24 });
    await choose(visitor, WAYS);
    await visitor.say(QUESTION);
    await complete(visitor, WAYS.length);
  });
  after(() => visitor?.close());

  test('each is what the same sampler and seed give alone, natively', async () => {
    const turns = await columns(visitor).evaluateAll((all) => all.map((it) => it.dataset.turn));
    assert.equal(turns.length, WAYS.length);
    for (const [at, turn] of turns.entries()) {
      visitor.turn = turn;
      const trace = await visitor.trace();
      assertTrace(trace);
      assert.deepEqual([trace.sampler.kind, trace.seed], [WAYS[at], [7, 7, 8][at]]);
      const ids = trace.tokens.map(({ decision }) => decision.token);
      assert.deepEqual(nativeAnswer(trace, MODEL_FILE).ids, ids, `answer ${at + 1}`);
    }
  });

  test('each says how it was made, its mean H and V, and where it differs from the first', async () => {
    const texts = await columns(visitor).evaluateAll((all) => all.map((it) => it.innerText));
    for (const text of texts) assert.match(text, /mean H \d+\.\d\d bits, V \d+\.\d\d bits²/);
    assert.deepEqual(await columns(visitor).locator('h2').allInnerTexts(), [
      'Greedy · seed 7',
      'Plain · seed 7',
      'Plain · seed 8',
    ]);
    assert.doesNotMatch(texts[0], /the first/);
    for (const text of texts.slice(1))
      assert.match(text, /first differs at .+; the first has|same as the first/);
  });

  test('they stand beside each other, none wider than its column', async () => {
    const boxes = await columns(visitor).evaluateAll((all) =>
      all.map((it) => it.getBoundingClientRect().toJSON()),
    );
    for (const [at, box] of boxes.entries()) {
      assert.ok(Math.abs(box.top - boxes[0].top) < 1);
      assert.ok(box.width >= 200);
      if (at) assert.ok(box.left >= boxes[at - 1].right, 'columns overlap');
    }
    const page = await visitor.page.evaluate(
      () => document.documentElement.scrollWidth - innerWidth,
    );
    assert.ok(page <= 0, `the page is ${page} px too wide`);
    await audit(visitor.page);
  });

  test('the chat goes on from the one that is chosen, and the others stay as versions', async () => {
    // By keyboard, whose place in the page stays though its button goes.
    const stays = () =>
      eventually(async () =>
        assert.ok(
          await visitor.page.evaluate(() => document.activeElement.closest('.turn') !== null),
        ),
      );
    await columns(visitor).nth(1).getByTestId('choose').press('Enter');
    await visitor.at('versions').filter({ hasText: 'version 2 of 3' }).waitFor();
    assert.equal(await visitor.at('beside').count(), 0);
    await stays();
    await visitor.at('side-by-side').press('Enter');
    assert.equal(await columns(visitor).count(), WAYS.length);
    await stays();
    await visitor.at('one-at-a-time').press('Enter');
    await stays();
    await visitor.page.reload();
    await visitor.at('versions').filter({ hasText: 'version 2 of 3' }).waitFor();
  });
});

describe('on a phone', () => {
  let visitor;
  before(async () => {
    visitor = await Visitor.open(here.browser, here.site.url, {
      viewport: { width: 390, height: 844 },
    });
    await visitor.load();
    await visitor.settings({ tokens: 8 });
    await choose(visitor, ['greedy', 'B']);
    await visitor.say(QUESTION);
    await complete(visitor, 2);
  });
  after(() => visitor?.close());

  test('one answer is seen at a time, by buttons that name them', async () => {
    const tabs = visitor.page.getByRole('group', { name: 'Answers' }).getByRole('button');
    assert.deepEqual(await tabs.allInnerTexts(), ['Greedy · seed 1337', 'Entropix B · seed 1337']);
    const seen = () => columns(visitor).evaluateAll((all) => all.map((it) => it.offsetWidth > 0));
    assert.deepEqual(await seen(), [true, false]);
    await tabs.nth(1).click();
    assert.deepEqual(await seen(), [false, true]);
    assert.equal(await tabs.nth(1).getAttribute('aria-pressed'), 'true');
  });
});

test('Stop ends all of them, and the next question gets its answers', async () => {
  const visitor = await Visitor.open(here.browser, here.site.url);
  await visitor.load();
  await visitor.settings({ tokens: 500 });
  await choose(visitor, ['plain', 'plain', 'plain', 'plain']);
  await visitor.pace(20);
  await visitor.say('Tell a long story.');
  await visitor.streams(2);
  await visitor.at('stop').click();
  await complete(visitor, 4);
  const notes = await columns(visitor).locator('.note').allInnerTexts();
  assert.deepEqual(notes, Array(4).fill('Stopped.'));
  await visitor.pace(0);
  await choose(visitor, ['', '', '', '']);
  await visitor.settings({ tokens: 4 });
  await visitor.say('And now?');
  await visitor.answered();
  assert.deepEqual(visitor.errors, []);
  await visitor.close();
});
