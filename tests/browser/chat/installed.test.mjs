// The page as an app of its own, and on any host.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { MODEL_FILE } from '../support/models.mjs';
import { DIST, launch, Visitor } from '../support/site.mjs';
import { inFolder } from '../support/static.mjs';

/** Width and height of a PNG file. */
const size = (/** @type {Buffer} */ png) => [png.readUInt32BE(16), png.readUInt32BE(20)].join('x');

describe('in a folder of a host without headers', () => {
  /** @type {Awaited<ReturnType<typeof inFolder>>} */
  let site;
  /** @type {import('playwright-core').Browser} */
  let browser;
  before(async () => {
    site = await inFolder('/people/somebody/');
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    site?.close();
  });

  test('the page chats, the essay shows its charts, and nothing is looked for elsewhere', async () => {
    const visitor = await Visitor.open(browser, site.url);
    const { page } = visitor;
    // The host has no models: this one is opened from the disk.
    await visitor.at('file-input').first().setInputFiles(MODEL_FILE);
    await visitor.ready();
    await visitor.settings({ sampler: 'greedy', tokens: 4 });
    await visitor.say('Hello!');
    await visitor.answered();
    await page.goto(`${site.url}explore.html`);
    await page.locator('varentropy-curve canvas').first().waitFor();
    await page.goto(`${site.url}embed.html?chart=triangle&p=.5+.3+.2`);
    await page.locator('varentropy-triangle canvas').first().waitFor();
    assert.deepEqual(visitor.errors, []);
    assert.deepEqual(site.missing, []);
  });

  test('it can be installed, and opens in its own folder', async () => {
    const visitor = await Visitor.open(browser, site.url, { serviceWorkers: 'allow' });
    await visitor.page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
    const session = await visitor.page.context().newCDPSession(visitor.page);
    const { errors, manifest, url } = await session.send('Page.getAppManifest');
    assert.deepEqual(errors, []);
    assert.equal(url, `${site.url}manifest.webmanifest`);
    assert.deepEqual([manifest.startUrl, manifest.scope], [site.url, site.url]);
    const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
    // A context of its own is what browsers call a private window.
    const others = installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito');
    assert.deepEqual(others, []);
    const { icons } = JSON.parse(await readFile(join(DIST, 'manifest.webmanifest'), 'utf8'));
    for (const { src, sizes } of icons.filter(({ type }) => type === 'image/png'))
      assert.equal(size(await readFile(join(DIST, src))), sizes, src);
  });
});
