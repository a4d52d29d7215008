// A browser nearly as old as the oldest that the elements promise to work in, from npm.
import { createReadStream, createWriteStream, existsSync, renameSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createBrotliDecompress } from 'node:zlib';

import { chromium } from 'playwright-core';

import { FLAGS } from './site.mjs';

/** Why it can't run here, or false. */
export const absent =
  (process.platform !== 'linux' || process.arch !== 'x64') && 'it is a program for Linux on x86-64';

const packed = new URL(
  'bin/chromium.br',
  new URL('../', import.meta.resolve('@sparticuz/chromium')),
);
const program = fileURLToPath(new URL('chromium', packed));

/** Chromium 106. It lies packed in its package, and is unpacked there once. */
export async function launchOldest() {
  if (!existsSync(program)) {
    const part = `${program}.${process.pid}`;
    await pipeline(
      createReadStream(packed),
      createBrotliDecompress(),
      createWriteStream(part, { mode: 0o755 }),
    );
    renameSync(part, program);
  }
  return chromium.launch({ executablePath: program, args: FLAGS });
}
