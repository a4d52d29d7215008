// Storage that is damaged, of a later version or another's, and texts that try to break what is kept.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { atSite, Visitor } from '../support/site.mjs';
import { eventually } from '../support/wait.mjs';

const here = atSite();

/** A page beside the chat's, which leaves its storage alone. */
async function beside() {
  const context = await here.browser.newContext();
  const page = await context.newPage();
  await page.goto(`${here.site.url}shell.css`);
  return { page, visitor: new Visitor(await context.newPage()) };
}

/** Writes chats as they come; `version` of the database. */
const stored = (page, version, chats) =>
  page.evaluate(
    async ([version, chats]) => {
      const database = await new Promise((resolve, reject) => {
        const request = indexedDB.open('entropix.chats', version);
        request.onupgradeneeded = () => {
          for (const name of ['covers', 'turns', 'words']) request.result.createObjectStore(name);
        };
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      const transaction = database.transaction(['covers', 'turns', 'words'], 'readwrite');
      for (const [store, key, value] of chats) transaction.objectStore(store).put(value, key);
      await new Promise((resolve) => {
        transaction.oncomplete = resolve;
      });
      database.close();
    },
    [version, chats],
  );

const titles = (page) =>
  page.locator('#chats .chat bdi').evaluateAll((all) => all.map(({ textContent }) => textContent));

test('what is damaged costs nothing else', async () => {
  const { page, visitor } = await beside();
  const cover = (title, changed) => ({
    stamp: title,
    cover: JSON.stringify({ version: 1, title, changed }),
  });
  const said = { id: 1, parent: null, body: { Said: { role: 'user', content: 'Still here' } } };
  await stored(page, 1, [
    ['covers', 'a', { stamp: 'a', cover: '{' }],
    ['turns', ['a', 1], '{"id":'],
    ['covers', 'b', cover('Sound', 2e12)],
    ['turns', ['b', 1], JSON.stringify(said)],
    ['turns', ['b', 2], null],
    ['covers', 'c', null],
    ['covers', 'd', 7],
    ['words', 'd', {}],
    ['covers', 'e', { stamp: 'e', cover: JSON.stringify({ version: 99, title: 'Later' }) }],
  ]);
  await visitor.page.goto(here.site.url);
  await visitor.page.locator('.turns').getByText('Still here').waitFor();
  await visitor
    .at('problem')
    .filter({ hasText: /One turn of this chat can’t be read/ })
    .waitFor();
  const listed = await titles(visitor.page);
  assert.equal(listed.length, 5);
  assert.equal(listed[0], 'Sound');
  const chat = (title) => visitor.page.locator('#chats .chat').filter({ hasText: title });
  await chat('Later').click();
  await visitor
    .at('problem')
    .filter({ hasText: /later version/ })
    .waitFor();
  await visitor.page.locator('.turns').getByText('Still here').waitFor();
  for (let count = listed.length; count > 0; count -= 1) {
    // Not with the pointer: the second of two quick clicks in one place is none.
    await visitor.page.locator('#chats [title=Delete]').first().press('Enter');
    await eventually(async () => assert.equal((await titles(visitor.page)).length, count - 1));
  }
  assert.deepEqual(visitor.errors, []);
  await visitor.close();
});

test('a database of a later version is left alone, and the page says so', async () => {
  const { page, visitor } = await beside();
  await stored(page, 9, [['words', 'a', 'kept']]);
  await visitor.page.goto(here.site.url);
  await visitor.tokens().first().waitFor();
  await visitor
    .at('keeping')
    .filter({ hasText: /later version/ })
    .waitFor();
  await visitor.load();
  await visitor.settings({ sampler: 'greedy', tokens: 4 });
  await visitor.say('Hello!');
  await visitor.answered();
  assert.deepEqual(visitor.errors, []);
  await visitor.close();
});

test('odd texts are said, kept and found as they are; all of it can be erased', async () => {
  const visitor = await Visitor.open(here.browser, here.site.url);
  const { page } = visitor;
  await visitor.load();
  await visitor.settings({ sampler: 'greedy', tokens: 4 });
  // Another app at the same origin.
  await page.evaluate(() => localStorage.setItem('other', 'stays'));
  const asked = await page.evaluate(() => {
    globalThis.asked = 0;
    const persist = navigator.storage.persist.bind(navigator.storage);
    navigator.storage.persist = () => {
      globalThis.asked += 1;
      return persist();
    };
    return globalThis.asked;
  });
  assert.equal(asked, 0);
  // Half of a pair of surrogates becomes the sign for what can't be read.
  const odd = '\ud83d <b onclick="window.ran=1">\u202e{{7*7}}</b>\u0000 <|im_end|>';
  await page.getByTestId('composer').evaluate((field, text) => {
    field.value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }, odd);
  await visitor.at('send').click();
  await visitor.answered();
  const sound = odd.replace('\ud83d', '\ufffd');
  const said = () => page.locator('.turns .said').allTextContents();
  assert.deepEqual(await said(), [sound]);
  await eventually(async () => assert.equal(await page.evaluate(() => globalThis.asked), 1));

  // A hundred thousand letters: counted, refused in words, and still there.
  const long = 'lorem ipsum '.repeat(8400).trim();
  await visitor.at('composer').fill(long);
  await page.getByText(/Too long.*Shorten the message/).waitFor({ timeout: 60_000 });
  assert.equal(await visitor.at('send').isDisabled(), true);
  await visitor.newChat();
  await visitor.say('Hello!');
  await visitor.answered();
  await page.reload();
  await page.locator('.turns .said').getByText('Hello!').waitFor();
  assert.equal((await titles(page)).length, 2);
  await page.locator('#chats .chat').nth(1).click();
  await eventually(async () => assert.deepEqual(await said(), [sound]));
  assert.equal(await visitor.at('composer').inputValue(), long);

  await visitor.at('erase').click();
  await eventually(async () =>
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Keep'),
  );
  await page.evaluate(() => sessionStorage.setItem('entropix.test', ''));
  await visitor.at('erase-now').click();
  // The page has begun anew.
  await eventually(async () =>
    assert.equal(await page.evaluate(() => sessionStorage.getItem('entropix.test')), null),
  );
  await visitor.at('load-model').waitFor();
  await page.getByText('Downloads once').waitFor();
  const left = await page.evaluate(async () => ({
    texts: Object.entries(localStorage).filter(([name]) => name !== 'entropix.chat'),
    drafts: Object.keys(sessionStorage).filter((name) => name.includes('draft')),
    models: (await caches.has('entropix-models')) || (await caches.has('entropix-parts')),
    field: document.querySelector('textarea').value,
    ran: 'ran' in window,
  }));
  assert.deepEqual(left, {
    texts: [['other', 'stays']],
    drafts: [],
    models: false,
    field: '',
    ran: false,
  });
  assert.deepEqual(await titles(page), []);
  assert.deepEqual(visitor.errors, []);
  await visitor.close();
});
