// Runs test files, in the order in which they are named: `node --test` takes them by alphabet, and what computes for
// longest would run alone at the end. Two at a time: three on two cores take as long.
import { compose } from 'node:stream';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

import counting from './reporter.mjs';

// Named where there are browsers.
const profile = process.env.FIREFOX && (await import('./browser/support/profile.mjs'));
const forget = profile && (await profile.prepare());
const events = run({ files: process.argv.slice(2), concurrency: 2 });
events.on('test:fail', ({ todo }) => {
  if (todo === undefined) process.exitCode = 1;
});
for (const reporter of [new spec(), counting]) {
  compose(events, reporter).pipe(process.stdout, { end: false });
}
if (forget) events.on('end', forget);
