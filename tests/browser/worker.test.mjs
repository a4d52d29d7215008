// The worker alone, spoken to as the page does.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { json } from './support/json.mjs';
import { LISTED, MODEL_FILE } from './support/models.mjs';
import { prompts } from './support/native.mjs';
import { atSite, Visitor } from './support/site.mjs';

const here = atSite();

test('texts have as many tokens as natively, and messages before Ready are answered', async () => {
  const table = await json('tests/golden/reference/tokenizer.json');
  const conversations = table.map(({ text }) => [{ role: 'user', content: text }]);
  const native = prompts(conversations, MODEL_FILE).map((ids) => ids.length);
  assert.ok(new Set(native).size > 10);

  const visitor = await Visitor.open(here.browser, here.site.url);
  const counted = await visitor.page.evaluate(
    async ({ conversations, file }) => {
      const script = JSON.parse(document.getElementById('engines').textContent)[0].url;
      const blob = await (await fetch(`models/${file}`)).blob();
      const worker = new Worker(script, { type: 'module' });
      const counts = [];
      await new Promise((/** @type {(_?: undefined) => void} */ resolve, reject) => {
        worker.onmessage = ({ data: { message } }) => {
          if (message.failed) reject(new Error(message.failed.problem.message));
          if (message.ready) {
            for (const [id, messages] of conversations.entries())
              worker.postMessage({ message: { measure: { id, messages } } });
          }
          if (message.measured) counts[message.measured.id] = message.measured.tokens;
          if (counts.length === conversations.length) resolve();
        };
        // Sent before the engine is up.
        worker.postMessage({
          message: { load: { source: { blob: { name: 'model' } } } },
          blob,
        });
      });
      worker.terminate();
      return counts;
    },
    { conversations, file: LISTED.file },
  );
  assert.deepEqual(counted, native);
  await visitor.close();
});
