// What is measured everywhere: which file, how often, which prompts.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

export const runs = Number(process.argv[2] ?? 5);
export const tokens = Number(process.argv[3] ?? 32);
export const dist = process.env.ENTROPIX_DIST ?? path('../../dist');

const models = process.env.ENTROPIX_MODELS ?? path('../../models');
const model = process.env.ENTROPIX_MODEL ?? 'SmolLM2-135M-Instruct';
export const file = join(models, `${model}${model.includes('.Q') ? '' : '.Q4_1'}.gguf`);

const fox =
  'The quick brown fox jumps over the lazy dog while the sun sets slowly behind the hills. ';

/**
 * By metric: length in SmolLM2's vocabulary after a template with the system prompt "x", and the
 * question.
 */
export const questions = [
  ['prefill_24_tps', 24, 'Is 9 larger than 11?'],
  ['prefill_266_tps', 266, `Summarise: ${fox.repeat(14).slice(0, -30)}`],
];

/** The prompt that the page's engine makes of a question. */
export const prompt = (question) =>
  `<|im_start|>system\nx<|im_end|>\n<|im_start|>user\n${question}<|im_end|>\n<|im_start|>assistant\n`;

/**
 * Runs `measure(question)` for every question; it returns values by metric, and the prompt's
 * tokens per second.
 */
export async function report(where, measure) {
  const values = {};
  const add = (metric, value) => {
    values[metric] ??= [];
    values[metric].push(value);
  };
  for (let run = 0; run < runs; run += 1) {
    for (const [metric, length, question] of questions) {
      const { prompt_tokens, prefill_tps, ...others } = await measure(question);
      if (prompt_tokens !== length)
        throw new Error(`the prompt has ${prompt_tokens} tokens, not ${length}`);
      add(metric, prefill_tps);
      for (const [metric, value] of Object.entries(others)) add(metric, value);
    }
  }
  for (const [metric, list] of Object.entries(values)) {
    console.log(JSON.stringify({ where, metric, values: list }));
  }
}
