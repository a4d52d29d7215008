// The recorded chats, and what every sampler makes, are what the schema says.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';

import { assertTrace, isTrace, json } from './support/json.mjs';
import { record } from './support/native.mjs';

const models = process.env.ENTROPIX_MODELS ?? new URL('../../models', import.meta.url).pathname;
const model = join(models, 'SmolLM2-135M-Instruct.Q4_1.gguf');

test('recorded chats keep to the trace schema', async () => {
  const index = await json('www/traces/index.json');
  assert.ok(index.length > 0);
  for (const { file } of index) {
    const trace = await json(`www/traces/${file}`);
    assertTrace(trace, file);
    assert.ok(!isTrace({ ...trace, schema: 3 }), 'the schema refuses what it does not describe');
  }
});

test('a trace of the first schema keeps to it as well', async () => {
  assertTrace(await json('crates/protocol/tests/schema-1.json'));
});

test('what every sampler makes keeps to the trace schema', async () => {
  const schema = await json('crates/protocol/trace.schema.json');
  const kinds = schema.properties.sampler.properties.kind.enum;
  assert.ok(kinds.length >= 5, `${kinds}`);
  // The largest seed is text, since JavaScript would round it.
  const seed = '18446744073709551615';
  for (const kind of kinds) {
    const trace = record(
      { prompt: 'Why is the sky blue?', sampler: { kind }, seed, tokens: 24 },
      model,
    );
    assert.equal(trace.sampler.kind, kind);
    assert.equal(trace.seed, seed);
    assertTrace(trace, kind);
  }
});
