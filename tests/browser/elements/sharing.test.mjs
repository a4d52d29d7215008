// The dialog that shares a chart.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { ring, started } from '../support/charts.mjs';
import { atHost, done } from '../support/elements.mjs';
import { POLICY } from '../support/host.mjs';
import { eventually } from '../support/wait.mjs';

const here = atHost();
const { embed, visit } = here;

describe('sharing', () => {
  /** Opens the dialog and reads its three texts. */
  async function texts(chart) {
    await chart.getByRole('button', { name: 'Share' }).click();
    const dialog = chart.getByRole('dialog');
    await dialog.waitFor();
    const found = await dialog
      .locator('textarea')
      .evaluateAll((all) => all.map(({ value }) => value));
    await dialog.getByRole('button', { name: 'Close' }).click();
    assert.equal(await dialog.count(), 0);
    return found;
  }
  /** Everything a chart says. */
  const said = (chart) =>
    chart.evaluate(({ shadowRoot }) => [
      ...[...shadowRoot.querySelectorAll('.values, .note, .corner')].map(
        ({ textContent }) => textContent,
      ),
      shadowRoot.querySelector('.handle').getAttribute('aria-valuetext'),
    ]);

  test('copies a text, or selects it where that is not allowed', async () => {
    const visitor = await embed(
      '<varentropy-curve p="0.8"></varentropy-curve><iframe src="https://YOUR-HOST/embed.html?chart=curve" title="Two outcomes" height="700" sandbox="allow-scripts"></iframe>',
      { page: { policy: `${POLICY.elements}; ${POLICY.frame}` } },
    );
    const { page } = visitor;
    await page
      .context()
      .grantPermissions(['clipboard-read', 'clipboard-write'], { origin: here.host.origin });
    const curve = page.locator('varentropy-curve');
    await curve.getByRole('button', { name: 'Share' }).click();
    await curve.getByRole('button', { name: 'Copy' }).nth(2).click();
    await curve.getByRole('button', { name: 'Copied' }).waitFor();
    assert.equal(
      await page.evaluate(() => navigator.clipboard.readText()),
      await curve.locator('textarea').nth(2).inputValue(),
    );
    await page.keyboard.press('Escape');
    assert.equal(await curve.getByRole('dialog').count(), 0);
    const inside = page.locator('iframe').contentFrame();
    await inside.getByRole('button', { name: 'Share' }).click();
    await inside.getByRole('button', { name: 'Copy' }).first().click();
    const area = inside.locator('textarea').first();
    await eventually(async () =>
      assert.deepEqual(
        await area.evaluate(({ selectionStart, selectionEnd }) => [selectionStart, selectionEnd]),
        [0, (await area.inputValue()).length],
      ),
    );
    // The browser's own words: it was asked, and said no.
    await eventually(() =>
      assert.ok(visitor.errors.some((text) => text.startsWith('Permissions policy violation'))),
    );
    visitor.errors = visitor.errors.filter(
      (text) => !text.startsWith('Permissions policy violation'),
    );
    await done(visitor);
  });

  const CASES = [
    ['curve', 'labels="a&amp;b,&lt;&quot;ä&quot;&gt;" units="nats"'],
    [
      'triangle',
      'p="0.2 0.3 0.5" mode="rules" labels="yes,no,maybe" path temperature="1.5" low-entropy="0.5" contours="h"',
    ],
    ['plane', 'p="0.5 0.2 0.2 0.1" n="4" scale="fit" preset="A" points="1,0.5 0.2,0.7" path'],
  ];
  for (const [name, attributes] of CASES) {
    test(`reproduces a ${name}: as a tag, as a frame, as a link`, async () => {
      const visitor = await embed(`<varentropy-${name} ${attributes}></varentropy-${name}>`, {
        viewport: { width: 700, height: 900 },
      });
      const chart = visitor.page.locator(`varentropy-${name}`);
      await started(visitor.page);
      const before = await said(chart);
      await ring(chart).focus();
      await visitor.page.keyboard.press('Shift+ArrowUp');
      await eventually(async () => assert.notDeepEqual(await said(chart), before));
      const expected = await said(chart);
      const [tag, frame, link] = await texts(chart);
      await done(visitor);

      const pasted = await embed(tag, {
        page: { head: '' },
        viewport: { width: 700, height: 900 },
      });
      await eventually(async () =>
        assert.deepEqual(await said(pasted.page.locator(`varentropy-${name}`)), expected),
      );
      await done(pasted);

      const framed = await embed(frame, {
        page: { head: '', policy: POLICY.frame },
        viewport: { width: 700, height: 900 },
      });
      const inside = framed.page.locator('iframe').contentFrame().locator(`varentropy-${name}`);
      await eventually(async () => assert.deepEqual(await said(inside), expected));
      const room = await framed.page
        .locator('iframe')
        .contentFrame()
        .locator('html')
        .evaluate(({ scrollHeight }) => innerHeight - scrollHeight);
      assert.ok(room >= -8, `the frame is ${-room} px too low`);
      await done(framed);

      const opened = await visit(link, { viewport: { width: 700, height: 900 } });
      await eventually(async () =>
        assert.deepEqual(await said(opened.page.locator(`varentropy-${name}`)), expected),
      );
      await done(opened);
    });
  }
});
