// Workers that end early.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { atSite, Visitor } from '../support/site.mjs';

const here = atSite();

test('a worker that dies is replaced within a second, and the conversation stays', async () => {
  const visitor = await Visitor.open(here.browser, here.site.url);
  await visitor.load();
  await visitor.settings({ sampler: 'greedy', tokens: 300 });
  await visitor.say('Count from one to one hundred in words.');
  await visitor.tokens().nth(3).waitFor({ timeout: 60_000 });
  const [worker] = visitor.page.workers();
  const replaced = visitor.page.waitForEvent('worker', { timeout: 10_000 });
  const start = Date.now();
  // A real trap: an allocation that no browser grants.
  await worker.evaluate(async () => {
    const engine = await import(new URL('./engine.js', self.location).href);
    const wasm = await engine.default();
    setTimeout(() => {
      for (;;) wasm.__wbindgen_malloc(0x40000000, 1);
    });
  });
  await replaced;
  const ms = Date.now() - start;
  assert.ok(ms < 1000, `replaced after ${ms} ms`);
  await visitor
    .at('problem')
    .filter({ hasText: /memory/i })
    .waitFor();
  assert.ok((await visitor.at('answer').last().innerText()).length > 3);
  await visitor.ready();
  await visitor.settings({ tokens: 4 });
  await visitor.at('regenerate').waitFor();
  await visitor.say('Go on.');
  await visitor.tokens().nth(3).waitFor({ timeout: 120_000 });
  assert.equal(await visitor.at('answer').count(), 2);
  await visitor.close();
});
