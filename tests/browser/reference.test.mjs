// The engine in the browser against an independent implementation: the same numbers that
// crates/cli/tests/reference.rs holds the native engine to.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { json } from './support/json.mjs';
import { atSite, Visitor } from './support/site.mjs';

const golden = async (name) => {
  const data = await json(`tests/golden/reference/${name}.json`);
  return data.cases ?? data;
};
const NATS = Math.LN2;
/** What keys and values in half precision explain, with slack; nats and nats². */
const LIMIT = {
  logprob: 0.03,
  first: 0.01,
  overlap: 19,
  margin: 0.02,
  entropy: 0.01,
  varentropy: 0.02,
  attention: 0.01,
};

const here = atSite();

/** A worker with a model, in a page of its own: `score(ids, from)` gives the positions. */
async function engine(key) {
  const visitor = await Visitor.open(here.browser, here.site.url);
  const kernel = await visitor.page.evaluate(async (file) => {
    const script = JSON.parse(document.getElementById('engines').textContent)[0].url;
    const blob = await (await fetch(`models/${file}`)).blob();
    const worker = new Worker(script, { type: 'module' });
    const ready = await new Promise((resolve, reject) => {
      worker.onmessage = ({ data: { message } }) => {
        if (message.failed) reject(new Error(message.failed.problem.message));
        if (message.ready) resolve(message.ready);
      };
      worker.postMessage({
        message: { load: { source: { blob: { name: 'model' } } } },
        blob,
      });
    });
    window.score = (ids, from) =>
      new Promise((resolve, reject) => {
        const positions = [];
        worker.onmessage = ({ data: { message } }) => {
          if (message.failed) reject(new Error(message.failed.problem.message));
          positions.push(...(message.scored?.positions ?? []));
          if (message.scored?.last) resolve(positions);
        };
        worker.postMessage({ message: { score: { id: 1, ids, from } } });
      });
    return ready.model.kernel;
  }, `SmolLM2-135M-Instruct.${key.toUpperCase()}.gguf`);
  return {
    kernel,
    score: (ids, from) =>
      visitor.page.evaluate(([ids, from]) => window.score(ids, from), [ids, from]),
    close: () => visitor.close(),
  };
}

const worst = (ours, theirs) => Math.max(...ours.map((each, i) => Math.abs(each - theirs[i])));
const mean = (list) => list.reduce((sum, each) => sum + each, 0) / list.length;

for (const key of ['q4_1', 'q8_0', 'q4_0']) {
  test(`${key} in simd128`, { timeout: 900_000 }, async (context) => {
    const { kernel, score, close } = await engine(key);
    assert.equal(kernel, 'simd128');

    await context.test('logits, H, V and attention', async () => {
      for (const { name, ids, models } of await golden('logits')) {
        const reference = models[key];
        const positions = await score(ids, ids.length - 1);
        assert.equal(positions.length, 1, name);
        const [{ top, entropy_bits, varentropy_bits2, attention }] = positions;
        const ours = new Map(top);
        const known = reference.top_ids
          .map((id, i) => [ours.get(id), reference.top_logprobs[i]])
          .filter(([logprob]) => logprob !== undefined);
        const near = (what, off, limit) =>
          assert.ok(off <= limit, `${name}: ${what} is ${off} off`);
        assert.ok(known.length >= LIMIT.overlap, `${name}: ${known.length} in common`);
        near(
          'a log-probability',
          worst(
            known.map(([a]) => a),
            known.map(([, b]) => b),
          ),
          LIMIT.logprob,
        );
        near(
          'the first',
          Math.abs(ours.get(reference.top_ids[0]) - reference.top_logprobs[0]),
          LIMIT.first,
        );
        if (reference.top_logprobs[0] - reference.top_logprobs[1] > LIMIT.margin)
          assert.equal(top[0][0], reference.top_ids[0], name);
        near('H', Math.abs(entropy_bits * NATS - reference.entropy_nats), LIMIT.entropy);
        near(
          'V',
          Math.abs(varentropy_bits2 * NATS * NATS - reference.varentropy_nats2),
          LIMIT.varentropy,
        );
        assert.deepEqual(
          [attention.heads, attention.keys, attention.bits.length],
          [9, ids.length, 270],
        );
        near(
          'attention',
          worst(
            attention.bits.map((bits) => bits * NATS),
            reference.attn_entropy_nats.flat(),
          ),
          LIMIT.attention,
        );
      }
    });

    await context.test('greedy, each step after the reference’s own', async () => {
      let compared = 0;
      for (const { name, prompt_ids, models } of await golden('greedy')) {
        const { ids, margin, logprob, entropy_nats } = models[key].numpy;
        const positions = await score([...prompt_ids, ...ids], prompt_ids.length - 1);
        ids.forEach((id, step) => {
          const { top, next_logprob, entropy_bits } = positions[step];
          if (margin[step] > LIMIT.margin) assert.equal(top[0][0], id, `${name}, step ${step}`);
          assert.ok(
            Math.abs(next_logprob - logprob[step]) <= LIMIT.logprob,
            `${name}, step ${step}: p`,
          );
          assert.ok(
            Math.abs(entropy_bits * NATS - entropy_nats[step]) <= 2 * LIMIT.entropy,
            `${name}, step ${step}: H`,
          );
          compared += 1;
        });
      }
      assert.ok(compared > 300, `${compared} steps`);
    });

    await context.test('likelihood of a long text', async () => {
      for (const { ids, models } of await golden('perplexity')) {
        const reference = models[key].numpy;
        const positions = (await score(ids, 0)).slice(0, -1);
        assert.equal(positions.length, reference.n_predicted);
        const off = (what, ours, theirs, limit) =>
          assert.ok(Math.abs(ours - theirs) <= limit, `${what}: ${ours}, not ${theirs}`);
        off(
          'NLL',
          -mean(positions.map(({ next_logprob }) => next_logprob)),
          reference.nll_mean_nats,
          2e-3,
        );
        off(
          'H',
          mean(positions.map(({ entropy_bits }) => entropy_bits)) * NATS,
          reference.mean_entropy_nats,
          3e-3,
        );
        off(
          'V',
          mean(positions.map(({ varentropy_bits2 }) => varentropy_bits2)) * NATS * NATS,
          reference.mean_varentropy_nats2,
          5e-3,
        );
      }
    });
    await close();
  });
}
