// Puts NAME.br and NAME.gz beside what compresses well, for servers that send such files:
// node compress.mjs FOLDER CACHE
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const [folder, cache] = process.argv.slice(2);
const TEXT = /\.(css|html|js|json|md|svg|wasm)$/;
const WAYS = {
  br: (bytes) =>
    promisify(brotliCompress)(bytes, {
      params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    }),
  gz: (bytes) => promisify(gzip)(bytes, { level: 9 }),
};

/** Writes the compressed bytes into the cache, once for files of the same content. */
const making = new Map();
async function make(known, bytes, way) {
  if (existsSync(known)) return;
  const part = `${known}.${process.pid}`;
  await writeFile(part, await way(bytes));
  await rename(part, known);
}

async function compress(path, ending, way) {
  const bytes = await readFile(path);
  const known = join(cache, `${createHash('sha256').update(bytes).digest('hex')}.${ending}`);
  if (!making.has(known)) making.set(known, make(known, bytes, way));
  await making.get(known);
  await copyFile(known, `${path}.${ending}`);
}

await mkdir(cache, { recursive: true });
const files = await readdir(folder, { recursive: true });
await Promise.all(
  files
    .filter((name) => TEXT.test(name))
    .flatMap((name) => Object.entries(WAYS).map((way) => compress(join(folder, name), ...way))),
);
