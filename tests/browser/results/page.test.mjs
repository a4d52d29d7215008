// The page of results: what it says is what was published, and what it runs comes out the same.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { json } from '../support/outcomes.mjs';
import { looseNumbers, wrongFacts } from '../support/prose.mjs';
import { atSite, Visitor } from '../support/site.mjs';
import { eventually } from '../support/wait.mjs';

const here = atSite();
const open = (options) =>
  Visitor.open(here.browser, new URL('results.html', here.site.url).href, options);

describe('the text', () => {
  let visitor;
  before(async () => {
    visitor = await open({ javaScriptEnabled: false });
  });
  after(() => visitor?.close());

  test('every number is what the outcomes give', async () => {
    assert.deepEqual(await wrongFacts(visitor.page, 20), []);
  });

  test('no number stands outside a fact', async () => {
    assert.deepEqual(await looseNumbers(visitor.page), []);
  });
});

describe('recorded answers', () => {
  test('to every question at which samplers part, token by token', async () => {
    const partings = json('traces/index.json');
    const visitor = await open();
    const { page } = visitor;
    await page.locator('recorded-partings').scrollIntoViewIfNeeded();
    const questions = page.getByLabel('Question');
    await questions.waitFor();
    assert.equal(await questions.locator('option').count(), partings.length);
    for (const at of [0, partings.length - 1]) {
      await questions.selectOption(`${at}`);
      const { answers, question } = partings[at];
      for (const { arm, file } of answers) {
        await page
          .locator('recorded-partings')
          .getByRole('button', { name: arm, exact: true })
          .click();
        const said = json(`traces/${file}`)
          .tokens.map(({ text }) => text)
          .join('');
        await eventually(async () => {
          const trace = page.locator('entropix-trace');
          assert.equal(await trace.getAttribute('src').then((src) => src.split('/').at(-1)), file);
          const seen = await trace.evaluate(written);
          for (const part of [question, said])
            assert.ok(squeezed(seen).includes(squeezed(part)), `${file}: ${seen}`);
        });
      }
    }
    assert.deepEqual(visitor.errors, []);
    await visitor.close();
  });

  test('stop where one wants, and begin anew', async () => {
    const visitor = await open();
    const { page } = visitor;
    const again = page.locator('run-it-here');
    await again.getByText('download of 98.4 MB').waitFor();
    await again.getByRole('button', { name: 'Load the model' }).click();
    await again.getByRole('button', { name: 'Stop' }).click();
    await again.getByText('Stopped.').waitFor();
    const start = again.getByRole('button', { name: 'Answer them again' });
    await start.waitFor();
    assert.equal(await start.evaluate((button) => button === document.activeElement), true);
    await start.click();
    await again.getByText(/^Answer \d/).waitFor({ timeout: 120_000 });
    await again.getByRole('button', { name: 'Stop' }).click();
    await again.getByText('Stopped.').waitFor();
    const rows = await again.locator('tbody tr').count();
    await page.waitForTimeout(1000);
    assert.equal(await again.locator('tbody tr').count(), rows);
    await again.getByText('Stopped.').waitFor();
    assert.deepEqual(visitor.errors, []);
    await visitor.close();
  });

  test('come out again in this browser', async () => {
    const visitor = await open();
    const { page } = visitor;
    const again = page.locator('run-it-here');
    await again.scrollIntoViewIfNeeded();
    await again.getByText('download of 98.4 MB').waitFor();
    await again.getByRole('button', { name: 'Load the model' }).click();
    const families = new Set(json('traces/index.json').map(({ family }) => family));
    const count = 3 * families.size;
    await page
      .getByText(`${count} of ${count} answers are the same, token for token.`)
      .waitFor({ timeout: 240_000 });
    assert.equal(await again.locator('tbody tr').count(), count);
    assert.deepEqual(visitor.errors, []);
    await visitor.close();
  });
});

/** All that is written in an element and its shadows; style sheets are none of it. */
function written(element) {
  const text = (node) =>
    node.nodeType === Node.TEXT_NODE
      ? node.textContent
      : [...(node.shadowRoot ?? node).childNodes].map(text).join('');
  return text(element);
}
const squeezed = (text) => text.replace(/\s+/g, '');
