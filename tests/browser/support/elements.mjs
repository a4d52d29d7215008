// The elements on somebody else's site, and what such a visit heard.
import assert from 'node:assert/strict';
import { after } from 'node:test';

import { startHost } from './host.mjs';
import { atSite, Visitor } from './site.mjs';

/**
 * Pages on which a chart lies otherwise: [what, attributes of <html>, class of <main>'s child,
 * options].
 * @type {[string, string, string, object?][]}
 */
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
    addEventListener(type, (event) => {
      const { target, detail } = /** @type {CustomEvent} */ (event);
      window.heard.push({ type, id: /** @type {Element} */ (target).id, detail });
    });
  }
};

/** Someone who also notes what was asked of the network and what the console said. */
class Guest extends Visitor {
  constructor(page) {
    super(page);
    this.warnings = /** @type {string[]} */ ([]);
    this.requests = /** @type {string[]} */ ([]);
    this.failed = /** @type {string[]} */ ([]);
    page.on('request', (request) => this.requests.push(request.url()));
    page.on('requestfailed', (request) =>
      this.failed.push(`${request.url()} ${request.failure().errorText}`),
    );
    page.on('console', (message) => {
      if (message.type() === 'warning') this.warnings.push(message.text());
      if (message.type() === 'error') this.errors.push(message.text());
    });
  }

  /** What the page heard since one asked last; of inputs in a row only the last. */
  async heard() {
    const heard = await this.page.evaluate(() => window.heard.splice(0));
    return heard.filter(({ type }, i) => type !== heard[i + 1]?.type || type === 'change');
  }
}

/**
 * @param {import('playwright-core').Browser} browser
 * @param {string} url
 * @param {import('playwright-core').BrowserContextOptions} [options]
 */
async function visit(browser, url, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const guest = new Guest(page);
  if (options?.javaScriptEnabled !== false) await page.addInitScript(listen);
  await page.goto(url);
  return guest;
}

/** Ends a visit in which nothing went wrong. */
export async function done(visitor, warnings = []) {
  assert.deepEqual(visitor.errors, []);
  assert.deepEqual(visitor.warnings, warnings);
  await visitor.close();
}

/** The elements' server, somebody else's site and a browser, for all tests of a file. */
export function atHost() {
  const site = atSite(async ({ site }) => {
    here.host = await startHost(site.url);
  });
  const here = {
    /** The origin of the elements. */
    get url() {
      return site.site.url;
    },
    /** @type {Awaited<ReturnType<typeof startHost>>} */
    host: null,
    /**
     * Opens an address.
     * @param {string} url
     * @param {import('playwright-core').BrowserContextOptions} [options]
     */
    visit: (url, options) => visit(site.browser, url, options),
    /**
     * Opens a page with this body.
     * @param {string} body
     * @param {import('playwright-core').BrowserContextOptions &
     *   { page?: import('./host.mjs').PageOptions }} [options]
     */
    embed: (body, { page, ...options } = {}) => here.visit(here.host.page(body, page), options),
  };
  after(() => here.host?.close());
  return here;
}
