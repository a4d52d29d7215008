// The built page on a host that knows nothing of it: in a folder among others, without headers of its own.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';

import { listen } from './port.mjs';
import { DIST } from './site.mjs';

const TYPES = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};

/** Serves the page below a path, as `/people/somebody/`; what lies outside is not there. */
export async function inFolder(path) {
  const missing = /** @type {string[]} */ ([]);
  const server = createServer(async ({ url }, response) => {
    const { pathname } = new URL(url, 'http://host');
    const name = pathname.startsWith(path) ? pathname.slice(path.length) || 'index.html' : '';
    const file = join(DIST, decodeURIComponent(name));
    const found = name && !name.includes('..') && (await stat(file).catch(() => null));
    if (!found?.isFile()) {
      missing.push(pathname);
      return response.writeHead(404).end();
    }
    const type = TYPES[extname(file)] ?? 'application/octet-stream';
    response.writeHead(200, { 'content-type': type, 'content-length': found.size });
    createReadStream(file).pipe(response);
  });
  const port = await listen(server);
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}${path}`, missing, close };
}
