// A server without isolation headers.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { atSite, serve, Visitor } from '../support/site.mjs';

const QUESTION = 'Which is larger, 9.9 or 9.11?';
const here = atSite();

test('the page works without isolation headers', async () => {
  const plain = await serve('--no-isolation');
  const visitor = await Visitor.open(here.browser, plain.url);
  assert.equal(await visitor.page.evaluate(() => crossOriginIsolated), false);
  await visitor.load();
  await visitor.settings({ sampler: 'greedy', tokens: 8 });
  await visitor.say(QUESTION);
  await visitor.answered();
  assert.equal(await visitor.tokens().count(), 8);
  await visitor.close();
  plain.close();
});
