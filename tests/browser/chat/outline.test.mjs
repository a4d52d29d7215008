// The tree of a chat, in the rail.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { audit } from '../support/axe.mjs';
import { atSite, Visitor } from '../support/site.mjs';
import { eventually } from '../support/wait.mjs';

const here = atSite();
const WIDE = { viewport: { width: 1366, height: 768 } };

/** The lines of the tree, each with how far it is in and whether it is on the way that is shown. */
const lines = (visitor) =>
  visitor
    .at('outline')
    .locator('li')
    .evaluateAll((all) =>
      all.map((line) => {
        const shown = line.firstElementChild.ariaCurrent === 'true';
        return `${line.dataset.depth}${shown ? '*' : ' '}${line.innerText}`;
      }),
    );

test('has every version, and leads from one to another by keyboard', async () => {
  const visitor = await Visitor.open(here.browser, here.site.url, WIDE);
  await visitor.load();
  await visitor.settings({ sampler: 'plain', seed: 1, tokens: 6 });
  await visitor.say('Hello!');
  await visitor.answered();
  assert.equal(await visitor.at('outline').count(), 0);
  await visitor.fork(() => visitor.at('regenerate').click());
  await visitor.answered();
  await visitor.say('And now?');
  await visitor.answered();
  await visitor.at('outline').locator('summary').click();
  await audit(visitor.page);
  const told = async (...expected) => {
    const found = await eventually(async () => {
      const found = await lines(visitor);
      assert.equal(found.length, expected.length, found.join('\n'));
      for (const [at, start] of expected.entries())
        assert.ok(found[at].startsWith(start), `${found[at]} does not begin with ${start}`);
      return found;
    });
    return found;
  };
  const [, first] = await told(
    '0*You Hello!',
    '1 plain, seed 1',
    '1*plain, seed 2',
    '1*You And now?',
    '1*plain, seed 1',
  );
  const line = visitor.at('outline').locator('li button').nth(1);
  await line.press('Enter');
  await told('0*You', '1*plain, seed 1', '1 plain, seed 2', '1 You', '1 plain');
  // It is open still, and the keyboard where it was.
  assert.ok(await line.evaluate((button) => button === document.activeElement));
  const words = await visitor.page.locator('.turn.model').last().getByTestId('answer').innerText();
  assert.ok(first.includes(words.trim().split(/\s+/)[0]), `${first} and ${words}`);
  await visitor.at('outline').locator('li button').last().click();
  await told('0*You', '1 plain, seed 1', '1*plain, seed 2', '1*You', '1*plain');
  assert.deepEqual(visitor.errors, []);
  await visitor.close();
});

for (const [where, options] of Object.entries({
  '': WIDE,
  ', on a phone': { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
}))
  test(`leads to what PROMISED tried in an answer, before any model is loaded${where}`, async () => {
    const visitor = await Visitor.open(here.browser, here.site.url, options);
    const { page } = visitor;
    await page.getByRole('button', { name: 'Entropix as promised' }).click();
    const tried = visitor.at('outline').locator('li', { hasText: '4 branches' });
    await tried.first().waitFor({ state: 'attached' });
    const opens = page.locator('[popovertarget="chats"]').first();
    if (where) await opens.click();
    await visitor.at('outline').locator('summary').click();
    await tried.first().locator('button').click();
    // On a phone the sheet that says it is low.
    await page.getByText('token 29 of').waitFor({ state: where ? 'attached' : 'visible' });
    // The list lay over the answer.
    if (where) await visitor.at('outline').waitFor({ state: 'hidden' });
    const seen = await visitor
      .tokens()
      .nth(28)
      .evaluate((token) => token.getBoundingClientRect().top);
    const { height } = page.viewportSize();
    assert.ok(seen > 0 && seen < height, `the word is ${seen} px down a window of ${height}`);
    assert.deepEqual(visitor.errors, []);
    await visitor.close();
  });
