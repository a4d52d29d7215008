// A page of nothing on this machine, and the files that `find` names beside it.
import { createReadStream, existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';

import { listen } from '../browser/support/port.mjs';

const kinds = {
  html: 'text/html',
  js: 'text/javascript',
  mjs: 'text/javascript',
  wasm: 'application/wasm',
};

/** @param find from a path to the file on disk */
export async function serve(find) {
  const server = createServer(async (request, response) => {
    const name = decodeURIComponent(request.url.slice(1));
    if (name === '')
      return response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html>');
    const from = find(name);
    if (!existsSync(from)) return response.writeHead(404).end();
    response.writeHead(200, {
      'content-type': kinds[name.split('.').pop()] ?? 'application/octet-stream',
      'content-length': (await stat(from)).size,
    });
    createReadStream(from).pipe(response);
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
