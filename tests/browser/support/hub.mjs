// A model hub that behaves like the public ones: it speaks TLS (the page's policy asks for it), redirects to another
// origin, allows every origin, serves ranges; and on request it misbehaves.
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:https';

import { listen } from './port.mjs';

/** Key and certificate of 127.0.0.1, of nobody's trust: `openssl req -x509 -newkey ec …`. */
const PEM = readFileSync(new URL('hub.pem', import.meta.url));

/** @param {import('node:http').RequestListener} handler */
async function start(handler) {
  const server = createServer({ key: PEM, cert: PEM }, handler);
  return { server, origin: `https://127.0.0.1:${await listen(server)}` };
}

/** @param file the model to serve */
export async function startHub(file) {
  const size = statSync(file).size;
  const requests = [];
  const cors = { 'access-control-allow-origin': '*', 'access-control-expose-headers': '*' };

  const storage = await start((request, response) => {
    const { pathname } = new URL(request.url, 'http://storage');
    if (request.method === 'OPTIONS') {
      return response.writeHead(204, { ...cors, 'access-control-allow-headers': 'range' }).end();
    }
    const range = /^bytes=(\d+)-/.exec(request.headers.range ?? '');
    const start = range ? Number(range[1]) : 0;
    requests.push({ path: pathname, start });
    const head = {
      ...cors,
      'content-type': 'application/octet-stream',
      'content-length': size - start,
      'accept-ranges': 'bytes',
      etag: '"of-the-file"',
    };
    if (range) head['content-range'] = `bytes ${start}-${size - 1}/${size}`;
    const drop = { '/broken-once': start === 0 ? 30e6 : 0, '/gone': 20e6 }[pathname];
    if (pathname === '/gone' && start > 0) return request.socket.destroy();
    response.writeHead(range ? 206 : 200, head);
    const stream = createReadStream(file, { start });
    if (drop) {
      let sent = 0;
      stream.on('data', (chunk) => {
        sent += chunk.length;
        if (sent > drop) {
          stream.destroy();
          request.socket.destroy();
        }
      });
    }
    stream.pipe(response);
  });

  const hub = await start((request, response) => {
    const name = request.url.split('/').pop();
    if (name === 'missing') return response.writeHead(404, cors).end('not found');
    if (name === 'page')
      return response
        .writeHead(200, { ...cors, 'content-type': 'text/html' })
        .end('<!doctype html>Log in');
    response.writeHead(302, { ...cors, location: `${storage.origin}/${name}` }).end();
  });

  return {
    requests,
    url: (name) => `${hub.origin}/resolve/main/${name}`,
    close: () => {
      for (const { server } of [hub, storage]) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}
