// Browsers that grant less: no secure context, no memory.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { launch, served, Visitor } from './support/site.mjs';

let site;
before(async () => {
  site = await served();
});

async function visit(flags, url, look) {
  const browser = await launch(...flags);
  try {
    await look(await Visitor.open(browser, url));
  } finally {
    await browser.close();
  }
}

test('over plain http from elsewhere the page chats, and says that nothing is stored', async () => {
  const url = site.url.replace('127.0.0.1', 'desk.example').replace('localhost', 'desk.example');
  await visit(['--host-resolver-rules=MAP desk.example 127.0.0.1'], url, async (visitor) => {
    assert.equal(await visitor.page.evaluate(() => isSecureContext), false);
    await visitor.page.getByText(/plain http/).waitFor();
    await visitor.load();
    await visitor.settings({ sampler: 'greedy', tokens: 4 });
    await visitor.say('Hello!');
    await visitor.answered();
    assert.equal(await visitor.at('forget').count(), 0);
    assert.deepEqual(visitor.errors, []);
  });
});

test('a model that does not fit into memory is refused in words', async () => {
  // 1,000 pages of 64 KiB: less than the model.
  await visit(['--js-flags=--wasm-max-mem-pages=1000'], site.url, async (visitor) => {
    await visitor.at('load-model').click();
    await visitor
      .at('problem')
      .filter({ hasText: /memory ran out/i })
      .waitFor({ timeout: 60_000 });
    await visitor.at('load-model').waitFor();
    await visitor.tokens().first().click();
    await visitor.at('inspector').getByText('token 1 of').waitFor();
    assert.match(await visitor.at('sentence').innerText(), /\S/);
  });
});
