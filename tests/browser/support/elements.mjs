// The elements on somebody else's site, and what such a visit heard.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';

import { startHost } from './host.mjs';
import { atSite, Visitor } from './site.mjs';

/** Pages on which a chart lies otherwise: [what, attributes of <html>, class of <main>'s child, options]. */
export const LAYOUTS = [
  ['plain', '', ''],
  ['from right to left', 'dir="rtl"', ''],
  ['zoomed to 200 %', 'class="zoomed"', ''],
  ['scaled', '', 'scaled'],
  ['of double density', '', '', { deviceScaleFactor: 2 }],
];

/** Notes what a page's listener hears. */
const listen = () => {
  window.heard = [];
  for (const type of ['input', 'change']) {
    addEventListener(type, ({ target, detail }) =>
      window.heard.push({ type, id: target.id, detail }),
    );
  }
};

/** A visit, with what was asked of the network and what the console said. */
async function visit(browser, url, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const visitor = new Visitor(page);
  visitor.warnings = [];
  visitor.requests = [];
  visitor.failed = [];
  page.on('request', (request) => visitor.requests.push(request.url()));
  page.on('requestfailed', (request) =>
    visitor.failed.push(`${request.url()} ${request.failure().errorText}`),
  );
  page.on('console', (message) => {
    if (message.type() === 'warning') visitor.warnings.push(message.text());
    if (message.type() === 'error') visitor.errors.push(message.text());
  });
  if (options?.javaScriptEnabled !== false) await page.addInitScript(listen);
  await page.goto(url);
  visitor.heard = async () => {
    const heard = await page.evaluate(() => window.heard.splice(0));
    return heard.filter(({ type }, i) => type !== heard[i + 1]?.type || type === 'change');
  };
  return visitor;
}

/** Ends a visit in which nothing went wrong. */
export async function done(visitor, warnings = []) {
  assert.deepEqual(visitor.errors, []);
  assert.deepEqual(visitor.warnings, warnings);
  await visitor.close();
}

/** The elements' server, somebody else's site and a browser, for all tests of a file. */
export function atHost() {
  const here = atSite();
  before(async () => {
    here.host = await startHost(here.site.url);
  });
  after(() => here.host?.close());
  /** Opens an address. */
  here.visit = (url, options) => visit(here.browser, url, options);
  /** Opens a page with this body. */
  here.embed = (body, { page, ...options } = {}) => here.visit(here.host.page(body, page), options);
  return here;
}
