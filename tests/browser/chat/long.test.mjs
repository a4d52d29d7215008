// A chat of many turns: what is out of sight costs nothing, and is there all the same.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { printed } from '../support/pdf.mjs';
import { atSite, Visitor } from '../support/site.mjs';
import { eventually } from '../support/wait.mjs';

const here = atSite();
const COUNT = 40;

/** As earlier pages kept a conversation. */
const conversation = JSON.stringify({
  version: 1,
  turns: Array.from({ length: 2 * COUNT }, (_, at) => ({
    id: at + 1,
    parent: at || null,
    body: {
      Said:
        at % 2
          ? { role: 'assistant', content: 'A word or two. '.repeat(60) }
          : { role: 'user', content: `Question${at / 2 + 1}.` },
    },
  })),
  head: 2 * COUNT,
  last: 2 * COUNT,
});

test('turns out of sight are not drawn, are found, and are printed', async () => {
  const visitor = await Visitor.open(here.browser, here.site.url);
  const { page } = visitor;
  await page.evaluate((text) => {
    localStorage.setItem('entropix.conversation', text);
    sessionStorage.removeItem('entropix.conversation');
  }, conversation);
  await page.reload();
  const turns = page.locator('.turn');
  await eventually(async () => assert.equal(await turns.count(), 2 * COUNT));
  const drawn = () =>
    turns.evaluateAll((all) =>
      all.map((turn) => turn.firstElementChild.checkVisibility({ contentVisibilityAuto: true })),
    );
  await page.evaluate(() => scrollTo(0, 0));
  await eventually(async () => {
    const now = await drawn();
    assert.ok(now[0] && now.filter(Boolean).length < COUNT, now.join());
  });
  // To the end, and again as long as what comes into sight is higher than was thought.
  await eventually(async () => {
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    const now = await drawn();
    assert.ok(now.at(-1) && !now[0], now.join());
  });
  const found = await page.evaluate(() => {
    getSelection().removeAllRanges();
    return /** @type {any} */ (window).find('Question1.', true, true);
  });
  assert.ok(found);
  assert.ok((await drawn())[0], 'what is found is in sight');
  const { text } = await printed(await page.pdf());
  for (let number = 1; number <= COUNT; number += 1)
    assert.ok(text.includes(`Question${number}.`), `question ${number} is not on paper`);
  // A line that two pages share may be read in another order.
  assert.ok(text.match(/Awordortwo/g).length > 59 * COUNT);
  assert.deepEqual(visitor.errors, []);
  await visitor.close();
});
