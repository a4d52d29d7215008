// Workers that end early.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { atSite, Visitor } from '../support/site.mjs';

const here = atSite();

/** Notes when the page starts each worker, and when it last heard of it. */
const clock = () => {
  window.workers = [];
  window.Worker = class extends Worker {
    /** @param {ConstructorParameters<typeof Worker>} how */
    constructor(...how) {
      super(...how);
      const times = { started: performance.now(), heard: 0 };
      window.workers.push(times);
      const hear = () => {
        times.heard = performance.now();
      };
      this.addEventListener('message', hear);
      this.addEventListener('error', hear);
    }
  };
};

test('a worker that dies is replaced within a second, and the conversation stays', async () => {
  const visitor = await Visitor.open(here.browser, here.site.url, { init: clock });
  await visitor.load();
  await visitor.settings({ sampler: 'greedy', tokens: 300 });
  // It dies in the midst of an answer.
  await visitor.pace(50);
  await visitor.say('Count from one to one hundred in words.');
  await visitor.streams(4);
  const worker = await visitor.worker();
  const ended = new Promise((resolve) => worker.once('close', resolve));
  // A real trap: an allocation that no browser grants.
  await worker.evaluate(async () => {
    const engine = await import(new URL('./engine.js', self.location.href).href);
    const wasm = await engine.default();
    setTimeout(() => {
      for (;;) wasm.__wbindgen_malloc(0x40000000, 1);
    });
  });
  await visitor
    .at('problem')
    .filter({ hasText: /memory/i })
    .waitFor();
  await ended;
  const workers = await visitor.page.evaluate(() => window.workers);
  assert.equal(workers.length, 2);
  // From the last that the page heard of the one to the start of the other.
  const ms = workers[1].started - workers[0].heard;
  assert.ok(ms < 1000, `replaced after ${ms} ms`);
  await visitor.answered();
  const broken = await visitor.tokens().allTextContents();
  assert.ok(broken.length >= 4 && broken.length < 300, `${broken.length} tokens were there`);
  await visitor.settings({ tokens: 4 });
  await visitor.say('Go on.');
  await visitor.answered();
  assert.equal(await visitor.tokens().count(), 4);
  const answers = visitor.page.locator('[data-turn]');
  assert.equal(await answers.count(), 2);
  assert.deepEqual(await answers.first().getByTestId('token').allTextContents(), broken);
  await visitor.close();
});
