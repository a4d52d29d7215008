// One of the processes that run test files (run.mjs): one file after another, each that no other has begun.
import { closeSync, openSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { closeShared } from './browser/support/shared.mjs';

/** @type {{ files: string[], claims: string }} */
const { files, claims } = JSON.parse(process.env.ENTROPIX_TESTS);
const folder = fileURLToPath(new URL('browser', import.meta.url));

/** Whether a file is ours to run: it is theirs who make its mark. */
function claimed(index) {
  try {
    closeSync(openSync(join(claims, String(index)), 'wx'));
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

for (const [index, file] of files.entries()) {
  // Its hooks are its own: what stands in a suite's file belongs to the suite.
  if (claimed(index))
    await describe(relative(folder, file), () => import(pathToFileURL(file).href));
}
await closeShared();
