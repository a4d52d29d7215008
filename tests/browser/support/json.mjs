// JSON files, and the schema that exported answers keep to.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

import { Ajv2020 } from 'ajv/dist/2020.js';

const root = new URL('../../../', import.meta.url);

/** A JSON file of the repository, by its path there. */
export const json = async (path) => JSON.parse(await readFile(new URL(path, root), 'utf8'));

/** A recorded chat. */
export const recorded = (name) => json(`www/traces/${name}.json`);

const ajv = new Ajv2020({ allErrors: true, strictTypes: false });
/** Whether a value is what the schema of traces describes; `isTrace.errors` says why not. */
export const isTrace = ajv.compile(await json('crates/protocol/trace.schema.json'));

/** Fails unless a trace keeps to its schema. */
export const assertTrace = (trace, name = 'the trace') =>
  assert.ok(isTrace(trace), `${name}: ${JSON.stringify(isTrace.errors?.slice(0, 3))}`);
