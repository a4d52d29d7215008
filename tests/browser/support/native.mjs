// The same engine outside the browser, and what both of them made of one conversation.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** What the command line prints for `args`. */
function entropix(args, input) {
  const built = process.env.ENTROPIX_CLI;
  const [program, ...first] = built
    ? [built]
    : ['cargo', 'run', '--quiet', '-p', 'entropix-cli', '--'];
  const run = spawnSync(program, [...first, ...args], {
    cwd: root,
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (run.status !== 0) throw new Error(run.stderr);
  return run.stdout.trim();
}

/** Answers of the command line's `command`, one for each request. */
function ask(command, requests) {
  const input = requests.map((request) => `${JSON.stringify(request)}\n`).join('');
  return entropix(command, input)
    .split('\n')
    .map((line) => {
      const reply = JSON.parse(line);
      if (reply.error) throw new Error(reply.error.message);
      return reply;
    });
}

/** A trace of the answer to one question. */
export const record = ({ prompt, sampler, seed, tokens }, model) =>
  JSON.parse(
    entropix([
      ...['record', '--model', model, '--prompt', prompt, '--seed', `${seed}`],
      ...['--sampler', JSON.stringify(sampler), '--max-tokens', `${tokens}`],
    ]),
  );

/** Answers traces' conversations natively, with the same samplers and seeds. */
export const answers = (traces, model) =>
  ask(
    ['generate', '--jsonl', '--model', model],
    traces.map(({ messages, sampler, seed, tokens }) => ({
      messages,
      sampler,
      seed,
      max_tokens: tokens.length,
    })),
  );

/** Answers one of them. */
export const answer = (trace, model) => answers([trace], model)[0];

/** The prompts of conversations, as token ids. */
export const prompts = (conversations, model) =>
  ask(
    ['template', '--jsonl', '--model', model],
    conversations.map((messages) => ({ messages })),
  ).map(({ ids }) => ids);
