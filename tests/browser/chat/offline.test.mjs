// A visit without a network.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { inBoth } from '../support/browsers.mjs';
import { DIST, launch, serveFolder, Visitor } from '../support/site.mjs';
import { eventually } from '../support/wait.mjs';

test('after the first visit the page opens and chats without a server', async () => {
  const site = await serveFolder(DIST);
  const browser = await launch();
  try {
    const visitor = await Visitor.open(browser, site.url, { serviceWorkers: 'allow' });
    await visitor.load();
    await visitor.page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
    // The engine that was started is kept, too.
    await visitor.page.waitForFunction(async () => {
      const worker = document.getElementById('engines').textContent.match(/engine\/\w+\//)[0];
      return Boolean(await caches.match(new URL(`${worker}engine_bg.wasm`, location.href)));
    });
    site.close();
    await visitor.page.context().setOffline(true);
    await visitor.page.reload();
    assert.equal(await visitor.page.evaluate(() => crossOriginIsolated), true);
    await visitor.load();
    await visitor.settings({ sampler: 'greedy', tokens: 4 });
    await visitor.say('Hello!');
    await visitor.answered();
    await visitor.page.goto(new URL('explore.html', site.url).href);
    await visitor.page.locator('varentropy-curve canvas').first().waitFor();
    await visitor.page.goto(new URL('results.html', site.url).href);
    await visitor.page.locator('entropix-results table').first().waitFor();
    assert.deepEqual(visitor.errors, []);
  } finally {
    site.close();
    await browser.close();
  }
});

inBoth('a visit without a server', ({ page: open }) => {
  test('loads the model that the first one stored', async () => {
    const site = await serveFolder(DIST);
    const at = (id) => `[data-testid="${id}"]`;
    try {
      const errors = [];
      const page = await open(site.url, {}, errors);
      const load = async () => {
        await page.waitForFunction(
          (status) => document.querySelector(status)?.textContent.includes('98.4 MB'),
          { timeout: 120_000 },
          at('status'),
        );
      };
      await page.waitForSelector(at('load-model'));
      await page.click(at('load-model'));
      await load();
      await page.waitForFunction(async () => {
        const engine = document.getElementById('engines').textContent.match(/engine\/\w+\//)[0];
        const kept = await caches.match(new URL(`${engine}engine_bg.wasm`, location.href));
        return Boolean(kept && navigator.serviceWorker.controller);
      });
      site.close();
      await page.reload();
      await load();
      assert.deepEqual(errors, []);
    } finally {
      site.close();
    }
  });
});

/** A later build of the page: another title, and its engine in another folder. */
async function laterBuild() {
  const folder = await mkdtemp(join(tmpdir(), 'later-'));
  await cp(DIST, folder, { recursive: true });
  for (const name of ['index.html', 'service-worker.js'])
    for (const end of ['.br', '.gz']) await rm(join(folder, name + end), { force: true });
  const index = join(folder, 'index.html');
  const page = (await readFile(index, 'utf8')).replace('<title>', '<title>Later: ');
  const [, engine] = page.match(/(engine\/\w{16})\//);
  const moved = 'engine/00000000ffffffff';
  await rename(join(folder, engine), join(folder, moved));
  const text = page.replaceAll(engine, moved);
  await writeFile(index, text);
  const worker = join(folder, 'service-worker.js');
  const source = await readFile(worker, 'utf8');
  const [, table] = source.match(/const BUILD = (.*);\n/);
  const build = JSON.parse(table.replaceAll(engine, moved));
  build.version = 'later';
  build.files['index.html'] = `sha256-${createHash('sha256').update(text).digest('base64')}`;
  await writeFile(worker, source.replace(table, JSON.stringify(build)));
  return folder;
}

test('a later version waits, and an open page keeps the files of its own', async () => {
  const later = await laterBuild();
  let site = await serveFolder(DIST);
  const browser = await launch();
  try {
    const visitor = await Visitor.open(browser, site.url, { serviceWorkers: 'allow' });
    const { page } = visitor;
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
    await visitor.load();
    await page.waitForFunction(async () => {
      const worker = document.getElementById('engines').textContent.match(/engine\/\w+\//)[0];
      return Boolean(await caches.match(new URL(`${worker}engine_bg.wasm`, location.href)));
    });
    await page.reload();
    site.close();
    const { port } = new URL(site.url);
    // Until the first one has let go of the port.
    site = await eventually(() => serveFolder(later, '--port', port));
    const other = await page.context().newPage();
    await other.goto(site.url);
    await other.getByText('A new version is ready').waitFor();
    assert.doesNotMatch(await other.title(), /Later/);
    await other.getByRole('button', { name: 'Reload' }).click();
    await other.waitForFunction(() => document.title.startsWith('Later'));
    // The first tab is of the earlier version: its engine is no longer on the server.
    await visitor.load();
    assert.doesNotMatch(await page.title(), /Later/);
    assert.deepEqual(visitor.errors, []);
  } finally {
    site.close();
    await browser.close();
    await rm(later, { recursive: true, force: true });
  }
});
