// The real page, the real worker, the real model, in a real browser.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import Ajv from 'ajv/dist/2020.js';

import { startHub } from './support/hub.mjs';
import { answer as nativeAnswer } from './support/native.mjs';
import { Visitor, atSite, serve } from './support/site.mjs';

const QUESTION = 'Which is larger, 9.9 or 9.11?';
const models = process.env.ENTROPIX_MODELS ?? new URL('../../models', import.meta.url).pathname;
const file = join(models, 'SmolLM2-135M-Instruct.Q4_1.gguf');
const wholeFile = {
  name: 'SmolLM2-135M-Instruct',
  file: 'SmolLM2-135M-Instruct.Q4_1.gguf',
  bytes: 98362432,
  sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
  licence: 'Apache-2.0',
};
const tokenIds = (trace) => trace.tokens.map(({ decision }) => decision.token);

const here = atSite();

describe('before the model', () => {
  test('a recorded chat can be inspected, with the mouse and with the keyboard', async () => {
    const visitor = await Visitor.open(here.browser, here.site.url);
    const tokens = visitor.tokens();
    await tokens.first().waitFor();
    assert.ok((await tokens.count()) > 20);
    await tokens.nth(3).click();
    const sentence = await visitor.at('sentence').innerText();
    assert.match(sentence, /\S/);
    assert.equal((await visitor.at('alternatives').locator('li').count()) >= 10, true);
    await visitor.page.keyboard.press('End');
    assert.notEqual(await visitor.at('inspector').innerText(), '');
    await visitor.page.keyboard.press('Home');
    const focused = await visitor.page.evaluate(
      () => document.activeElement.shadowRoot.activeElement.dataset.testid,
    );
    assert.equal(focused, 'token');
    // One tab stop for the whole answer.
    const stops = await tokens.evaluateAll(
      (all) => all.filter((token) => token.tabIndex === 0).length,
    );
    assert.equal(stops, 1);
    assert.match(await visitor.at('load-model').innerText(), /98\.4 MB/);
    assert.deepEqual(visitor.errors, []);
    await visitor.close();
  });

  test('on a narrow page the inspector is a sheet that comes with a choice and goes with Escape', async () => {
    const visitor = await Visitor.open(here.browser, here.site.url, {
      viewport: { width: 390, height: 844 },
    });
    const sheet = visitor.page.getByRole('complementary');
    const token = visitor.tokens().nth(40);
    await token.waitFor();
    assert.equal(await sheet.isVisible(), false);
    await token.click();
    await sheet.waitFor();
    await sheet.evaluate((it) => Promise.all(it.getAnimations().map(({ finished }) => finished)));
    const [over, under] = [await token.boundingBox(), await sheet.boundingBox()];
    assert.ok(over.y + over.height <= under.y, 'the token is not covered');
    const focused = () =>
      visitor.page.evaluate(() => document.activeElement.shadowRoot?.activeElement?.index);
    await sheet.getByRole('button', { name: 'Close' }).click();
    await sheet.waitFor({ state: 'hidden' });
    assert.equal(await focused(), 40);
    await visitor.page.keyboard.press('ArrowRight');
    assert.equal(await sheet.isVisible(), false);
    await visitor.page.keyboard.press('Enter');
    await sheet.waitFor();
    await visitor.page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'hidden' });
    assert.equal(await focused(), 41);
    assert.deepEqual(visitor.errors, []);
    await visitor.close();
  });

  test('token, plane and triangle show the same token', async () => {
    const visitor = await Visitor.open(here.browser, here.site.url, {
      viewport: { width: 1360, height: 2400 },
    });
    await visitor.tokens().nth(9).click();
    const told = await visitor.page.locator('entropix-tokens').evaluate((strip) => {
      const { decision, top } = strip.entries[9];
      return {
        ...decision.uncertainty,
        labels: top.slice(0, 3).map(({ label }) => label.replace(' ', '␣')),
        count: strip.entries.length,
      };
    });
    const [plane, triangle] = ['varentropy-plane', 'varentropy-triangle'].map((name) =>
      visitor.page.locator(name),
    );
    const h = `H ${told.entropy_bits.toFixed(3)} bits`;
    await triangle.getByText(h).first().waitFor();
    await plane.locator(`.handle[aria-valuetext^="${h}"]`).waitFor();
    for (const label of told.labels) await triangle.getByText(label, { exact: true }).waitFor();
    assert.equal(await plane.locator('.spot').count(), told.count);
    await visitor.page.getByText('top two and the rest').click();
    await triangle.getByText('the rest', { exact: true }).waitFor();
    // A dot of the plane is a token, too.
    await plane.locator('.spot').nth(50).dispatchEvent('click');
    assert.equal(
      await visitor.page.locator('entropix-tokens').evaluate((strip) => strip.selected),
      50,
    );
    assert.deepEqual(visitor.errors, []);
    await visitor.close();
  });

  test('the address carries the settings', async () => {
    const visitor = await Visitor.open(
      here.browser,
      `${here.site.url}#sampler=A&seed=7&tokens=32&high_logits_entropy_threshold=4.5`,
    );
    const drawer = visitor.at('sampler');
    await drawer.getByText('Entropix A').first().waitFor();
    await visitor.settings({ seed: 8 });
    await visitor.at('seed').blur();
    await drawer.getByText('seed 8').waitFor();
    assert.equal(await drawer.locator('[name=high_logits_entropy_threshold]').inputValue(), '4.5');
    const link = visitor.page.url();
    assert.match(link, /#sampler=A&seed=8&tokens=32&high_logits_entropy_threshold=4\.5$/);
    const other = await Visitor.open(here.browser, here.site.url);
    await other.tokens().first().waitFor();
    assert.equal(other.page.url(), here.site.url);
    await other.page.goto(link);
    await other.at('sampler').getByText('seed 8').waitFor();
    await other.settings({});
    assert.equal(await other.at('max-tokens').inputValue(), '32');
    assert.equal(
      await other.at('sampler').locator('[name=high_logits_entropy_threshold]').inputValue(),
      '4.5',
    );
    await other.close();
    await visitor.close();
  });

  test('without WebAssembly the page says so', async () => {
    const visitor = await Visitor.open(here.browser, here.site.url, {
      init: () => {
        delete window.WebAssembly;
      },
    });
    await visitor.page.getByText('no WebAssembly').waitFor();
    await visitor.close();
  });

  test('without SIMD recordings can be seen, and the page says why the model can’t run', async () => {
    const init = () => {
      const validate = WebAssembly.validate;
      WebAssembly.validate = (bytes) => (bytes.length < 64 ? false : validate(bytes));
    };
    const visitor = await Visitor.open(here.browser, here.site.url, { init });
    await visitor.tokens().nth(3).click();
    assert.match(await visitor.at('sentence').innerText(), /\S/);
    await visitor.page.getByText(/SIMD/).first().waitFor();
    await visitor.close();
  });

  test('the page works from a sub-path', async () => {
    const { createServer } = await import('node:http');
    const dist = process.env.ENTROPIX_DIST ?? new URL('../../dist', import.meta.url).pathname;
    const kinds = {
      html: 'text/html',
      js: 'text/javascript',
      wasm: 'application/wasm',
      css: 'text/css',
      json: 'application/json',
    };
    const server = createServer(async (request, response) => {
      const path = decodeURIComponent(new URL(request.url, 'http://x').pathname).replace(
        /^\/blog\/demo\//,
        '',
      );
      const name = path === '' ? 'index.html' : path;
      try {
        const body = await readFile(join(dist, name));
        response
          .writeHead(200, {
            'content-type': kinds[name.split('.').pop()] ?? 'application/octet-stream',
          })
          .end(body);
      } catch {
        response.writeHead(404).end();
      }
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const visitor = await Visitor.open(
      here.browser,
      `http://127.0.0.1:${server.address().port}/blog/demo/`,
    );
    await visitor.tokens().first().waitFor();
    await visitor.page.reload();
    await visitor.tokens().first().waitFor();
    await visitor.close();
    server.closeAllConnections();
    server.close();
  });
});

describe('with the model', () => {
  let visitor;
  before(async () => {
    visitor = await Visitor.open(here.browser, here.site.url);
    await visitor.load();
  });
  after(() => visitor?.close());

  test('an empty prompt does nothing', async () => {
    const turns = await visitor.at('answer').count();
    await visitor.at('composer').fill('   ');
    await visitor.at('composer').press('Enter');
    assert.equal(await visitor.at('answer').count(), turns);
  });

  test('two turns stream, the same seed gives the same tokens, and the native engine agrees', async () => {
    await visitor.settings({ sampler: 'B', seed: 7, tokens: 32 });
    await visitor.say(QUESTION);
    const seen = new Set();
    while (!(await visitor.at('regenerate').isVisible())) seen.add(await visitor.tokens().count());
    assert.ok(seen.size > 4, `tokens came in ${seen.size} portions`);
    const first = await visitor.trace();
    assert.equal(first.tokens.length, 32);
    const schema = JSON.parse(await readFile(new URL('../trace.schema.json', import.meta.url)));
    const validate = new Ajv({ strictTypes: false }).compile(schema);
    assert.ok(validate(first), JSON.stringify(validate.errors));

    await visitor.at('regenerate').click();
    await visitor.at('stop').waitFor();
    await visitor.answered();
    const again = await visitor.trace();
    assert.deepEqual(tokenIds(again), tokenIds(first));

    const native = nativeAnswer(first, file);
    // Both engines round alike, in every step.
    assert.deepEqual(native.ids, tokenIds(first));
    for (const [at, { decision }] of first.tokens.entries()) {
      const off =
        decision.uncertainty.entropy_bits - native.tokens[at].decision.uncertainty.entropy_bits;
      assert.ok(Math.abs(off) < 1e-9, `H of token ${at} is ${off} off`);
    }
    const [{ attention }] = first.tokens;
    assert.deepEqual(
      [attention.heads, attention.keys, attention.bits.length],
      [9, first.prompt_tokens, 270],
    );
    await visitor.page.getByText('Attention of each head').click();
    await visitor.page
      .getByRole('img', { name: 'Entropy of attention' })
      .hover({ position: { x: 1, y: 1 } });
    await visitor.page
      .getByText(/layer 1, head 1: \d+\.\d\d bits, [<\d.]+\s% of the most possible/)
      .waitFor();

    await visitor.say('And 9.8 or 9.12?');
    await visitor.answered();
    assert.equal(await visitor.at('answer').count(), 2);
    const second = await visitor.trace();
    assert.equal(second.messages.length, 3);
    assert.ok((await visitor.at('stats').innerText()).includes('tokens/s'));
    // The first turn was still in the cache: its tokens are part of the prompt but were not read again.
    assert.ok(second.prompt_tokens > first.prompt_tokens + 32);
    assert.deepEqual(visitor.errors, []);
  });

  test('another seed gives another answer', async () => {
    await visitor.at('new-chat').click();
    await visitor.settings({ sampler: 'plain', seed: 1, tokens: 16 });
    await visitor.say('Tell me a story.');
    await visitor.answered();
    const one = tokenIds(await visitor.trace());
    await visitor.settings({ seed: 2 });
    await visitor.at('regenerate').click();
    await visitor.at('stop').waitFor();
    await visitor.answered();
    assert.notDeepEqual(tokenIds(await visitor.trace()), one);
  });

  test('stop ends the answer within a token, and the chat goes on', async () => {
    await visitor.settings({ sampler: 'greedy', tokens: 400 });
    await visitor.say('Write a very long poem about the sea.');
    await visitor.tokens().nth(3).waitFor({ timeout: 60_000 });
    await visitor.at('stop').click();
    const atStop = await visitor.tokens().count();
    await visitor.answered();
    const atEnd = await visitor.tokens().count();
    assert.ok(atEnd <= atStop + 2, `${atEnd - atStop} tokens came after stop`);
    await visitor.settings({ tokens: 4 });
    await visitor.say('Thanks.');
    await visitor.answered();
  });

  test('a prompt longer than the context is refused before it is sent', async () => {
    const text = 'word '.repeat(9000);
    await visitor.at('composer').fill(text);
    await visitor.page.getByText(/too long/i).waitFor({ timeout: 30_000 });
    assert.ok(await visitor.at('send').isDisabled());
    assert.equal(await visitor.at('composer').inputValue(), text);
    await visitor.at('composer').fill('');
  });

  test('a file that is no model is refused in words, and the loaded model stays', async () => {
    const choose = (name, buffer) =>
      visitor
        .at('file-input')
        .first()
        .setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
    const bytes = await readFile(file);
    for (const [name, buffer, words] of [
      ['page.gguf', Buffer.from('<!doctype html><title>404</title>'), /web page/],
      ['notes.gguf', Buffer.from('just some notes'), /does not start with/],
      ['empty.gguf', Buffer.alloc(0), /empty/],
      ['cut.gguf', bytes.subarray(0, 5_000_000), /cut off/],
    ]) {
      await choose(name, buffer);
      await visitor.at('problem').filter({ hasText: words }).waitFor({ timeout: 30_000 });
    }
    await visitor.settings({ tokens: 4 });
    await visitor.say('Still there?');
    await visitor.answered();
  });

  test('an own file can be loaded', async () => {
    await visitor
      .at('file-input')
      .first()
      .setInputFiles(join(models, 'SmolLM2-135M-Instruct.Q4_0.gguf'));
    await visitor.at('status').filter({ hasText: 'Q4_0' }).waitFor({ timeout: 60_000 });
    await visitor.say('Hello!');
    await visitor.answered();
  });
});

describe('a file that the engine lacks the architecture of', () => {
  let visitor, qwen3;
  const engines = () => visitor.page.workers().map((worker) => worker.url().split('/').at(-3));
  const choose = (name, buffer) =>
    visitor
      .at('file-input')
      .first()
      .setInputFiles({ name, mimeType: 'application/octet-stream', buffer });

  before(async () => {
    visitor = await Visitor.open(here.browser, here.site.url);
    qwen3 = await readFile(new URL('../golden/models/tiny-qwen3.gguf', import.meta.url));
    await visitor.load();
  });
  after(() => visitor?.close());

  test('runs in the worker for such files', async () => {
    assert.deepEqual(engines(), ['engine']);
    await choose('tiny.gguf', qwen3);
    await visitor.at('status').filter({ hasText: 'Tiny' }).waitFor({ timeout: 30_000 });
    assert.deepEqual(engines(), ['engine-generic']);
    await visitor.settings({ sampler: 'PROMISED' });
    await visitor
      .at('cuts')
      .filter({
        hasText: 'answers of SmolLM2-135M, by entropix calibrate. tiny.gguf may have others',
      })
      .waitFor();
    await visitor.settings({ sampler: 'greedy', tokens: 8 });
    await visitor.say('Hello!');
    await visitor.answered();
    const { model, tokens } = await visitor.trace();
    assert.equal(model, 'tiny.gguf');
    assert.ok(tokens.length > 0);
  });

  test('leaves the loaded model there if no worker can run it', async () => {
    const mamba = Buffer.from(qwen3.toString('latin1').replaceAll('qwen3', 'mamba'), 'latin1');
    for (const earlier of ['Tiny', 'SmolLM2']) {
      await choose('mamba.gguf', mamba);
      await visitor
        .at('problem')
        .filter({ hasText: /mamba.*llama, qwen3, gemma3/ })
        .waitFor({ timeout: 30_000 });
      await visitor.at('status').filter({ hasText: earlier }).waitFor({ timeout: 60_000 });
      await visitor.settings({ tokens: 4 });
      await visitor.say('Still there?');
      await visitor.answered();
      await visitor.at('file-input').first().setInputFiles(file);
      await visitor.at('status').filter({ hasText: 'SmolLM2' }).waitFor({ timeout: 60_000 });
      assert.deepEqual(engines(), ['engine']);
    }
  });
});

test('a worker that dies is replaced within a second, and the conversation stays', async () => {
  const visitor = await Visitor.open(here.browser, here.site.url);
  await visitor.load();
  await visitor.settings({ sampler: 'greedy', tokens: 300 });
  await visitor.say('Count from one to one hundred in words.');
  await visitor.tokens().nth(3).waitFor({ timeout: 60_000 });
  const [worker] = visitor.page.workers();
  const replaced = visitor.page.waitForEvent('worker', { timeout: 10_000 });
  const start = Date.now();
  // A real trap: an allocation that no browser grants.
  await worker.evaluate(async () => {
    const engine = await import(new URL('./engine.js', self.location).href);
    const wasm = await engine.default();
    setTimeout(() => {
      for (;;) wasm.__wbindgen_malloc(0x40000000, 1);
    });
  });
  await replaced;
  const ms = Date.now() - start;
  assert.ok(ms < 1000, `replaced after ${ms} ms`);
  await visitor
    .at('problem')
    .filter({ hasText: /memory/i })
    .waitFor();
  assert.ok((await visitor.at('answer').last().innerText()).length > 3);
  await visitor.ready();
  await visitor.settings({ tokens: 4 });
  await visitor.at('regenerate').waitFor();
  await visitor.say('Go on.');
  await visitor.tokens().nth(3).waitFor({ timeout: 120_000 });
  assert.equal(await visitor.at('answer').count(), 2);
  await visitor.close();
});

test('the page works without isolation headers', async () => {
  const plain = await serve('--no-isolation');
  const visitor = await Visitor.open(here.browser, plain.url);
  assert.equal(await visitor.page.evaluate(() => crossOriginIsolated), false);
  await visitor.load();
  await visitor.settings({ sampler: 'greedy', tokens: 8 });
  await visitor.say(QUESTION);
  await visitor.answered();
  assert.equal(await visitor.tokens().count(), 8);
  await visitor.close();
  plain.close();
});

describe('a model from the web', () => {
  let hub;
  before(async () => {
    hub = await startHub(file);
  });
  after(() => hub?.close());

  const open = (name, changes = {}) =>
    Visitor.open(here.browser, here.site.url, {
      manifest: [{ ...wholeFile, urls: [hub.url(name)], ...changes }],
    });

  for (const [name, words, changes] of [
    ['missing', /404/],
    ['page', /web page/],
    ['gone', /lost|reached/],
    ['whole', /SHA-256/, { sha256: '0'.repeat(64) }],
    ['whole', /longer than/, { bytes: 1000 }],
  ]) {
    test(`${name}${changes ? ` with a wrong ${Object.keys(changes)}` : ''}: the page says what happened, and nothing is kept`, async () => {
      const visitor = await open(name, changes);
      await visitor.at('load-model').click();
      await visitor.at('problem').filter({ hasText: words }).waitFor({ timeout: 60_000 });
      const kept = await visitor.page.evaluate(
        async () => (await (await caches.open('entropix-models')).keys()).length,
      );
      assert.equal(kept, 0);
      await visitor.at('load-model').waitFor();
      await visitor.close();
    });
  }

  test('a broken connection is resumed, and the next visit needs no download', async () => {
    const visitor = await open('broken-once');
    await visitor.load();
    const resumed = hub.requests.filter(({ path }) => path === '/broken-once');
    assert.equal(resumed.length, 2);
    assert.ok(resumed[1].start > 1e6, 'the second request asked for the rest');
    const before = hub.requests.length;
    await visitor.page.reload();
    await visitor.load();
    assert.equal(hub.requests.length, before);
    await visitor.at('forget').click();
    await visitor.page.waitForFunction(
      async () => !(await caches.keys()).includes('entropix-models'),
    );
    await visitor.close();
  });
});
