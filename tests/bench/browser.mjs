// How fast the engine is in headless Chromium: talks to the built worker as the page does.
// Prints one JSON object per metric. Arguments: [runs] [tokens].
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { launch } from '../browser/support/site.mjs';
import { serve } from './server.mjs';
import { dist, file, report, tokens } from './task.mjs';

const html = await readFile(join(dist, 'index.html'), 'utf8');
const [{ url: worker }] = JSON.parse(/id="engines">(.+?)<\/script>/s.exec(html)[1]);
const server = await serve((name) => (name === 'model.gguf' ? file : join(dist, name)));
const browser = await launch();
const page = await browser.newPage();
await page.goto(server.url);

await report('browser', async (question) => {
  const { load_ms, stats, sampled } = await page.evaluate(
    async ({ worker, question, tokens }) => {
      const engine = new Worker(worker, { type: 'module' });
      // The first message that `find` finds something in.
      const wait = (find) =>
        new Promise((resolve, reject) => {
          engine.onmessage = ({ data: { message } }) => {
            if (message.failed) reject(new Error(message.failed.problem.message));
            const found = find(message);
            if (found) resolve(found);
          };
        });
      const blob = await (await fetch('model.gguf')).blob();
      const start = performance.now();
      const ready = wait((message) => message.ready);
      engine.postMessage({
        message: { load: { source: { blob: { name: 'model' } } } },
        blob,
      });
      await ready;
      const load_ms = performance.now() - start;
      const answer = async (id, sampler) => {
        const stats = wait(({ generation }) => generation?.step.done?.stats);
        engine.postMessage({
          message: {
            generate: {
              id,
              recipe: { sampler, seed: 0, max_tokens: tokens },
              messages: [
                { role: 'system', content: 'x' },
                { role: 'user', content: question },
              ],
            },
          },
        });
        return stats;
      };
      const stats = await answer(1, { kind: 'greedy' });
      const sampled = await answer(2, { kind: 'entropix', preset: 'B' });
      engine.terminate();
      return { load_ms, stats, sampled };
    },
    { worker, question, tokens },
  );
  return {
    load_ms,
    prompt_tokens: stats.prompt_tokens,
    prefill_tps: (stats.prompt_tokens * 1000) / stats.prefill_ms,
    sampler_ms: sampled.sampler_ms / sampled.tokens,
    decode_tps: (stats.tokens * 1000) / stats.decode_ms,
    peak_memory_mib: stats.memory_bytes / 1048576,
  };
});
await browser.close();
server.close();
