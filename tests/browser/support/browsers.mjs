// Firefox and Chromium by the same protocol, WebDriver BiDi: for what both must show alike.
import { after, before, describe } from 'node:test';

import puppeteer from 'puppeteer-core';

import { startHost } from './host.mjs';
import { FIREFOX, profile } from './profile.mjs';
import { shared } from './shared.mjs';
import { FLAGS, SHELL, served } from './site.mjs';

/** @typedef {import('puppeteer-core').Page} Page */
/**
 * @typedef {object} Look
 * @property {number} [width] of the window, CSS px
 * @property {number} [height]
 * @property {number} [density] device px in a CSS px
 */

/** @type {Record<string, (dark: boolean, forced: boolean) => import('puppeteer-core').LaunchOptions>} */
const BROWSERS = {
  firefox: (dark, forced) => ({
    browser: 'firefox',
    executablePath: FIREFOX,
    // Both are for what pages are told; 0 is dark.
    extraPrefsFirefox: {
      'layout.css.prefers-color-scheme.content-override': dark ? 0 : 1,
      // 2: always the system's own colours, 0: as the system says.
      'browser.display.document_color_use': forced ? 2 : 0,
    },
  }),
  chrome: (dark, forced) => ({
    browser: 'chrome',
    executablePath: SHELL,
    args: [
      ...FLAGS,
      `--blink-settings=preferredColorScheme=${dark ? 0 : 1}`,
      ...(forced ? ['--force-high-contrast'] : []),
    ],
  }),
};

/**
 * @param {boolean} firefox
 * @param {import('puppeteer-core').LaunchOptions} options
 */
async function start(firefox, options) {
  const own = firefox ? await profile() : null;
  const browser = await puppeteer.launch({
    protocol: 'webDriverBiDi',
    headless: true,
    userDataDir: own?.path,
    ...options,
  });
  const close = async () => {
    await browser.close();
    await own?.remove();
  };
  return { createBrowserContext: () => browser.createBrowserContext(), close };
}

/**
 * The same tests in each browser. `page(url, look, errors)` opens an address in a new tab; what
 * goes wrong in the page is noted in `errors`.
 * @param {string} title
 * @param {(here: { name: string, page: (url: string, look?: Look, errors?: string[]) => Promise<Page> }) => void} tests
 * @param {{ dark?: boolean, forced?: boolean }} [options] whether the system is dark, and forces its colours
 */
export function inBoth(title, tests, { dark = false, forced = false } = {}) {
  for (const [name, options] of Object.entries(BROWSERS)) {
    describe(`${title}, in ${name}`, () => {
      /** @type {import('puppeteer-core').BrowserContext} */
      let context;
      before(async () => {
        const browser = await shared(`${name} ${dark} ${forced}`, () =>
          start(name === 'firefox', options(dark, forced)),
        );
        context = await browser.createBrowserContext();
      });
      after(() => context?.close());
      const page = async (url, { width = 1280, height = 900, density = 1 } = {}, errors = []) => {
        const page = await context.newPage();
        page.on('pageerror', (error) => errors.push(String(error)));
        await page.setViewport({ width, height, deviceScaleFactor: density });
        await page.goto(url);
        return page;
      };
      tests({ name, page });
    });
  }
}

/** The server of the elements and somebody else's site, for all tests of a file. */
export function atSomebodys() {
  const here =
    /** @type {{ site: Awaited<ReturnType<typeof served>>, host: Awaited<ReturnType<typeof startHost>> }} */ ({});
  before(async () => {
    here.site = await served();
    here.host = await startHost(here.site.url);
  });
  after(() => here.host?.close());
  return here;
}
