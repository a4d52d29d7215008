// What brings an answer, or a small chat that asks the same, into a page of somebody else's.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { atHost, done } from '../support/elements.mjs';
import { POLICY } from '../support/host.mjs';
import { eventually } from '../support/wait.mjs';

const here = atHost();

/** The browser of tests keeps nothing for visits without a network, and says so. */
const KNOWN = ['Service Worker registration blocked by Playwright'];
const QUESTION = 'Is "5 < 7" & 9.9 > 9.11?';

test('an answer is replayed in a post, and a small chat there asks the same and says the same', {
  timeout: 240_000,
}, async () => {
  const visitor = await here.visit(here.url);
  await visitor.load();
  await visitor.settings({ sampler: 'greedy', tokens: 6 });
  await visitor.say(QUESTION);
  await visitor.answered();
  const { tokens, ...trace } = await visitor.trace();
  const part = (name) => visitor.answer().getByTestId(name);
  assert.equal(await part('post').getAttribute('aria-expanded'), 'false');
  await part('post').click();
  const answer = await part('post-answer').inputValue();
  const chat = await part('post-chat').inputValue();
  await visitor.answer().getByText('put your host in their place').waitFor();
  await visitor.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await visitor.answer().locator('for-a-post').getByRole('button').last().click();
  await visitor.answer().getByRole('button', { name: 'Copied' }).waitFor();
  assert.equal(await visitor.page.evaluate(() => navigator.clipboard.readText()), chat);
  await part('post').click();
  await part('post-chat').waitFor({ state: 'detached' });
  await done(visitor, KNOWN);

  here.host.publish('entropix-trace.json', JSON.stringify({ ...trace, tokens }));
  const policy = POLICY.elements.replace('connect-src', "connect-src 'self'");
  const words = await here.embed(answer, { page: { head: '', policy } });
  await words.page.getByText(`${tokens.length} of ${tokens.length} tokens`).waitFor();
  await words.page.getByText(QUESTION).waitFor();
  await done(words);

  const reader = await here.embed(chat, { page: { head: '', policy: POLICY.frame } });
  const frame = reader.page.frameLocator('iframe');
  await frame.locator('.send:enabled').waitFor();
  assert.equal(await frame.getByRole('textbox').inputValue(), QUESTION);
  await frame.locator('.send:enabled').click();
  await eventually(async () => {
    const said = await frame
      .locator('entropix-tokens')
      .evaluate(({ entries }) => entries.map(({ decision }) => decision.token));
    assert.deepEqual(
      said,
      tokens.map(({ decision }) => decision.token),
    );
  });
  await done(reader);
});

test('a recorded answer is no question for a small chat', async () => {
  const visitor = await here.visit(here.url);
  await visitor.tokens().first().waitFor();
  const part = (name) => visitor.answer().getByTestId(name);
  await part('post').last().click();
  await part('post-answer').waitFor();
  assert.equal(await part('post-chat').count(), 0);
  await done(visitor, KNOWN);
});

test('a small chat is said to do otherwise what it can’t do alike', async () => {
  const visitor = await here.visit(here.url);
  const says = (link) =>
    visitor.page.evaluate(async (link) => {
      await import(new URL('post/post.js', document.baseURI).href);
      const element = document.createElement('for-a-post');
      element.dataset.link = link;
      document.body.append(element);
      const chat = /** @type {HTMLTextAreaElement} */ (
        element.querySelector('[data-testid=post-chat]')
      );
      element.remove();
      const src = chat.value.match(/src="([^"]*)"/)[1].replaceAll('&amp;', '&');
      const words = /** @type {Text} */ (chat.closest('label').firstChild).data;
      return { words, query: Object.fromEntries(new URL(src).searchParams) };
    }, link);
  const alike =
    'prompt=Hi&sampler=min-p&seed=7&tokens=9&system=Be+brief&model=M&weights=Q4_1&sha256=ab';
  const own = { view: 'chat', prompt: 'Hi', sampler: 'min-p', seed: '7', tokens: '9' };
  const first = await says(alike);
  assert.match(
    first.words,
    /^A small chat that asks this, and loads nothing before a reader wants it\. $/,
  );
  assert.deepEqual(first.query, { ...own, system: 'Be brief', model: 'M' });
  const others = /** @type {[string, RegExp][]} */ ([
    [`${alike}&min_p=0.2`, /It has the sampler’s own numbers, not those that were changed here\.$/],
    [`${alike}&fork=3`, /It answers without the words that were put in here\.$/],
    [
      'prompt=Hi&sampler=greedy&model=mine',
      /It has the first model of the list, not the one of this answer\.$/,
    ],
    ['prompt=Hi&fork=1&x=2', /own numbers.*without the words.*first model/],
  ]);
  for (const [link, words] of others) {
    const { words: said, query } = await says(link);
    assert.match(said, words, link);
    assert.equal('fork' in query || 'min_p' in query || 'x' in query, false, link);
    assert.equal('model' in query, link.includes('sha256'), link);
  }
  await done(visitor, KNOWN);
});
