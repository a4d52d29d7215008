// What all pages share: the header and the theme.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { atSite } from './support/site.mjs';

const here = atSite();
const PAGES = ['', 'explore.html', 'results.html'];
const DARK = 'rgb(24, 25, 27)';

const visit = async (page, name) => {
  await page.goto(new URL(name, here.site.url).href);
  await page.locator('header.top').waitFor();
};
const paper = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

/** A storage that the browser denies, in both ways in which browsers do. */
const DENIALS = {
  'throws at the first touch': () =>
    Object.defineProperty(window, 'localStorage', {
      get() {
        throw new DOMException('denied', 'SecurityError');
      },
    }),
  'is not there': () => Object.defineProperty(window, 'localStorage', { value: null }),
};

describe('the shell', () => {
  test('every page has the same header, and marks itself', async () => {
    const page = await here.browser.newPage();
    for (const name of PAGES) {
      await visit(page, name);
      const links = page.getByRole('navigation', { name: 'Pages' }).getByRole('link');
      assert.deepEqual(await links.allTextContents(), ['Chat', 'Explore', 'Results']);
      const current = await links.evaluateAll((all) =>
        all
          .filter((link) => link.getAttribute('aria-current') === 'page')
          .map((link) => link.getAttribute('href')),
      );
      assert.deepEqual(current, [name || './']);
      assert.equal(await page.locator('h1').count(), 1);
    }
    await page.close();
  });

  test('the theme chosen on one page holds on the others, before anything is drawn', async () => {
    const page = await here.browser.newPage({ colorScheme: 'light' });
    for (const [from, to] of [PAGES, [...PAGES].reverse()]) {
      await visit(page, from);
      await page.getByRole('radio', { name: 'dark' }).check({ force: true });
      assert.equal(await paper(page), DARK);
      await page.goto(new URL(to, here.site.url).href, { waitUntil: 'commit' });
      // There may be no document yet.
      await page.waitForFunction(() => document.documentElement?.dataset.theme === 'dark');
      await page.locator('header.top').waitFor();
      assert.equal(await page.getByRole('radio', { name: 'dark' }).isChecked(), true);
      assert.equal(await paper(page), DARK);
      await page.getByRole('radio', { name: 'auto' }).check({ force: true });
      assert.notEqual(await paper(page), DARK);
    }
    await page.close();
  });

  test('what earlier versions stored is understood, and nonsense is not', async () => {
    const context = await here.browser.newContext({ colorScheme: 'light' });
    const page = await context.newPage();
    for (const stored of ['"dark"', '"light"', '"auto"', 'dark', '{', '"pink"']) {
      await visit(page, 'explore.html');
      await page.evaluate((value) => localStorage.setItem('entropix.theme', value), stored);
      await page.reload();
      await page.locator('header.top').waitFor();
      assert.equal((await paper(page)) === DARK, stored === '"dark"', stored);
    }
    await context.close();
  });

  for (const [how, deny] of Object.entries(DENIALS)) {
    test(`a storage that ${how} leaves a theme that can be chosen`, async () => {
      const page = await here.browser.newPage({ colorScheme: 'light' });
      const errors = [];
      page.on('pageerror', ({ message }) => errors.push(message));
      await page.addInitScript(deny);
      await visit(page, 'explore.html');
      await page.getByRole('radio', { name: 'dark' }).check({ force: true });
      assert.equal(await paper(page), DARK);
      assert.deepEqual(errors, []);
      await page.close();
    });
  }

  test('without JavaScript the essay still leads to the chat', async () => {
    const context = await here.browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(new URL('explore.html', here.site.url).href);
    assert.equal(await page.locator('noscript a, .top a').first().getAttribute('href'), './');
    await context.close();
  });
});
