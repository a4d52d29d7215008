// Strip, inspector and player on a page with a strict policy, and a recorded chat to show.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

import { atSite, Visitor } from './site.mjs';

export const trace = JSON.parse(
  await readFile(new URL('../../../www/traces/larger-b.json', import.meta.url)),
);
export const { tokens } = trace;
export const many = Array.from({ length: 500 }, (_, index) => tokens[index % tokens.length]);

/** A page of somebody else's: no inline style, no images, no eval. */
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'";
const SCRIPT = '<script type="module" src="embed/v1/embed.js"></script>';

async function open(here, body, { head = SCRIPT, files = {}, ...options } = {}) {
  const context = await here.browser.newContext(options);
  const page = await context.newPage();
  const visitor = new Visitor(page);
  visitor.warnings = [];
  page.on('console', (message) => {
    if (message.type() === 'warning') visitor.warnings.push(message.text());
    if (/Content Security Policy/.test(message.text())) visitor.errors.push(message.text());
  });
  for (const [name, answer] of Object.entries(files))
    await page.route(`**/${name}`, (route) => route.fulfill(answer));
  await page.route('**/host.html', (route) =>
    route.fulfill({
      contentType: 'text/html',
      headers: { 'content-security-policy': POLICY },
      body: `<!doctype html><html lang="en"><meta charset="utf-8"><title>Host</title>${head}<body>${body}`,
    }),
  );
  await page.goto(`${here.site.url}host.html`);
  return visitor;
}

/** Opens pages with such a policy, in a browser for all tests of a file. */
export function atStrictPage() {
  const here = atSite();
  return (body, options) => open(here, body, options);
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
