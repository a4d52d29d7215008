// The recorded chats are what their schema says.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import Ajv from 'ajv/dist/2020.js';

const read = async (path) => JSON.parse(await readFile(new URL(path, import.meta.url)));

test('recorded chats keep to the trace schema', async () => {
  const validate = new Ajv({ allErrors: true, strictTypes: false }).compile(
    await read('../trace.schema.json'),
  );
  const index = await read('../../www/traces/index.json');
  assert.ok(index.length > 0);
  for (const { file } of index) {
    const trace = await read(`../../www/traces/${file}`);
    assert.ok(validate(trace), `${file}: ${JSON.stringify(validate.errors?.slice(0, 3))}`);
    assert.ok(!validate({ ...trace, schema: 3 }), 'the schema refuses what it does not describe');
  }
});
