// The same visit in Firefox and in Chromium, over WebDriver BiDi: load, chat, stop.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { inBoth } from './support/browsers.mjs';
import { served } from './support/site.mjs';
import { eventually, redrawn } from './support/wait.mjs';

const at = (id) => `[data-testid="${id}"]`;

let site;
before(async () => {
  site = await served();
});

inBoth('the page', ({ page: open }) => {
  test('loads, chats and stops', { timeout: 300_000 }, async () => {
    const errors = [];
    const page = await open(site.url, {}, errors);
    // Words are in shadow roots.
    const words = () =>
      page.$$eval(`pierce/${at('token')}`, (list) =>
        list.map(({ textContent }) => textContent).join(''),
      );
    const atMost = (tokens) =>
      page.$eval(
        at('max-tokens'),
        (input, tokens) => {
          input.value = tokens;
          for (const type of ['input', 'change'])
            input.dispatchEvent(new Event(type, { bubbles: true }));
        },
        String(tokens),
      );
    const ask = async (text) => {
      await page.type(at('composer'), text);
      await page.click(at('send'));
    };

    await page.waitForSelector(at('load-model'));
    await page.click(at('load-model'));
    await page.waitForFunction(
      (status) => document.querySelector(status)?.textContent.includes('98.4 MB'),
      { timeout: 120_000 },
      at('status'),
    );

    await page.click(`${at('sampler')} summary`);
    await page.click(`${at('sampler')} input[type=radio][value=greedy]`);
    await atMost(8);
    await ask('What is the capital of France?');
    await page.waitForSelector(at('regenerate'), { timeout: 120_000 });
    await eventually(async () => assert.match(await words(), /The capital of France is Paris/));

    // From another word on: what stood before it stays.
    const tokens = await page.$$(`pierce/${at('token')}`);
    await tokens[3].click();
    // The rows may be written anew once more: a locator looks for them again.
    await page.locator(`pierce/${at('alternatives')} button`).click();
    await page.waitForSelector(at('versions'), { timeout: 60_000 });
    await eventually(async () =>
      assert.match(await words(), /^The capital of (?!France is Paris)/),
    );
    await page.waitForSelector('pierce/.token[data-mark=given]');
    await page.click(at('undo'));
    await page.waitForSelector('pierce/.token[data-mark=given]', { hidden: true });
    await eventually(async () => assert.match(await words(), /The capital of France is Paris/));

    await atMost(0);
    await ask('Tell me a long story about the sea.');
    // From here on the earlier answer cannot be regenerated: what can be is the next one.
    await page.waitForSelector(at('stop'), { timeout: 60_000 });
    const before = (await words()).length;
    await eventually(async () => assert.ok((await words()).length > before + 40));
    // By keyboard: a click so soon after the one on Send, in its place, would be a double click.
    await page.focus(at('stop'));
    await page.keyboard.press('Enter');
    await page.waitForSelector(at('regenerate'), { timeout: 60_000 });
    await redrawn(page);
    const stopped = (await words()).length;
    // Longer than a token takes.
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal((await words()).length, stopped);
    assert.deepEqual(errors, []);
  });
});
