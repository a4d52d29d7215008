// The worker alone, spoken to as the page does.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { prompts } from './support/native.mjs';
import { atSite, Visitor } from './support/site.mjs';

const models = process.env.ENTROPIX_MODELS ?? new URL('../../models', import.meta.url).pathname;
const file = 'SmolLM2-135M-Instruct.Q4_1.gguf';

const here = atSite();

test('texts have as many tokens in wasm as natively, and messages before Ready are answered', async () => {
  const table = JSON.parse(
    await readFile(new URL('../golden/reference/tokenizer.json', import.meta.url)),
  );
  const conversations = table.map(({ text }) => [{ role: 'user', content: text }]);
  const native = prompts(conversations, join(models, file)).map((ids) => ids.length);
  assert.ok(new Set(native).size > 10);

  const visitor = await Visitor.open(here.browser, here.site.url);
  const counted = await visitor.page.evaluate(
    async ({ conversations, file }) => {
      const script = JSON.parse(document.getElementById('engines').textContent)[0].url;
      const blob = await (await fetch(`models/${file}`)).blob();
      const worker = new Worker(script, { type: 'module' });
      const counts = [];
      await new Promise((resolve, reject) => {
        worker.onmessage = ({ data: { message } }) => {
          if (message.type === 'failed') reject(new Error(message.problem.message));
          if (message.type === 'ready') {
            conversations.forEach((messages, id) =>
              worker.postMessage({ message: { type: 'measure', id, messages } }),
            );
          }
          if (message.type === 'measured') counts[message.id] = message.tokens;
          if (counts.length === conversations.length) resolve();
        };
        // Sent before the engine is up.
        worker.postMessage({
          message: { type: 'load', source: { kind: 'blob', name: 'model' } },
          blob,
        });
      });
      worker.terminate();
      return counts;
    },
    { conversations, file },
  );
  assert.deepEqual(counted, native);
  await visitor.close();
});
