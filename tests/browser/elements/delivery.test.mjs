// What a page with elements downloads, and when.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { drawn } from '../support/charts.mjs';
import { atHost, done } from '../support/elements.mjs';
import { documented } from '../support/host.mjs';
import { eventually } from '../support/wait.mjs';

const here = atHost();
const CURVE = '<varentropy-curve p="0.8"></varentropy-curve>';
const STRIP = '<entropix-tokens src="https://YOUR-HOST/traces/sky-b.json"></entropix-tokens>';
/** Files of the elements that were asked for, by name. */
const asked = ({ requests }) =>
  requests.filter((url) => url.includes('/embed/v1/')).map((url) => url.split('/').at(-1));

describe('the files of the elements', () => {
  test('are two for the first chart, small as they are sent, and others follow when used', async () => {
    const visitor = await here.embed(CURVE);
    const { page } = visitor;
    await drawn(page.locator('varentropy-curve'));
    await page.waitForLoadState('networkidle');
    const files = asked(visitor).sort();
    assert.deepEqual(files, ['embed.js', 'embed_bg.wasm']);
    let bytes = 0;
    for (const file of files) {
      const { headers } = await fetch(new URL(`embed/v1/${file}`, here.url), {
        method: 'HEAD',
        headers: { 'accept-encoding': 'gzip, br' },
      });
      assert.equal(headers.get('content-encoding'), 'br', file);
      bytes += Number(headers.get('content-length'));
    }
    assert.ok(bytes <= 45_000, `${bytes} bytes`);

    await page.getByRole('button', { name: 'Share' }).click();
    await page.getByRole('dialog').waitFor();
    assert.match(asked(visitor).at(-1), /^share-[0-9a-f]{16}\.js$/);
    await page.keyboard.press('Escape');
    await page.evaluate(
      (html) => {
        const box = document.createElement('div');
        box.innerHTML = html;
        document.querySelector('main').append(box);
      },
      STRIP.replace('https://YOUR-HOST/', here.url),
    );
    await page.locator('entropix-tokens').scrollIntoViewIfNeeded();
    await drawn(page.locator('entropix-tokens'));
    assert.ok(asked(visitor).includes('text.js'));
    await done(visitor);
  });

  test('come at once, if the head says so: the maths does not wait for the script', async () => {
    const head = documented('html', 'modulepreload');
    const visitor = await here.embed(CURVE, { page: { head } });
    const { page } = visitor;
    const sets = () => asked(visitor).filter((name) => name === 'embed_bg.wasm').length;
    const before = sets();
    // The script arrives only when the maths was asked for.
    await page.route('**/embed/v1/embed.js', async (route) => {
      await eventually(async () => assert.ok(sets() > before, 'the maths waits for the script'));
      await route.continue();
    });
    await page.reload();
    await drawn(page.locator('varentropy-curve'));
    assert.equal(sets(), before + 1, 'the maths is fetched once');
    await done(visitor);
  });

  test('that can not be had are asked for again', async () => {
    const visitor = await here.embed(CURVE);
    const { page } = visitor;
    const curve = page.locator('varentropy-curve');
    await drawn(curve);
    await page.route('**/share-*.js', (route) => route.abort(), { times: 1 });
    await page.getByRole('button', { name: 'Share' }).click();
    await curve.getByText('could not be loaded').first().waitFor();
    await page.getByRole('button', { name: 'Share' }).click();
    await page.getByRole('dialog').waitFor();
    assert.equal(visitor.warnings.length, 1);
    assert.match(visitor.warnings[0], /share/);
    await visitor.close();
  });
});
