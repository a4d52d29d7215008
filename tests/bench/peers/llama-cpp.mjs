// llama.cpp natively, one thread, no GPU. Arguments: [runs] [tokens].
import { getLlama } from 'node-llama-cpp';

import { file, prompt, report, tokens } from '../task.mjs';

const llama = await getLlama({ gpu: false, build: 'never', logLevel: 'error' });

await report('llama.cpp', async (question) => {
  let start = performance.now();
  const model = await llama.loadModel({ modelPath: file });
  const context = await model.createContext({ contextSize: 2048, threads: 1, batchSize: 512 });
  const load_ms = performance.now() - start;
  const ids = model.tokenize(prompt(question), true);
  let count = 0;
  let first;
  start = performance.now();
  for await (const _ of context.getSequence().evaluate(ids, { temperature: 0 })) {
    first ??= performance.now();
    count += 1;
    if (count > tokens) break;
  }
  const end = performance.now();
  await context.dispose();
  await model.dispose();
  return {
    load_ms,
    prompt_tokens: ids.length,
    prefill_tps: (ids.length * 1000) / (first - start),
    decode_tps: ((count - 1) * 1000) / (end - first),
  };
});
await llama.dispose();
