// llama.cpp as WebAssembly (wllama), one thread, in headless Chromium. Arguments: [runs] [tokens].
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { launch } from '../../browser/support/site.mjs';
import { serve } from '../server.mjs';
import { file, prompt, report, tokens } from '../task.mjs';

const wllama = fileURLToPath(new URL('node_modules/@wllama/wllama/esm', import.meta.url));
const server = await serve((name) => (name === 'model.gguf' ? file : join(wllama, name)));
const browser = await launch();
const page = await browser.newPage();
await page.goto(server.url);

await report('wllama', (question) =>
  page.evaluate(
    async ({ prompt, max_tokens }) => {
      const { Wllama } = await import(new URL('index.js', location.href).href);
      const blob = await (await fetch('model.gguf')).blob();
      const start = performance.now();
      const model = new Wllama({ default: 'wasm/wllama.wasm' });
      await model.loadModel([blob], { n_threads: 1, n_ctx: 2048, n_gpu_layers: 0 });
      const load_ms = performance.now() - start;
      let timings;
      const onData = (chunk) => {
        timings = chunk.timings ?? timings;
      };
      await model.createCompletion({
        prompt,
        max_tokens,
        temperature: 0,
        cache_prompt: false,
        stream: true,
        onData,
      });
      await model.exit();
      return {
        load_ms,
        prompt_tokens: timings.prompt_n,
        prefill_tps: timings.prompt_per_second,
        decode_tps: timings.predicted_per_second,
      };
    },
    { prompt: prompt(question), max_tokens: tokens },
  ),
);
await browser.close();
server.close();
