// The recorded chats are what their schema says.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { assertTrace, isTrace, json } from './support/json.mjs';

test('recorded chats keep to the trace schema', async () => {
  const index = await json('www/traces/index.json');
  assert.ok(index.length > 0);
  for (const { file } of index) {
    const trace = await json(`www/traces/${file}`);
    assertTrace(trace, file);
    assert.ok(!isTrace({ ...trace, schema: 3 }), 'the schema refuses what it does not describe');
  }
});
