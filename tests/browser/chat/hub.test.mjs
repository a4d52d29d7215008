// Models by their repository, from a server that answers like Hugging Face.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { startHub } from '../support/hub.mjs';
import { launch, served, Visitor } from '../support/site.mjs';

const TINY = fileURLToPath(new URL('../../golden/models/tiny-phi2.gguf', import.meta.url));

describe('a repository', () => {
  let hub, site, browser;
  before(async () => {
    hub = await startHub(TINY);
    site = await served();
    browser = await launch(...hub.flags);
  });
  after(async () => {
    await browser?.close();
    hub?.close();
  });

  const open = async (options = {}) => {
    const visitor = await Visitor.open(browser, site.url, options);
    await visitor.at('load-model').waitFor();
    await visitor.at('models').click();
    await visitor.at('model-sheet').waitFor();
    return visitor;
  };
  /** By the keyboard alone. */
  const ask = async (visitor, text) => {
    await visitor.at('hub').fill(text);
    await visitor.at('hub').press('Enter');
  };
  const row = (visitor, name) => visitor.at('hub-files').locator('li').filter({ hasText: name });

  test('is listed with sizes and reasons, and one of its models runs, now and at the next visit', async () => {
    const visitor = await open();
    assert.deepEqual(hub.requests, [], 'nothing is asked before the person does');
    await ask(visitor, 'https://huggingface.co/someone/tiny-GGUF/tree/main');
    await row(visitor, 'tiny').first().getByText('0.2 MB · mit · not tried here').waitFor();
    assert.equal(await visitor.at('hub-files').locator('li').count(), 3);
    await row(visitor, 'IQ2_M')
      .getByText(/can’t be run: has weights of a type/)
      .waitFor();
    await row(visitor, '00001')
      .getByText(/can’t be run: one part of several/)
      .waitFor();
    for (const name of ['IQ2_M', '00001'])
      assert.ok(await row(visitor, name).getByTestId('load-hub').isDisabled());
    await visitor.at('load-hub').first().click();
    await visitor.at('model-sheet').waitFor({ state: 'hidden' });
    await visitor.at('status').filter({ hasText: 'tiny' }).waitFor({ timeout: 60_000 });
    assert.deepEqual(
      hub.requests.map(({ path }) => path),
      ['/api/models/someone/tiny-GGUF', '/tiny.gguf'],
    );
    await visitor.page.reload();
    await visitor.at('status').filter({ hasText: 'tiny' }).waitFor({ timeout: 60_000 });
    await visitor.at('models').click();
    await visitor.at('forget').waitFor();
    assert.equal(hub.requests.length, 2);
    assert.deepEqual(visitor.errors, []);
    await visitor.close();
  });

  test('that is not there, shut or not to be had is said in words, on a phone', async () => {
    const visitor = await open({ viewport: { width: 390, height: 844 } });
    for (const [text, words] of /** @type {[string, RegExp][]} */ ([
      ['smol', /names no repository/],
      ['someone/missing', /shows nobody a repository someone\/missing/],
      ['someone/busy', /Try again in some minutes/],
      ['someone/odd', /could not be read/],
    ])) {
      await ask(visitor, text);
      await visitor.at('hub-said').filter({ hasText: words }).waitFor();
    }
    await ask(visitor, 'someone/gated');
    await row(visitor, 'tiny')
      .first()
      .getByText(/ask for a login/)
      .waitFor();
    assert.ok(await visitor.at('load-hub').first().isDisabled());
    const wide = await visitor.page.evaluate(() => {
      const sheet = document.querySelector('[data-testid=model-sheet]');
      return sheet.scrollWidth > sheet.clientWidth;
    });
    assert.ok(!wide, 'it fits');
    await visitor.page.context().setOffline(true);
    await ask(visitor, 'someone/tiny-GGUF');
    await visitor
      .at('hub-said')
      .filter({ hasText: /could not be reached/ })
      .waitFor();
    assert.equal(await visitor.at('hub').inputValue(), 'someone/tiny-GGUF');
    await visitor.close();
  });
});
