// A model hub that behaves like the public ones: it speaks TLS (the page's policy asks for it), redirects to another
// origin, allows every origin, serves ranges, lists repositories; and on request it misbehaves.
import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:https';
import { Readable } from 'node:stream';

import { listen } from './port.mjs';

/** Key and certificate of 127.0.0.1, of nobody's trust: `openssl req -x509 -newkey ec …`. */
const PEM = readFileSync(new URL('hub.pem', import.meta.url));

/** @param {import('node:http').RequestListener} handler */
async function start(handler) {
  const server = createServer({ key: PEM, cert: PEM }, handler);
  const port = await listen(server);
  return { server, port, origin: `https://127.0.0.1:${port}` };
}

/** After so many bytes a file whose name begins with `held` waits: whoever asks for the rest gets it. */
const HELD = 30e6;

/** What the public hub lists of a repository, as far as it matters here. */
const listing = (repository, path, file) => ({
  id: repository,
  gated: repository.endsWith('gated') ? 'manual' : false,
  cardData: { license: 'mit' },
  siblings: [
    { rfilename: '.gitattributes', size: 2000 },
    ...[path, 'tiny-IQ2_M.gguf', 'big-00001-of-00002.gguf'].map((rfilename) => ({
      rfilename,
      size: file.length,
      blobId: '0',
      lfs: {
        sha256: createHash('sha256')
          .update(file)
          .update(rfilename === path ? '' : 'x')
          .digest('hex'),
        size: file.length,
        pointerSize: 134,
      },
    })),
  ],
});

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
    const first = !requests.some(({ path }) => path === pathname);
    const ignores = pathname.includes('no-range');
    const range = ignores ? null : /^bytes=(\d+)-/.exec(request.headers.range ?? '');
    const start = range ? Number(range[1]) : 0;
    requests.push({ path: pathname, start, range: request.headers.range });
    const head = {
      ...cors,
      'content-type': 'application/octet-stream',
      'content-length': size - start,
      'accept-ranges': 'bytes',
      etag: pathname.includes('changed') && first ? '"of-another-file"' : '"of-the-file"',
    };
    if (pathname.includes('untagged')) delete head.etag;
    if (range) head['content-range'] = `bytes ${start}-${size - 1}/${size}`;
    const drop = { '/broken-once': start === 0 ? 30e6 : 0, '/gone': 20e6 }[pathname];
    if (pathname === '/gone' && start > 0) return request.socket.destroy();
    response.writeHead(range ? 206 : 200, head);
    if (pathname.startsWith('/held') && first) {
      const other = pathname.includes('untagged') || pathname.includes('changed');
      const bytes = other
        ? Readable.from([Buffer.alloc(HELD)])
        : createReadStream(file, { end: HELD - 1 });
      return bytes.pipe(response, { end: false });
    }
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
    const { pathname, search } = new URL(request.url, 'http://hub');
    const name = pathname.split('/').pop();
    const api = /^\/api\/models\/([^/]+\/[^/]+)$/.exec(pathname);
    if (api) {
      requests.push({ path: pathname, start: 0, range: undefined });
      const status = { missing: 401, busy: 429, odd: 200 }[name];
      const answer = (status, body) =>
        response.writeHead(status, { ...cors, 'content-type': 'application/json' }).end(body);
      if (status) return answer(status, status === 200 ? 'no list' : '{"error":"…"}');
      const list = listing(api[1], 'tiny.gguf', readFileSync(file));
      // Without this the public one leaves out lengths and hashes.
      const names = list.siblings.map(({ rfilename }) => ({ rfilename }));
      const siblings = search === '?blobs=true' ? list.siblings : names;
      return answer(200, JSON.stringify({ ...list, siblings }));
    }
    if (name === 'missing') return response.writeHead(404, cors).end('not found');
    if (name === 'page')
      return response
        .writeHead(200, { ...cors, 'content-type': 'text/html' })
        .end('<!doctype html>Log in');
    response.writeHead(302, { ...cors, location: `${storage.origin}/${name}` }).end();
  });

  return {
    requests,
    /** Has a browser take this for the public one. */
    flags: [`--host-resolver-rules=MAP huggingface.co 127.0.0.1:${hub.port}`],
    url: (name) => `${hub.origin}/resolve/main/${name}`,
    close: () => {
      for (const { server } of [hub, storage]) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}
