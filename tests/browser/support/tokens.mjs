// Strip, inspector and player on a page with a strict policy, and a recorded chat to show.
import assert from 'node:assert/strict';
import { recorded } from './json.mjs';
import { atSite, Visitor } from './site.mjs';

export const trace = await recorded('larger-b');
export const { tokens } = trace;
export const many = Array.from({ length: 500 }, (_, index) => tokens[index % tokens.length]);

/** A page of somebody else's: no inline style, no images, no eval. */
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'";
const SCRIPT = '<script type="module" src="embed/v1/embed.js"></script>';

/** Someone who also notes warnings, and what the policy forbade. */
class Guest extends Visitor {
  constructor(page) {
    super(page);
    this.warnings = /** @type {string[]} */ ([]);
    page.on('console', (message) => {
      if (message.type() === 'warning') this.warnings.push(message.text());
      if (/Content Security Policy/.test(message.text())) this.errors.push(message.text());
    });
  }
}

/** @typedef {import('playwright-core').BrowserContextOptions} Options */

/**
 * @param {import('./site.mjs').Here} here
 * @param {string} body
 * @param {Options & { head?: string, files?: Record<string, object> }} [options] `files`: what the
 *   server answers for other names
 */
async function open(here, body, { head = SCRIPT, files = {}, ...options } = {}) {
  const context = await here.browser.newContext(options);
  const page = await context.newPage();
  for (const [name, answer] of Object.entries(files))
    await page.route(`**/${name}`, (route) => route.fulfill(answer));
  await page.route('**/host.html', (route) =>
    route.fulfill({
      contentType: 'text/html',
      headers: { 'content-security-policy': POLICY },
      body: `<!doctype html><html lang="en"><meta charset="utf-8"><title>Host</title>${head}<body>${body}`,
    }),
  );
  const guest = new Guest(page);
  await page.goto(`${here.site.url}host.html`);
  return guest;
}

/** Opens pages with such a policy, in a browser for all tests of a file. */
export function atStrictPage() {
  const here = atSite();
  /** @type {(body: string, options?: Parameters<typeof open>[2]) => Promise<Guest>} */
  const host = (body, options) => open(here, body, options);
  return host;
}

/** Waits until an element shows what was given to it. */
export const give = (page, selector, entries) =>
  page.locator(selector).evaluate(async (strip, given) => {
    await customElements.whenDefined(strip.localName);
    strip.entries = given;
  }, entries);

export async function close(visitor) {
  assert.deepEqual(visitor.errors, []);
  await visitor.close();
}
