// The small chat for other people's posts: a frame that loads a model when it is asked to.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { audit } from '../support/axe.mjs';
import { inBoth } from '../support/browsers.mjs';
import { atHost, done } from '../support/elements.mjs';
import { documented, POLICY } from '../support/host.mjs';
import { MODEL_FILE } from '../support/models.mjs';
import { answer, answers } from '../support/native.mjs';
import { eventually } from '../support/wait.mjs';

const here = atHost();

const QUESTION = 'Which is larger, 9.9 or 9.11?';
/** What a frame shows, and the numbers of its answers' tokens. */
const look = () => ({
  text: document.body.innerText,
  says: document.querySelector('[role=status]').textContent,
  problem: document.querySelector('[role=alert]').textContent,
  ready: !document.querySelector('.send').disabled,
  answers: [...document.querySelectorAll('entropix-tokens')].map(({ entries }) =>
    entries.map(({ decision }) => decision.token),
  ),
});
const address = (options) => `${here.url}embed.html?view=chat&${new URLSearchParams(options)}`;
const native = (sampler, count) =>
  answer(
    {
      messages: [{ role: 'user', content: QUESTION }],
      sampler,
      seed: 7,
      tokens: { length: count },
    },
    MODEL_FILE,
  ).ids;

inBoth('a chat in somebody’s post', ({ page: open }) => {
  test('says what it costs, fetches nothing unasked, and answers in a sandbox as the engine does natively', async () => {
    const frame = documented('html', 'view=chat');
    assert.match(frame, /sandbox="allow-scripts"/);
    const url = here.host.page(
      frame.replace(
        /\?view=chat[^"]*/,
        `?view=chat&${new URLSearchParams({ prompt: QUESTION, sampler: 'B', seed: '7', tokens: '24' })}`,
      ),
      { policy: POLICY.frame, head: '' },
    );
    const errors = [];
    const page = await open('about:blank', {}, errors);
    const asked = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(url);
    const inside = await eventually(async () => {
      const found = page.frames().find((each) => each.url().includes('view=chat'));
      assert.ok((await found.evaluate(look)).ready);
      return found;
    });
    assert.equal(await inside.evaluate(() => self.origin), 'null');
    assert.match((await inside.evaluate(look)).says, /download of 98\.4 MB from 127\.0\.0\.1/);
    assert.deepEqual(
      asked.filter((each) => /gguf|\/engine\//.test(each)),
      [],
    );
    await inside.evaluate(() => /** @type {any} */ (document.querySelector('.send')).click());
    const seen = await eventually(async () => {
      const seen = await inside.evaluate(look);
      assert.match(seen.says, /mean V [\d.]+ bits²/, seen.problem);
      return seen;
    });
    assert.deepEqual(seen.answers, [
      native({ kind: 'entropix', preset: 'B', pause_token: 4563 }, 24),
    ]);
    // The host has no icon, and allows none.
    assert.deepEqual(
      errors.filter((error) => !error.includes('favicon')),
      [],
    );
    await page.close();
  });
});

/** A promise that is kept when one says so. */
function later() {
  let resolve = () => {};
  const promise = new Promise((/** @type {(_?: undefined) => void} */ keep) => {
    resolve = keep;
  });
  return { promise, resolve };
}

describe('a chat in a frame', () => {
  /** @param {object} options of the address */
  async function begin(options) {
    const visitor = await here.visit(
      address({ prompt: QUESTION, seed: 7, tokens: 12, ...options }),
    );
    await visitor.page.locator('.send').waitFor();
    return visitor;
  }
  const sees = (page) => page.evaluate(look);
  /** Waits until so many answers are whole. */
  const answered = (page, count) =>
    eventually(async () => {
      const seen = await sees(page);
      assert.equal(seen.answers.length, count);
      assert.match(seen.says, /mean H/, seen.problem);
      return seen;
    });

  test('goes on with what was said, and says something else when asked to', async () => {
    const visitor = await begin({ sampler: 'greedy' });
    const { page } = visitor;
    await audit(page);
    await page.locator('.send:enabled').click();
    const first = await answered(page, 1);
    assert.deepEqual(first.answers, [native({ kind: 'greedy' }, 12)]);
    await page.getByRole('textbox').fill('And of these two the smaller?');
    await page.getByRole('textbox').press('Enter');
    const { answers } = await answered(page, 2);
    assert.deepEqual(answers[0], first.answers[0]);
    await audit(page);
    await page.getByRole('button', { name: 'Another answer' }).click();
    const again = await answered(page, 2);
    assert.doesNotMatch(again.says, /seed 7$/);
    // A greedy answer leaves nothing to chance.
    assert.deepEqual(again.answers, answers);
    const whole = await page.getByRole('link').getAttribute('href');
    assert.match(whole, /^\.\/#sampler=greedy&seed=\d+&tokens=12&prompt=Which%20is%20larger/);
    await done(visitor);
  });

  test('knows every sampler of the whole chat, and names them where it knows none', async () => {
    const visitor = await here.visit(here.url);
    const { page } = visitor;
    const samplers = page.locator('input[name=sampler]');
    await samplers.first().waitFor({ state: 'attached' });
    const names = await samplers.evaluateAll((all) => all.map(({ value }) => value));
    assert.ok(names.length >= 10, names.join());
    await page.goto(address({ sampler: 'nonsense', seed: '-1' }));
    const { problem } = await eventually(async () => {
      const seen = await sees(page);
      assert.ok(seen.ready);
      return seen;
    });
    assert.deepEqual(
      problem
        .match(/There are (.*?)\. /)[1]
        .split(', ')
        .sort(),
      names.sort(),
    );
    assert.match(problem, /“-1” can’t be the seed/);
    const recipes = await page.evaluate(async (names) => {
      const { read, recipe } = await import(`${location.origin}/mini/asked.js`);
      return names.map((sampler) => {
        const { asked } = read(new URLSearchParams({ sampler: sampler.toLowerCase() }));
        return recipe(asked, { pause_token: 4563 }, { promised: { entropy_cut: 3 } });
      });
    }, names);
    const meant = recipes.map(({ sampler: { preset, kind } }) => preset ?? kind);
    assert.deepEqual(
      meant.map((name) => name.toLowerCase()),
      names.map((name) => name.toLowerCase()),
    );
    // What is none of the engine's would be refused.
    const messages = [{ role: 'user', content: 'Hi' }];
    const tried = recipes.map((recipe) => ({ messages, ...recipe, tokens: { length: 1 } }));
    assert.equal(answers(tried, MODEL_FILE).length, names.length);
    assert.deepEqual(visitor.errors, []);
    await visitor.close();
  });

  for (const file of ['*.gguf', 'engine_bg.wasm', 'worker.js'])
    test(`loses no question where ${file} does not come`, async () => {
      const visitor = await begin({});
      const { page } = visitor;
      const typed = later();
      await page.route(`**/${file}`, async (route) => {
        await typed.promise;
        await route.abort();
      });
      await page.getByRole('textbox').fill('  What is rain? ');
      await page.locator('.send:enabled').click();
      await page.getByRole('textbox').fill('And snow?');
      typed.resolve();
      await eventually(async () => assert.match((await sees(page)).problem, /^[A-Z].*\. .*\.$/));
      assert.equal(await page.getByRole('textbox').inputValue(), 'What is rain?\nAnd snow?');
      await page.getByRole('textbox').fill('What is rain?');
      await page.unroute(`**/${file}`);
      await page.locator('.send:enabled').click();
      const { problem, text } = await answered(page, 1);
      assert.equal(problem, '');
      assert.equal(text.match(/What is rain/g).length, 1);
      await visitor.close();
    });

  test('brings up no keyboard on the screen when an answer ends', async () => {
    const url = address({ prompt: QUESTION, tokens: 4 });
    const visitor = await here.visit(url, { hasTouch: true, isMobile: true });
    const { page } = visitor;
    assert.ok(await page.evaluate(() => matchMedia('(pointer: coarse)').matches));
    await page.locator('.send:enabled').tap();
    await answered(page, 1);
    assert.notEqual(await page.evaluate(() => document.activeElement.localName), 'textarea');
    await done(visitor);
  });

  test('gives back what is too long for the model, and starts over from a chat that is', async () => {
    const visitor = await begin({ tokens: 4 });
    const { page } = visitor;
    const field = page.getByRole('textbox');
    const tooLong = async (text) => {
      await field.fill(text);
      await page.locator('.send:enabled').click();
      await eventually(async () => assert.match((await sees(page)).problem, /[\d,]+ tokens/));
      assert.equal(await field.inputValue(), text);
    };
    await tooLong('word '.repeat(9000).trim());
    await field.fill(QUESTION);
    await page.locator('.send:enabled').click();
    const first = await answered(page, 1);
    assert.equal(first.problem, '');
    // With what was said before it is.
    await tooLong('word '.repeat(9000).trim());
    await page.getByRole('button', { name: 'Start over' }).click();
    await field.fill(QUESTION);
    await page.locator('.send:enabled').click();
    assert.equal((await answered(page, 1)).answers.length, 1);
    await done(visitor);
  });

  test('stops, and answers the next question', async () => {
    const visitor = await begin({ tokens: 200 });
    const { page } = visitor;
    await page.locator('.send:enabled').click();
    await eventually(async () => assert.ok((await sees(page)).answers[0]?.length > 3));
    await page.getByRole('button', { name: 'Stop' }).click();
    const { answers, says } = await answered(page, 1);
    assert.ok(answers[0].length < 200, says);
    await page.getByRole('textbox').fill('Go on.');
    await page.locator('.send:enabled').click();
    await eventually(async () => assert.ok((await sees(page)).answers[1]?.length > 1));
    await done(visitor);
  });

  for (const file of ['*.gguf', 'worker.js'])
    test(`a load that waits for ${file} can be stopped, and begins again`, async () => {
      const visitor = await begin({});
      const { page } = visitor;
      await page.route(`**/${file}`, () => {});
      const asked = page.waitForRequest(`**/${file}`);
      await page.locator('.send:enabled').press('Enter');
      await asked;
      // The keyboard is where it can stop.
      assert.ok(await page.evaluate(() => document.activeElement.textContent === 'Stop'));
      await page.keyboard.press('Enter');
      await eventually(async () =>
        assert.equal(await page.getByRole('textbox').inputValue(), QUESTION),
      );
      await page.unroute(`**/${file}`);
      await page.locator('.send:enabled').click();
      await answered(page, 1);
      await visitor.close();
    });

  test('an engine that breaks down is started again, and the chat starts over when asked to', async () => {
    const visitor = await begin({ sampler: 'greedy' });
    const { page } = visitor;
    await page.locator('.send:enabled').click();
    const first = await answered(page, 1);
    await page.workers()[0].evaluate(() => {
      setTimeout(() => {
        throw new Error('gone');
      });
    });
    await eventually(async () => assert.match((await sees(page)).problem, /gone/));
    await page.getByRole('button', { name: 'Another answer' }).click();
    assert.deepEqual((await answered(page, 1)).answers, first.answers);
    await page.getByRole('button', { name: 'Start over' }).click();
    assert.deepEqual((await sees(page)).answers, []);
    await page.getByRole('textbox').fill(QUESTION);
    await page.locator('.send:enabled').click();
    assert.deepEqual((await answered(page, 1)).answers, first.answers);
    await visitor.close();
  });
});
