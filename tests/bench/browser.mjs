// How fast the engine is in headless Chromium: talks to the built worker as the page does.
// Prints one JSON object per metric. Arguments: [runs] [tokens].
import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { launch } from '../browser/support/site.mjs';

const runs = Number(process.argv[2] ?? 5);
const tokens = Number(process.argv[3] ?? 32);
const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const dist = process.env.ENTROPIX_DIST ?? path('../../dist');
const models = process.env.ENTROPIX_MODELS ?? path('../../models');
const model = process.env.ENTROPIX_MODEL ?? 'SmolLM2-135M-Instruct';
const file = join(models, `${model}${model.includes('.Q') ? '' : '.Q4_1'}.gguf`);

const html = await readFile(join(dist, 'index.html'), 'utf8');
const worker = /name="engine" content="([^"]+)"/.exec(html)[1];

const kinds = { js: 'text/javascript', wasm: 'application/wasm' };
const server = createServer(async (request, response) => {
  const name = request.url.slice(1);
  if (name === '') return response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html>');
  const from = name === 'model.gguf' ? file : join(dist, name);
  if (!existsSync(from)) return response.writeHead(404).end();
  response.writeHead(200, {
    'content-type': kinds[name.split('.').pop()] ?? 'application/octet-stream',
    'content-length': (await stat(from)).size,
  });
  createReadStream(from).pipe(response);
}).listen(0, '127.0.0.1');
await once(server, 'listening');

const browser = await launch();
const page = await browser.newPage();
await page.goto(`http://127.0.0.1:${server.address().port}/`);

// Prompts of 24 and 266 tokens in SmolLM2's vocabulary, template included; checked below.
const fox = 'The quick brown fox jumps over the lazy dog while the sun sets slowly behind the hills. ';
const measure = (question) =>
  page.evaluate(async ({ worker, question, tokens }) => {
    const engine = new Worker(worker, { type: 'module' });
    const seen = [];
    const wait = (type) =>
      new Promise((resolve, reject) => {
        engine.onmessage = ({ data: { message } }) => {
          seen.push(message.type);
          if (message.type === 'failed') reject(new Error(message.problem.message));
          if (message.type === type) resolve(message);
        };
      });
    const blob = await (await fetch('model.gguf')).blob();
    const start = performance.now();
    const ready = wait('ready');
    engine.postMessage({ message: { type: 'load', source: { kind: 'blob', name: 'model' } }, blob });
    await ready;
    const load_ms = performance.now() - start;
    const done = wait('done');
    engine.postMessage({ message: {
      type: 'generate', id: 1, seed: 0, max_tokens: tokens, attention: false, sampler: { kind: 'greedy' },
      messages: [{ role: 'system', content: 'x' }, { role: 'user', content: question }],
    } });
    const { stats } = await done;
    engine.terminate();
    return { load_ms, ...stats };
  }, { worker, question, tokens });

const values = { load_ms: [], prefill_24_tps: [], prefill_266_tps: [], decode_tps: [], peak_memory_mib: [] };
for (let run = 0; run < runs; run += 1) {
  for (const [metric, length, question] of [
    ['prefill_24_tps', 24, 'Is 9 larger than 11?'],
    ['prefill_266_tps', 266, `Summarise: ${fox.repeat(14).slice(0, -30)}`],
  ]) {
    const result = await measure(question);
    if (result.prompt_tokens !== length) throw new Error(`the prompt has ${result.prompt_tokens} tokens`);
    values.load_ms.push(result.load_ms);
    values[metric].push((result.prompt_tokens * 1000) / result.prefill_ms);
    values.decode_tps.push((result.tokens * 1000) / result.decode_ms);
    values.peak_memory_mib.push(result.memory_bytes / 1048576);
  }
}
for (const [metric, list] of Object.entries(values)) {
  console.log(JSON.stringify({ where: 'browser', metric, values: list }));
}
await browser.close();
server.closeAllConnections();
server.close();
