// The model that was used last loads when the page opens.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { atSite, Visitor } from '../support/site.mjs';

const here = atSite();

/** Notes what the network is asked for from here on, but for pages. */
const asked = (visitor) => {
  const urls = /** @type {string[]} */ ([]);
  visitor.page.context().on('request', (request) => urls.push(request.url()));
  return () => urls.filter((url) => url.endsWith('.gguf'));
};
const kept = (visitor) => visitor.page.evaluate(() => localStorage.getItem('entropix.by-itself'));

test('a stored model is there after a reload, without a click or a download', async () => {
  const visitor = await Visitor.open(here.browser, here.site.url);
  await visitor.load();
  const models = asked(visitor);
  await visitor.page.reload();
  await visitor.ready();
  assert.deepEqual(models(), []);
  assert.equal(await visitor.at('load-model').count(), 0);
  await visitor.settings({ sampler: 'greedy', tokens: 4 });
  await visitor.say('Hello!');
  await visitor.answered();

  // A link that offers an answer finds the model there, and begins nothing.
  await visitor.page.goto('about:blank');
  await visitor.page.goto(`${here.site.url}#sampler=greedy&seed=7&tokens=4&prompt=Hello`);
  await visitor.ready();
  await visitor.at('offer').waitFor();
  assert.deepEqual(await visitor.page.locator('.turns .said').allTextContents(), ['Hello!']);
  assert.deepEqual(visitor.errors, []);
  await visitor.close();
});

test('a model whose bytes are gone is offered as on a first visit, without a word', async () => {
  const visitor = await Visitor.open(here.browser, here.site.url);
  await visitor.load();
  await visitor.page.evaluate(() => caches.delete('entropix-models'));
  const models = asked(visitor);
  await visitor.page.reload();
  await visitor.page.getByText('Downloads once').waitFor();
  assert.equal(await visitor.at('problem').count(), 0);
  assert.deepEqual(models(), []);
  assert.equal(await kept(visitor), null);
  await visitor.load();
  assert.equal(models().length, 1);
  await visitor.close();
});

test('a model that was removed, or is in a frame, does not load', async () => {
  const visitor = await Visitor.open(here.browser, here.site.url);
  await visitor.load();
  const framed = await visitor.page.context().newPage();
  // A document of this origin without scripts.
  await framed.goto(`${here.site.url}shell.css`);
  await framed.setContent(`<iframe src="${here.site.url}" width="600" height="400"></iframe>`);
  await framed.frameLocator('iframe').getByTestId('load-model').waitFor();
  await framed.frameLocator('iframe').getByText('It is stored in this browser').waitFor();
  await framed.close();
  await visitor.at('models').click();
  await visitor.at('forget').click();
  await visitor.at('forget').waitFor({ state: 'detached' });
  await visitor.page.reload();
  await visitor.page.getByText('Downloads once').waitFor();
  await visitor.close();
});

test('it is cancelled, and waits for a click from then on', async () => {
  // The engine takes its time.
  const visitor = await Visitor.open(here.browser, here.site.url);
  await visitor.load();
  await visitor.page.context().route('**/engine_bg.wasm', () => {});
  await visitor.page.reload();
  await visitor.at('progress').waitFor();
  await visitor.at('stop').first().click();
  await visitor.page.getByText('It is stored in this browser').waitFor();
  await visitor.page.context().unroute('**/engine_bg.wasm');
  assert.equal(await kept(visitor), null);
  await visitor.page.reload();
  await visitor.page.getByText('It is stored in this browser').waitFor();
  await visitor.load();
  assert.notEqual(await kept(visitor), null);
  await visitor.close();
});

test('a model that took the page with it does not load again', async () => {
  const visitor = await Visitor.open(here.browser, here.site.url);
  await visitor.load();
  const { page } = visitor;
  await page.context().route('**/engine_bg.wasm', () => {});
  await page.reload();
  await visitor.at('progress').waitFor();
  await page.context().unroute('**/engine_bg.wasm');
  const session = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent('crash');
  // It never answers.
  session.send('Page.crash').catch(() => {});
  await crashed;
  await page.close();
  const next = new Visitor(await here.browser.contexts().at(-1).newPage());
  await next.page.goto(here.site.url);
  await next.page.getByText('It is stored in this browser').waitFor();
  await next.load();
  await next.close();
});
