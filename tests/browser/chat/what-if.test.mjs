// What an answer would have come to: continuations from other words, and a link that repeats what was made of it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { atSite, Visitor } from '../support/site.mjs';
import { eventually } from '../support/wait.mjs';

const QUESTION = 'Which is larger, 9.9 or 9.11?';

const here = atSite();
const text = ({ tokens }) => tokens.map(({ text }) => text).join('');

describe('other words', () => {
  let visitor;
  let first;
  let turn;
  const branches = () => visitor.answer().locator('.branch button');
  const outcome = () => visitor.answer().getByTestId('outcome');
  const turns = () => visitor.page.locator('[data-turn]').getAttribute('data-turn');

  before(async () => {
    visitor = await Visitor.open(here.browser, here.site.url);
    await visitor.load();
    await visitor.settings({ sampler: 'plain', seed: 3, tokens: 40 });
    await visitor.say(QUESTION);
    await visitor.answered();
    first = await visitor.trace();
    turn = visitor.turn;
  });
  after(() => visitor?.close());

  test('are tried, and can be stopped', async () => {
    await visitor.pace(50);
    await visitor.at('ask-what-if').click();
    await outcome()
      .filter({ hasText: / other endings …/ })
      .waitFor();
    await visitor.answer().locator('.what-if progress').waitFor();
    await visitor.answer().getByRole('button', { name: 'Stop' }).click();
    await outcome()
      .filter({ hasText: /^Stopped: / })
      .waitFor();
    await visitor.pace(0);
  });

  test('lead somewhere: all of them to their ends, and it is said what they come to', async () => {
    // The engine leaves the stopped ones first.
    await eventually(async () => {
      await visitor.at('ask-what-if').click();
      assert.match(await outcome().innerText(), /other endings …/);
    });
    await outcome()
      .filter({ hasText: /^(One word away from|None of|Read them)/ })
      .waitFor({ timeout: 300_000 });
    const count = await branches().count();
    assert.ok(count > 2 && count <= 15, `${count} branches`);
    const differ = await visitor.answer().locator('[data-differs=true]').allInnerTexts();
    const said = await outcome().innerText();
    assert.equal(differ.length > 0, said.startsWith('One word away from'));
    for (const words of differ) assert.match(words, / % · comes to .+ instead of /);
  });

  test('become the answer when they are chosen, word for word', async () => {
    // The one that goes on for longest.
    const all = await branches().evaluateAll((buttons) =>
      buttons.map((button) => [
        button.querySelector('b').textContent,
        [...button.childNodes]
          .filter((node) => node instanceof Text)
          .map(({ data }) => data)
          .join(''),
      ]),
    );
    const longest = Math.max(...all.map(([, rest]) => rest.length));
    const number = all.findIndex(([, rest]) => rest.length === longest);
    const [word, rest] = all[number];
    assert.ok(rest.length > 10, 'it goes on');
    await visitor.fork(() => branches().nth(number).click());
    await visitor.answered();
    const second = await visitor.trace();
    const at = second.tokens.findIndex(({ decision }) => decision.action === 'given');
    assert.deepEqual(second.tokens.slice(0, at), first.tokens.slice(0, at));
    assert.equal(second.tokens[at].label, word);
    assert.ok(text({ tokens: second.tokens.slice(at) }).startsWith(`${word}${rest}`));
    // The earlier answer stays, with all that was tried.
    await visitor.at('undo').click();
    assert.equal(await turns(), turn);
    visitor.turn = turn;
    await branches().last().waitFor();
  });

  test('and an answer are repeated by a link, in another profile, when a person says so', async () => {
    await visitor.page.getByRole('button', { name: 'Later version' }).click();
    visitor.turn = await turns();
    await visitor.answered();
    const made = await visitor.trace();
    await visitor.at('share').click();
    await eventually(() => assert.match(visitor.page.url(), /fork=/));

    const asked = /** @type {string[]} */ ([]);
    const other = await Visitor.open(here.browser, 'about:blank');
    other.page.on('request', (request) => asked.push(request.url()));
    await other.page.goto(visitor.page.url());
    await other.at('offer').getByText(QUESTION).waitFor();
    await other
      .at('offer')
      .getByText(/Made with SmolLM2-135M-Instruct, Q4_1\. Load the model/)
      .waitFor();
    assert.ok(await other.at('replay').isDisabled());
    assert.ok(!asked.some((url) => url.includes('.gguf')), 'the model was asked for');
    await other.load();
    await other.at('offer').getByText('the same words will come').waitFor();
    await other.at('replay').click();
    await other.at('versions').getByText('version 2 of 2').waitFor({ timeout: 300_000 });
    const again = await other.trace();
    assert.deepEqual([again.messages, again.tokens], [made.messages, made.tokens]);
    assert.deepEqual([...other.errors, ...visitor.errors], []);
    await other.close();
  });
});

test('what was found can be had as a picture for a post, before any model is loaded', async () => {
  const visitor = await Visitor.open(here.browser, here.site.url);
  const { page } = visitor;
  await visitor.at('ask-what-if').click();
  const file = async (kind) => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      visitor.at(`picture-${kind}`).click(),
    ]);
    assert.equal(download.suggestedFilename(), `what-if.${kind}`);
    const chunks = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk);
    return Buffer.concat(chunks);
  };
  const svg = (await file('svg')).toString();
  const sheet = await page.context().newPage();
  await sheet.setContent(svg);
  const drawn = await sheet.evaluate(() => {
    const picture = document.querySelector('svg');
    const { left, top } = picture.getBoundingClientRect();
    const lines = [...picture.querySelectorAll('text')].map((line) => {
      const box = line.getBoundingClientRect();
      const [x, y] = [box.left - left, box.top - top];
      return { text: line.textContent, x, y, right: x + box.width, bottom: y + box.height };
    });
    return { view: picture.getAttribute('viewBox'), lines };
  });
  assert.equal(drawn.view, '0 0 1200 630');
  const words = drawn.lines.map(({ text }) => text).join(' ');
  const outcome = await visitor.at('outcome').innerText();
  assert.ok(words.startsWith(`${QUESTION} ${outcome} `), words);
  assert.match(words, / sampler .+ · seed \d+ · mean H .+ · Entropix in the browser$/);
  // The way of which the headline speaks is among those that have room.
  if (outcome.startsWith('One word away from')) assert.match(words, /comes to .+ instead of/);
  for (const [at, { text, x, y, right, bottom }] of drawn.lines.entries()) {
    assert.ok(x >= 50 && y >= 40 && right <= 1160 && bottom <= 600, `outside: ${text}`);
    const before = drawn.lines[at - 1];
    if (before) assert.ok(y >= before.bottom - 8, `${text} lies on ${before.text}`);
  }
  const png = await file('png');
  assert.equal(png.toString('latin1', 1, 4), 'PNG');
  assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [2400, 1260]);
  assert.deepEqual(visitor.errors, []);
  await visitor.close();
});
