// Charts of one group.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  drag,
  heat,
  mix,
  near,
  places,
  ring,
  shows,
  started,
  values,
  written,
} from '../support/charts.mjs';
import { atHost, done } from '../support/elements.mjs';
import { recorded } from '../support/json.mjs';
import { eventually, redrawn } from '../support/wait.mjs';

const { embed } = atHost();

describe('a group', () => {
  test('shows one point', async () => {
    const visitor = await embed(
      `<varentropy-triangle id="t" group="g"></varentropy-triangle><varentropy-plane id="p" n="3" scale="fit" group="g" path></varentropy-plane>
      <varentropy-triangle id="u" group="g" path></varentropy-triangle><varentropy-triangle id="other" group="h"></varentropy-triangle>`,
      { viewport: { width: 700, height: 3000 } },
    );
    const { page } = visitor;
    const at = (id) => page.locator(`#${id}`);
    await started(page);
    const corners = await places(at('t'), [1, 0, 0], [0, 1, 0], [0, 0, 1], [0.4, 0.3, 0.3]);
    const p = [0.15, 0.75, 0.1];
    await drag(page, at('t'), mix(corners, p), async () => {
      const now = await written(at('t'));
      for (const id of ['p', 'u']) await shows(at(id), now);
    });
    const now = await written(at('t'));
    near(now, p, 0.006);
    for (const id of ['t', 'p', 'u']) await shows(at(id), now);
    await shows(at('other'), [0.6, 0.3, 0.1]);
    assert.deepEqual(
      [...new Set((await visitor.heard()).map(({ id }) => id))],
      ['t'],
      'one of them speaks',
    );
    await ring(at('p')).focus();
    await page.keyboard.press('Shift+ArrowRight');
    for (const id of ['t', 'p', 'u']) await shows(at(id), heat(now, 1.1));
    // Moving a heated point keeps the temperature.
    await ring(at('u')).focus();
    await page.keyboard.press('Home');
    for (const id of ['t', 'p', 'u']) await shows(at(id), [1 / 3, 1 / 3, 1 / 3]);
    assert.equal(await at('u').getAttribute('temperature'), '1.1');
    // Out of the group.
    await at('p').evaluate((it) => {
      it.group = 'elsewhere';
    });
    await at('u').evaluate((it) => it.remove());
    await at('t').getByRole('slider', { name: /^A/ }).fill('0.8');
    await eventually(async () => near([heat(await written(at('t')), 1.1)[0]], [0.8], 1e-3));
    await redrawn(page);
    await shows(at('p'), [1 / 3, 1 / 3, 1 / 3]);
    await done(visitor);
  });

  test('of charts with other numbers of outcomes takes what it can', async () => {
    const visitor = await embed(
      '<varentropy-curve id="c" group="g"></varentropy-curve><varentropy-triangle id="t" group="g"></varentropy-triangle><varentropy-plane id="p" group="g"></varentropy-plane>',
    );
    const at = (id) => visitor.page.locator(`#${id}`);
    await started(visitor.page);
    await at('c').getByRole('slider', { name: /^A/ }).fill('0.9');
    for (const id of ['c', 'p']) await shows(at(id), [0.9, 0.1]);
    await shows(at('t'), [0.6, 0.3, 0.1]);
    await at('t').getByRole('slider', { name: /^A/ }).fill('0.8');
    await shows(at('p'), await written(at('t')));
    await shows(at('c'), [0.9, 0.1]);
    await done(visitor);
  });

  test('shows the token that is pointed at', async () => {
    const { tokens } = await recorded('larger-b');
    const visitor = await embed(
      `<entropix-tokens group="g" src="https://YOUR-HOST/traces/larger-b.json" inspector="none"></entropix-tokens>
      <varentropy-plane id="p" preset="B" group="g"></varentropy-plane><varentropy-triangle id="t" group="g"></varentropy-triangle>`,
      { viewport: { width: 700, height: 2400 } },
    );
    const { page } = visitor;
    await visitor.tokens().nth(5).click();
    const { entropy_bits: h, varentropy_bits2: v } = tokens[5].decision.uncertainty;
    for (const id of ['p', 't']) {
      await eventually(async () => {
        const shown = await values(page.locator(`#${id}`));
        near([shown.h, shown.v], [h, v], 5.1e-4);
      });
    }
    assert.equal(await page.locator('#p circle.spot').count(), tokens.length);
    assert.match(await page.locator('#t .note').innerText(), /left out: [\d.]+ %/);
    const [{ type, detail }] = (await visitor.heard()).slice(-1);
    assert.deepEqual([type, detail.index, detail.entry.label], ['change', 5, tokens[5].label]);
    await page.locator('#p circle.spot').nth(40).dispatchEvent('click');
    await eventually(async () =>
      assert.equal(await page.locator('entropix-tokens').evaluate((strip) => strip.selected), 40),
    );
    await done(visitor);
  });
});
