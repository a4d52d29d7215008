// An answer goes on from another word, and the earlier one stays.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { atSite, Visitor } from '../support/site.mjs';
import { eventually } from '../support/wait.mjs';

const QUESTION = 'Which is larger, 9.9 or 9.11?';
/** The token at which the answer parts. */
const AT = 5;

const here = atSite();
const ids = ({ tokens }) => tokens.map(({ decision }) => decision.token);

describe('an answer', () => {
  let visitor;
  let first;
  const place = () => visitor.answer().getByTestId('versions').innerText();
  const alternatives = () => visitor.at('alternatives').getByRole('button');
  /** What the strip says besides the answer's own words. */
  const was = () => visitor.answer().locator('[data-gone]').getAttribute('data-gone');
  const choose = (at) => visitor.tokens().nth(at).click();
  /** The number and the id of the most probable token that was not chosen. */
  const other = ({ tokens }, at) => {
    const { top, decision } = tokens[at];
    const rank = top.findIndex(({ id }) => id !== decision.token);
    return { rank, id: top[rank].id, label: top[rank].label };
  };

  before(async () => {
    visitor = await Visitor.open(here.browser, here.site.url);
    await visitor.load();
    await visitor.settings({ sampler: 'plain', seed: 3, tokens: 16 });
    await visitor.say(QUESTION);
    await visitor.answered();
    first = await visitor.trace();
  });
  after(() => visitor?.close());

  test('goes on from an alternative that is clicked, and is the same up to it', async () => {
    await choose(AT);
    const { id, label } = other(first, AT);
    await visitor.fork(() => alternatives().first().click());
    await visitor.answered();
    const second = await visitor.trace();
    // Bit for bit: words, numbers, decisions.
    assert.deepEqual(second.tokens.slice(0, AT), first.tokens.slice(0, AT));
    const given = second.tokens[AT];
    assert.deepEqual(
      [given.decision.token, given.decision.action, given.top],
      [id, 'given', first.tokens[AT].top],
    );
    assert.equal(second.tokens.length, AT + 1 + 16, 'as many tokens as are set come after it');
    assert.ok(second.tokens.slice(AT + 1).every(({ decision }) => decision.action !== 'given'));
    assert.match(await place(), /version 2 of 2/);
    assert.equal(await was(), first.tokens[AT].text);
    assert.equal(await visitor.tokens().nth(AT).getAttribute('data-mark'), 'given');
    await choose(AT);
    await visitor.at('sentence').getByText('put here by hand').waitFor();
    const facts = await visitor.answer().locator('.facts').innerText();
    const [now, before] = [label, first.tokens[AT].label].map((word) => word.trim());
    assert.ok(facts.includes(` · “${now}” instead of “${before}” at token ${AT + 1} · `), facts);
    assert.deepEqual(second.messages, first.messages);
  });

  test('stays as a version, to which one goes back and from which one comes again', async () => {
    const shows = async (turn) => {
      visitor.turn = turn;
      await visitor.answered();
      return ids(await visitor.trace());
    };
    const turns = () => visitor.page.locator('[data-turn]').getAttribute('data-turn');
    const second = await turns();
    await visitor.at('undo').click();
    assert.deepEqual(await shows(await turns()), ids(first));
    // The same fork is shown, not made anew.
    await choose(AT);
    await visitor.fork(() => alternatives().first().click());
    assert.equal(await turns(), second);
    assert.match(await place(), /version 2 of 2/);
    await visitor.page.getByRole('button', { name: 'Earlier version' }).press('Enter');
    assert.deepEqual(await shows(await turns()), ids(first));
  });

  test('goes on from a word of one’s own, which may be several tokens', async () => {
    await choose(AT);
    const own = visitor.at('own').getByRole('textbox');
    await own.fill('unquestionably');
    await visitor.fork(() => own.press('Enter'));
    await visitor.answered();
    const { tokens } = await visitor.trace();
    assert.deepEqual(tokens.slice(0, AT), first.tokens.slice(0, AT));
    const given = tokens.filter(({ decision }) => decision.action === 'given');
    assert.ok(given.length > 1);
    assert.equal(given.map(({ text }) => text).join(''), ' unquestionably');
    assert.match(await place(), /version 3 of 3/);
  });

  test('goes on by a number key, and not where a number is written', async () => {
    visitor.turn = null;
    const from = await visitor.trace();
    const at = 2;
    const { rank, id } = other(from, at);
    await choose(at);
    await visitor.at('composer').fill('');
    await visitor.at('composer').press(`${rank + 1}`);
    assert.equal(await visitor.at('composer').inputValue(), `${rank + 1}`);
    await visitor.at('composer').fill('');
    await visitor.tokens().nth(at).focus();
    await visitor.fork(() => visitor.page.keyboard.press(`${rank + 1}`));
    await visitor.answered();
    assert.equal(ids(await visitor.trace())[at], id);
    assert.match(await place(), /version 4 of 4/);
  });

  test('that was cut short goes on, and versions outlive a reload', async () => {
    const before = ids(await visitor.trace());
    await visitor.at('continue').click();
    await eventually(async () =>
      assert.ok((await visitor.tokens().count()) > before.length, 'it does not go on'),
    );
    await visitor.answered();
    const all = ids(await visitor.trace());
    assert.deepEqual(all.slice(0, before.length), before);
    const text = await place();
    // A model that loads by itself would be there soon.
    await visitor.page.evaluate(() => localStorage.removeItem('entropix.by-itself'));
    await visitor.page.reload();
    visitor.turn = null;
    await eventually(async () => assert.equal(await place(), text));
    assert.deepEqual(ids(await visitor.trace()), all);
    // Nobody can go on from here until the model is there.
    await choose(AT);
    assert.equal(await alternatives().count(), 0);
    assert.ok(await visitor.at('own').isHidden());
    assert.deepEqual(visitor.errors, []);
  });
});
