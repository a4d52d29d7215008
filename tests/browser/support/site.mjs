// The built page on a real server, and a browser to look at it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

import { shared } from './shared.mjs';
import { eventually } from './wait.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The built page. */
export const DIST = process.env.ENTROPIX_DIST ?? join(root, 'dist');

/**
 * Serves the built page as `cargo xtask serve` does; `flags` such as `--no-isolation` change how.
 * @param {string[]} flags
 */
export const serve = (...flags) => serveFolder(DIST, ...flags);

/** The server with which nothing happens but that pages are taken from it. */
export const served = () => shared('site', serve);

/** Serves a folder like it, at any port unless the flags name one. */
export async function serveFolder(folder, ...flags) {
  const xtask = process.env.ENTROPIX_XTASK;
  const [program, ...first] = xtask ? [xtask] : ['cargo', 'xtask'];
  const port = flags.includes('--port') ? [] : ['--port', '0'];
  const how = ['serve', '--no-build', '--dist', folder, ...port, ...flags];
  const child = spawn(program, [...first, ...how], { cwd: root });
  let said = '';
  child.stderr.on('data', (data) => {
    said += data;
  });
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

/** Chromium without windows: opening a page costs a fifth. Where it can't do a thing, CHROMIUM is whole. */
export const SHELL = process.env.CHROMIUM_SHELL ?? process.env.CHROMIUM ?? '/usr/bin/chromium';

/** Of Chromium, so that it runs as root and asks the network for nothing of its own. */
export const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // The tests' own hub vouches for itself.
  '--ignore-certificate-errors',
];

/** @param flags more of the browser's own flags */
export async function launch(...flags) {
  const browser = await chromium.launch({
    executablePath: SHELL,
    args: [...FLAGS, ...flags],
  });
  // What the service worker keeps has tests of its own.
  const [context, page] = [browser.newContext.bind(browser), browser.newPage.bind(browser)];
  browser.newContext = (options) => context({ serviceWorkers: 'block', ...options });
  browser.newPage = (options) => page({ serviceWorkers: 'block', ...options });
  return browser;
}

/**
 * @typedef {object} Here
 * @property {{ url: string, close: () => void }} site
 * @property {import('playwright-core').Browser} browser
 */

/**
 * A served page, and a browser in which whatever a file has opened is closed after it.
 * @param {(here: Here) => Promise<void>} prepare what else is done before the first one: hooks do
 *   not wait for each other
 */
export function atSite(prepare = async () => {}) {
  const here = /** @type {Here} */ ({});
  before(async () => {
    here.site = await served();
    here.browser = await shared('browser', launch);
    await prepare(here);
  });
  after(async () => {
    for (const context of here.browser?.contexts() ?? []) await context.close();
  });
  return here;
}

/** What people do with the page, by the names it gives its parts. */
export class Visitor {
  /** @param {import('playwright-core').Page} page */
  constructor(page) {
    this.page = page;
    /** Of the answer that was asked for last; null: the page's last one, say a recorded one. */
    this.turn = /** @type {string | null} */ (null);
    this.errors = /** @type {string[]} */ ([]);
    page.on('pageerror', (error) => this.errors.push(error.message));
  }

  /**
   * Opens an address in a context of its own.
   * @param {import('playwright-core').Browser} browser
   * @param {string} url
   * @param {import('playwright-core').BrowserContextOptions &
   *   { manifest?: object[], init?: () => void }} [options] also a list of models in place of the
   *   server's, and what runs before the page does
   */
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

  /** By the button that is seen: the list's, or the composer's. */
  async newChat() {
    await this.page.getByRole('button', { name: 'New chat' }).click();
  }

  /** Loads the model, unless it loads by itself. */
  async load() {
    const button = this.at('load-model');
    await button.or(this.at('progress')).or(this.#loaded()).first().waitFor();
    if (await button.isVisible()) await button.click();
    await this.ready();
  }

  #loaded() {
    return this.page.getByTestId('status').filter({ hasText: 'MB' });
  }

  /**
   * Opens files of one's own, chosen together.
   * @param {...[string, Buffer]} files
   */
  async openFiles(...files) {
    const type = { mimeType: 'application/octet-stream' };
    const chosen = files.map(([name, buffer]) => ({ name, buffer, ...type }));
    await this.at('file-input').first().setInputFiles(chosen);
  }

  async ready() {
    await this.#loaded().waitFor({ timeout: 120_000 });
  }

  /**
   * Chooses sampler, seed and length; what is left out stays.
   * @param {{ sampler?: string, seed?: number, tokens?: number }} choice
   */
  async settings({ sampler, seed, tokens }) {
    const drawer = this.at('sampler');
    if (!(await drawer.evaluate((details) => details.open))) {
      await drawer.locator('summary').first().click();
    }
    if (sampler) await drawer.locator(`input[type=radio][value="${sampler}"]`).check();
    if (seed !== undefined) await this.at('seed').fill(String(seed));
    if (tokens !== undefined) await this.at('max-tokens').fill(String(tokens));
  }

  /** Sends a message. From then on the answer to it is the one that is looked at. */
  async say(text) {
    await this.at('composer').fill(text);
    await this.#starts(() => this.at('send').click());
  }

  /** Has the last answer made again as it is set, and looks at the new one. */
  regenerate() {
    return this.#starts(() => this.at('same-seed').click());
  }

  /**
   * Has an answer go on from another word, and looks at what comes of it.
   * @param {() => Promise<unknown>} act
   */
  fork(act) {
    return this.#starts(act);
  }

  /** Acts, and waits for the answer that starts with it: until then the earlier one is the last. */
  async #starts(act) {
    const turns = () =>
      this.page.locator('[data-turn]').evaluateAll((all) => all.map(({ dataset }) => dataset.turn));
    const known = await turns();
    await act();
    this.turn = await eventually(async () => {
      const turn = (await turns()).at(-1);
      assert.ok(turn !== undefined && !known.includes(turn), 'no answer has started');
      return turn;
    });
  }

  /** The answer that is looked at, with what stands under it. */
  answer() {
    return this.page.locator(this.turn === null ? 'body' : `[data-turn="${this.turn}"]`);
  }

  tokens() {
    return this.answer().getByTestId('answer').last().getByTestId('token');
  }

  /** Index of the token that has the focus. */
  focused() {
    return this.page.evaluate(() => {
      const token = document.activeElement?.shadowRoot?.activeElement;
      return token && 'index' in token ? token.index : null;
    });
  }

  /** Waits until the answer is complete: it can be regenerated then. */
  async answered() {
    await this.answer().getByTestId('regenerate').waitFor({ timeout: 180_000 });
  }

  /** Waits until this many tokens of the answer are there. */
  async streams(count) {
    await this.tokens()
      .nth(count - 1)
      .waitFor({ timeout: 120_000 });
  }

  /** The answer as the page exports it. */
  async trace() {
    const [download] = await Promise.all([
      this.page.waitForEvent('download'),
      this.answer().getByTestId('export').last().click(),
    ]);
    const chunks = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk);
    return JSON.parse(Buffer.concat(chunks).toString());
  }

  /** The running engine. */
  async worker() {
    return eventually(() => {
      const workers = this.page.workers();
      assert.equal(workers.length, 1);
      return workers[0];
    });
  }

  /**
   * Has the engine rest for so many ms after each thing it says: on a fast machine an answer would
   * be complete before one looks.
   */
  async pace(ms) {
    const worker = await this.worker();
    await worker.evaluate((ms) => {
      const post = self.postMessage.bind(self);
      const never = new Int32Array(new SharedArrayBuffer(4));
      self.postMessage = (message) => {
        post(message);
        Atomics.wait(never, 0, 0, ms);
      };
    }, ms);
  }

  close() {
    return this.page.context().close();
  }
}
