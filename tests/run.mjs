// Runs test files, two at a time since most of them wait for a browser most of the time, in the order in which they are
// named: `node --test` takes them by alphabet, and what computes for longest would run alone at the end.
import { compose } from 'node:stream';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

import counting from './reporter.mjs';

const events = run({ files: process.argv.slice(2), concurrency: 2 });
events.on('test:fail', ({ todo }) => {
  if (todo === undefined) process.exitCode = 1;
});
for (const reporter of [new spec(), counting]) {
  compose(events, reporter).pipe(process.stdout, { end: false });
}
