// Runs test files, three at a time: on two cores one computes while another waits. `node --test` would start a process
// for each file, which loads the drivers and starts the browsers anew, and takes them by alphabet: what computes for
// longest would run alone at the end.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compose } from 'node:stream';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';

import counting from './reporter.mjs';

const AT_A_TIME = 3;

const claims = await mkdtemp(join(tmpdir(), 'entropix-tests-'));
process.env.ENTROPIX_TESTS = JSON.stringify({ files: process.argv.slice(2), claims });
// Named where there are browsers.
const profile = process.env.FIREFOX && (await import('./browser/support/profile.mjs'));
const forget = profile && (await profile.prepare());

const lane = fileURLToPath(new URL('lane.mjs', import.meta.url));
const events = run({ files: Array(AT_A_TIME).fill(lane), concurrency: AT_A_TIME });
events.on('test:fail', ({ todo }) => {
  if (todo === undefined) process.exitCode = 1;
});
for (const reporter of [new spec(), counting]) {
  compose(events, reporter).pipe(process.stdout, { end: false });
}
events.on('end', async () => {
  await rm(claims, { recursive: true, force: true });
  await forget?.();
});
