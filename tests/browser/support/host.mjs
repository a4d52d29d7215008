// Somebody else's web site: the pages of tests/host/ and others, at an origin of its own, as
// strict as the README of the embeds says it may be.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

import { listen } from './port.mjs';

const folder = new URL('../../host/', import.meta.url);
const readme = readFileSync(new URL('../../../crates/embed/README.md', import.meta.url), 'utf8');

/** A code block of the README: the first one of this language that contains `part`. */
export function documented(language, part) {
  for (const [, code] of readme.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))) {
    if (code.includes(part)) return code.trim();
  }
  throw new Error(`the README has no ${language} block with ${part}`);
}

/** What a page needs for the elements, and for the iframe. */
export const POLICY = {
  elements: documented('text', 'wasm-unsafe-eval'),
  frame: documented('text', 'frame-src'),
};

/** Of the host's own: nothing but its style sheets. */
const OWN = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'";
const ISOLATED = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};
const TYPES = {
  css: 'text/css',
  js: 'text/javascript',
  html: 'text/html; charset=utf-8',
  json: 'application/json',
  wasm: 'application/wasm',
};

/**
 * @typedef {object} PageOptions
 * @property {string} [head] in place of the script of the elements
 * @property {string} [attributes] of `<html>`
 * @property {string} [policy]
 * @property {boolean} [isolated]
 */

/**
 * @param {string} embeds where the elements are served; YOUR-HOST stands for it in pages and
 *   policies
 */
export async function startHost(embeds) {
  const fill = (text) => text.replaceAll('https://YOUR-HOST', embeds.replace(/\/$/, ''));
  const pages = new Map();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://host');
    const page = pages.get(pathname);
    // A browser may ask for an icon.
    if (!page) return response.writeHead(pathname === '/favicon.ico' ? 204 : 404).end();
    response.writeHead(200, page.headers).end(page.text);
  });
  const port = await listen(server);
  // Another site than 127.0.0.1, not only another origin.
  const origin = `http://localhost:${port}`;

  /** Publishes a page, or another file by its name. */
  const publish = (name, text, { policy = POLICY.elements, isolated = false } = {}) => {
    const type = TYPES[name.split('.').pop()];
    const headers = { 'content-type': type, ...(isolated ? ISOLATED : {}) };
    // A second `style-src` would be ignored: what the page needs comes to its own.
    const [added, styles] = policy.match(/style-src ([^;]*);?/) ?? ['', ''];
    if (type === TYPES.html)
      headers['content-security-policy'] = fill(
        `${OWN.replace("style-src 'self'", `style-src 'self' ${styles}`)}; ${policy.replace(added, '')}`,
      ).replace(/\s+/g, ' ');
    pages.set(`/${name}`, { text: typeof text === 'string' ? fill(text) : text, headers });
    return `${origin}/${name}`;
  };
  const read = (name) => readFileSync(new URL(name, folder), 'utf8');
  publish('post.css', read('post.css'));
  // As the README gives it.
  publish('height.js', documented('js', 'entropix:height'));

  return {
    origin,
    publish,
    /** A page of tests/host/. */
    file: (name, options) => publish(name, read(name), options),
    /**
     * A page with this body.
     * @param {string} body
     * @param {PageOptions} [options]
     */
    page: (body, { head = SCRIPT, attributes = '', ...options } = {}) =>
      publish(
        'page.html',
        `<!doctype html>
<html lang="en" ${attributes}><meta charset="utf-8"><title>A page</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="post.css">${head}<body><main>${body}</main>`,
        options,
      ),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The server of the elements as if it sent no headers but these. */
export async function startBare(embeds, ...names) {
  const server = createServer(async ({ url }, response) => {
    const answer = await fetch(new URL(url, embeds));
    for (const name of ['content-type', ...names]) {
      if (answer.headers.has(name)) response.setHeader(name, answer.headers.get(name));
    }
    response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
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

/** The line of the README that brings the elements. */
export const SCRIPT = documented('html', 'embed.js').split('\n')[0];
