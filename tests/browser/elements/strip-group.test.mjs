// Strips and the inspector they share.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { quantity } from '../../../crates/embed/js/marks.js';
import { percent } from '../../../crates/embed/js/words.js';
import { atStrictPage, close, give, tokens } from '../support/tokens.mjs';
import { eventually } from '../support/wait.mjs';

const host = atStrictPage();

describe('a group', () => {
  test('shows the token pointed at, else the chosen one, else the newest', async () => {
    const visitor =
      await host(`<entropix-tokens id="a" group="g" inspector="none"></entropix-tokens>
      <entropix-tokens id="b" group="g" inspector="none" follow></entropix-tokens>
      <entropix-inspector group="g" vocabulary="1010"></entropix-inspector>`);
    const { page } = visitor;
    await page.getByText('Choose a word of the answer').waitFor();
    await give(page, '#a', tokens.slice(0, 20));
    await give(page, '#b', tokens.slice(20, 30));
    const shows = (index, of) =>
      page.getByText(`token ${index + 1} of ${of}`, { exact: true }).waitFor();
    const token = (strip, index) =>
      page.locator(strip).getByTestId('token').nth(index).locator('.word-of');
    const append = (index) =>
      page.locator('#b').evaluate((strip, entry) => strip.append(entry), tokens[index]);
    const chosen = () =>
      page.locator('#a, #b').evaluateAll((strips) => strips.map(({ selected }) => selected));
    await shows(9, 10);
    await page.getByText('1,002 others').waitFor();
    await token('#a', 3).hover();
    await shows(3, 20);
    await append(30);
    await shows(3, 20);
    await page.mouse.move(0, 0);
    await shows(10, 11);
    await token('#a', 5).click();
    await page.mouse.move(0, 0);
    await append(31);
    await shows(5, 20);
    await token('#b', 1).hover();
    await shows(1, 12);
    await page.mouse.move(0, 0);
    await shows(5, 20);
    await token('#b', 2).click();
    assert.deepEqual(await chosen(), [null, 2]);
    await shows(2, 12);
    // A bar of the timeline is a token.
    const line = page.locator('entropix-inspector').locator('.line');
    const { width, height } = await line.boundingBox();
    await line.click({ position: { x: (7.5 / 48) * width, y: height / 2 } });
    assert.deepEqual(await chosen(), [null, 7]);
    await page.mouse.move(0, 0);
    await shows(7, 12);
    await page.locator('#b').evaluate((strip) => {
      strip.selected = null;
    });
    await shows(11, 12);
    await page.evaluate(() => document.getElementById('b').remove());
    await page.getByText('Choose a word of the answer').waitFor();
    await close(visitor);
  });

  test('draws what grows with an answer now and then, and all of it in the end', async () => {
    const visitor = await host(`<entropix-tokens group="g" inspector="none"></entropix-tokens>
      <entropix-inspector group="g"></entropix-inspector>
      <varentropy-plane group="g"></varentropy-plane>`);
    const { page } = visitor;
    await page.getByText('Choose a word of the answer').waitFor();
    await page.locator('varentropy-plane').locator('svg').first().waitFor();
    const { drawn, frames, most } = await page.evaluate(async (all) => {
      const [strip, inspector, plane] = [
        'entropix-tokens',
        'entropix-inspector',
        'varentropy-plane',
      ].map((name) => document.querySelector(name));
      const drawn = [inspector, plane].map((each, i) => {
        each.draw = () => {
          drawn[i] += 1;
          Object.getPrototypeOf(each).draw.call(each);
        };
        return 0;
      });
      strip.busy = true;
      const start = performance.now();
      let frames = 0;
      for (const entry of all) {
        strip.append(entry);
        await new Promise(requestAnimationFrame);
        frames += 1;
      }
      // One at the start, one every quarter of a second.
      return { drawn, frames, most: 2 + (performance.now() - start) / 250 };
    }, tokens);
    assert.equal(frames, tokens.length);
    for (const times of drawn) assert.ok(times > 0 && times <= most, `${times} of ${most}`);
    await page.locator('entropix-tokens').evaluate((strip) => {
      strip.busy = false;
    });
    await page.getByText('The whole answer').waitFor();
    await eventually(async () => {
      const dots = page.locator('varentropy-plane').locator('.spot');
      assert.equal(await dots.count(), tokens.length);
    });
    await close(visitor);
  });

  test('says for one token what the model saw and what the sampler did', async () => {
    const visitor = await host('<entropix-tokens src="traces/larger-b.json"></entropix-tokens>');
    const index = tokens.findIndex(
      ({ decision, top }) => decision.candidates && !top.some(({ id }) => id === decision.token),
    );
    const at = index < 0 ? tokens.findIndex(({ decision }) => decision.candidates) : index;
    const entry = tokens[at];
    await visitor.tokens().nth(at).click();
    await visitor.page.getByText(`token ${at + 1} of ${tokens.length}`).waitFor();
    assert.equal(await visitor.at('sentence').innerText(), entry.decision.sentence);
    const rows = await visitor.at('alternatives').locator('li').allInnerTexts();
    assert.equal(rows.length, 8);
    // What was chosen has the last row if it is not among the first.
    const among = entry.top.slice(0, 8).some(({ id }) => id === entry.decision.token);
    const best = among ? entry.top.slice(0, 8) : [...entry.top.slice(0, 7), entry];
    for (const [place, row] of rows.entries()) assert.ok(row.includes(percent(best[place].p)), row);
    const text = await visitor.at('inspector').innerText();
    const { entropy_bits: h, varentropy_bits2: v } = entry.decision.uncertainty;
    for (const part of [
      `${quantity(h)} bits`,
      `${quantity(v)} bits²`,
      'temperature',
      'score in nats',
      'the most probable of them wins',
      '49,144 others',
    ]) {
      assert.ok(text.replaceAll('\u00a0', ' ').includes(part), part);
    }
    await close(visitor);
  });
});
