// The built page on a real server, and a browser to look at it.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Serves dist/ as `cargo xtask serve` does; `flags` such as `--no-isolation` change how. */
export async function serve(...flags) {
  const xtask = process.env.ENTROPIX_XTASK;
  const [program, ...first] = xtask ? [xtask] : ['cargo', 'xtask'];
  const child = spawn(program, [...first, 'serve', '--no-build', '--port', '0', ...flags], {
    cwd: root,
  });
  let said = '';
  child.stderr.on('data', (data) => (said += data));
  const url = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      said += `${line}\n`;
      const found = line.match(/http:\/\/\S+/);
      if (found) resolve(found[0]);
    });
    child.on('exit', (code) => reject(new Error(`the server ended with ${code}:\n${said}`)));
  });
  return { url, close: () => child.kill() };
}

/** @param flags more of the browser's own flags */
export const launch = (...flags) =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...flags,
    ],
  });

/** A served page and a browser, for all tests of a file. */
export function atSite() {
  const here = {};
  before(async () => {
    here.site = await serve();
    here.browser = await launch();
  });
  after(async () => {
    await here.browser?.close();
    here.site?.close();
  });
  return here;
}

/** What people do with the page, by the names it gives its parts. */
export class Visitor {
  constructor(page) {
    this.page = page;
    this.errors = [];
    page.on('pageerror', (error) => this.errors.push(error.message));
  }

  static async open(browser, url, { manifest, init, ...options } = {}) {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    if (init) await page.addInitScript(init);
    if (manifest) {
      await page.route('**/models/manifest.json', (route) => route.fulfill({ json: manifest }));
    }
    const visitor = new Visitor(page);
    await page.goto(url);
    return visitor;
  }

  at(id) {
    return this.page.getByTestId(id);
  }

  async load() {
    await this.at('load-model').click();
    await this.ready();
  }

  async ready() {
    await this.page.getByTestId('status').filter({ hasText: 'MB' }).waitFor({ timeout: 120_000 });
  }

  /** Chooses sampler, seed and length; what is left out stays. */
  async settings({ sampler, seed, tokens }) {
    const drawer = this.at('sampler');
    if (!(await drawer.evaluate((details) => details.open))) {
      await drawer.locator('summary').first().click();
    }
    if (sampler) await drawer.locator(`input[type=radio][value="${sampler}"]`).check();
    if (seed !== undefined) await this.at('seed').fill(String(seed));
    if (tokens !== undefined) await this.at('max-tokens').fill(String(tokens));
  }

  async say(text) {
    await this.at('composer').fill(text);
    await this.at('send').click();
  }

  /** Waits until the answer is complete: it can be regenerated then. */
  async answered() {
    await this.at('regenerate').waitFor({ timeout: 180_000 });
    return this.at('answer').last();
  }

  tokens() {
    return this.at('answer').last().getByTestId('token');
  }

  /** The last answer as the page exports it. */
  async trace() {
    const [download] = await Promise.all([
      this.page.waitForEvent('download'),
      this.at('export').last().click(),
    ]);
    const chunks = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk);
    return JSON.parse(Buffer.concat(chunks).toString());
  }

  close() {
    return this.page.context().close();
  }
}
