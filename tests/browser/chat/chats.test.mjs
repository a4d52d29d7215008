// Several chats, kept in the browser: what comes back after a reload, a crash, in two tabs, and without storage.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { inBoth } from '../support/browsers.mjs';
import { atSite, Visitor } from '../support/site.mjs';
import { eventually } from '../support/wait.mjs';

const here = atSite();

/** As pages kept the one conversation that they had, before there were several. */
const single = (question, answer) =>
  JSON.stringify({
    version: 1,
    turns: [
      { id: 1, parent: null, body: { Said: { role: 'user', content: question } } },
      { id: 2, parent: 1, body: { Said: { role: 'assistant', content: answer } } },
    ],
    head: 2,
    last: 2,
  });

inBoth('chats', ({ page: open }) => {
  test('move over from earlier pages, are listed, found, renamed, deleted and brought back', async () => {
    const errors = [];
    const page = await open(here.site.url, { width: 1366, height: 768 }, errors);
    const texts = (selector) =>
      page.$$eval(selector, (all) => all.map(({ textContent }) => textContent));
    const titles = () => texts('#chats .chat bdi');
    const said = () => texts('.turns .said');
    const press = (selector) => page.$eval(selector, (button) => button.click());
    const fits = (read, expected) =>
      eventually(async () => assert.deepEqual(await read(), expected));
    for (let at = 1; at <= 6; at += 1) {
      await page.evaluate(
        (text) => {
          localStorage.setItem('entropix.conversation', text);
          sessionStorage.removeItem('entropix.conversation');
        },
        single(`Question ${at}`, at === 2 ? 'A needle' : 'Hay'),
      );
      await page.reload();
      await fits(said, [`Question ${at}`, at === 2 ? 'A needle' : 'Hay']);
      await eventually(async () =>
        assert.equal(
          await page.evaluate(() => localStorage.getItem('entropix.conversation')),
          null,
        ),
      );
    }
    await page.reload();
    await fits(said, ['Question 6', 'Hay']);
    await fits(
      titles,
      [6, 5, 4, 3, 2, 1].map((at) => `Question ${at}`),
    );

    await page.type('[data-testid=search]', 'NEEDLE');
    await fits(titles, ['Question 2']);
    await press('#chats .chat');
    await fits(said, ['Question 2', 'A needle']);
    await press('#chats [title=Rename]');
    await page.waitForSelector('.rename input');
    await page.keyboard.type('Hay and needle');
    await page.keyboard.press('Enter');
    await fits(titles, ['Hay and needle']);
    await page.$eval('[data-testid=search]', (field) => {
      field.value = '';
      field.dispatchEvent(new Event('input', { bubbles: true }));
    });
    await press('#chats li:first-child [title=Delete]');
    await eventually(async () => assert.equal((await titles()).length, 5));
    assert.deepEqual(await said(), ['Question 2', 'A needle'], 'another one was open');
    await page.waitForSelector('[data-testid=deleted] button');
    await press('[data-testid=deleted] button');
    await eventually(async () => assert.equal((await titles()).length, 6));
    await page.reload();
    await fits(said, ['Question 2', 'A needle']);
    await fits(titles, [
      'Question 6',
      'Question 5',
      'Question 4',
      'Question 3',
      'Hay and needle',
      'Question 1',
    ]);

    await press('[data-testid=erase]');
    await page.waitForSelector('[data-testid=erase-now]');
    await press('[data-testid=erase-now]');
    await page.waitForSelector('entropix-tokens');
    await eventually(async () => assert.equal(await page.$('#chats .chat'), null));
    assert.deepEqual(errors, []);
    await page.close();
  });
});

/** A visit with the model loaded and short answers. */
async function loaded(options = {}) {
  const visitor = await Visitor.open(here.browser, here.site.url, options);
  await visitor.load();
  await visitor.settings({ sampler: 'greedy', tokens: 4 });
  return visitor;
}

const said = (page) => page.locator('.turns .said');

test('a new chat keeps the old one; a crash in mid-answer costs no more than a second', async () => {
  const visitor = await loaded({ viewport: { width: 390, height: 844 } });
  await visitor.say('Hello!');
  await visitor.answered();
  await visitor.at('composer').fill('not sent');
  await visitor.newChat();
  await said(visitor.page).first().waitFor({ state: 'detached' });
  assert.equal(await visitor.at('composer').inputValue(), '');
  await visitor.settings({ tokens: 400 });
  await visitor.pace(20);
  await visitor.say('Write a very long poem about the sea.');
  await visitor.streams(80);
  const session = await visitor.page.context().newCDPSession(visitor.page);
  session.send('Page.crash').catch(() => {});
  await visitor.page.waitForEvent('crash');
  const page = await visitor.page.context().newPage();
  const next = new Visitor(page);
  await page.goto(here.site.url);
  await said(page).getByText('Write a very long poem').waitFor();
  await page.getByText('Interrupted').waitFor();
  // The strip draws a frame after the words beneath it.
  await eventually(async () => assert.ok((await next.tokens().count()) >= 10));
  await page.getByTestId('chats-button').click();
  await page.getByRole('button', { name: 'Hello!' }).first().click();
  await said(page).getByText('Hello!').waitFor();
  assert.equal(await next.at('composer').inputValue(), 'not sent');
  assert.deepEqual(next.errors, []);
  await visitor.close();
});

test('the same chat in two tabs: the second one to speak notices', async () => {
  const visitor = await loaded();
  await visitor.say('Hello!');
  await visitor.answered();
  const other = new Visitor(await visitor.page.context().newPage());
  await other.page.goto(here.site.url);
  await said(other.page).getByText('Hello!').waitFor();
  await other.load();
  await other.settings({ tokens: 4 });
  // What one says the other shows.
  await other.say('From the other tab.');
  await other.answered();
  await said(visitor.page).getByText('From the other tab.').waitFor();
  // While the one is at it, the other does not hear of it, and becomes a copy.
  await other.settings({ tokens: 400 });
  await other.pace(20);
  await other.say('Write a very long poem about the sea.');
  await other.streams(3);
  await visitor.say('At the same time.');
  await visitor
    .at('problem')
    .filter({ hasText: /another tab/ })
    .waitFor();
  await visitor.answered();
  await other.at('stop').click();
  await other.answered();
  for (const { page, own } of [
    { page: visitor.page, own: 'At the same time.' },
    { page: other.page, own: 'Write a very long poem about the sea.' },
  ]) {
    page.once('dialog', (dialog) => dialog.accept());
    await page.reload();
    await said(page).getByText(own).waitFor();
    assert.equal(await said(page).count(), 3);
  }
  await visitor.close();
});

test('where storage is full, the chat goes on and says so', async () => {
  const visitor = await loaded();
  const session = await visitor.page.context().newCDPSession(visitor.page);
  await session.send('Storage.overrideQuotaForOrigin', {
    origin: new URL(here.site.url).origin,
    quotaSize: 1,
  });
  await visitor.say('Hello!');
  await visitor.answered();
  await visitor
    .at('keeping')
    .filter({ hasText: /storage is full/ })
    .waitFor();
  await visitor.newChat();
  await visitor.say('Another one.');
  await visitor.answered();
  await visitor.page.getByRole('button', { name: 'Hello!' }).first().click();
  await said(visitor.page).getByText('Hello!').waitFor();
  // With room again, what was not kept is.
  await session.send('Storage.overrideQuotaForOrigin', { origin: new URL(here.site.url).origin });
  await visitor.say('And now?');
  await visitor.answered();
  await visitor.at('keeping').filter({ hasNotText: /./ }).waitFor({ state: 'attached' });
  await visitor.page.reload();
  await said(visitor.page).getByText('And now?').waitFor();
  assert.equal(await said(visitor.page).count(), 2);
  await visitor.close();
});

/** What the list of chats says. */
const titles = (page) =>
  page.locator('#chats .chat bdi').evaluateAll((all) => all.map(({ textContent }) => textContent));

test('files open by what is in them; all chats go into one file and come back', async () => {
  const visitor = await Visitor.open(here.browser, here.site.url);
  const { page } = visitor;
  await visitor.tokens().first().waitFor();
  const bad = '<img src=x onerror="window.ran = 1"><script>window.ran = 1</script>';
  const chat = (id, title) => ({
    id,
    stamp: `s${id}`,
    cover: { version: 1, title, named: true, changed: 1e12 },
    turns: [
      { id: 1, parent: null, body: { Said: { role: 'user', content: bad } } },
      { id: 2, parent: 1, body: { Said: { role: 'assistant', content: `${bad} ${id}` } } },
    ],
  });
  const file = (chats, version = 1) =>
    Buffer.from(JSON.stringify({ format: 'entropix-chats', version, chats }));
  await visitor.openFiles(['chats.gguf', file([chat('a', bad), chat('b', 'Two')])]);
  await said(page).getByText(`${bad} b`).waitFor();
  assert.deepEqual(await titles(page), [bad, 'Two']);
  // A trace, dropped.
  const traces = new URL('../../../www/traces/', import.meta.url);
  const [{ file: name }] = JSON.parse(String(await readFile(new URL('index.json', traces))));
  const trace = String(await readFile(new URL(name, traces)));
  await page.evaluate((trace) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([trace], 'photo.png'));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true }));
  }, trace);
  await visitor.tokens().first().waitFor();
  await eventually(async () => assert.equal((await titles(page)).length, 3));

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    visitor.at('export-all').click(),
  ]);
  const all = await readFile(await download.path());
  await visitor.at('erase').click();
  await visitor.at('erase-now').click();
  await eventually(async () => assert.deepEqual(await titles(page), []));
  await page.getByText('recorded answer').waitFor();
  await visitor.openFiles(['all.txt', all]);
  await eventually(async () => assert.equal((await titles(page)).length, 3));
  await page.reload();
  await page.locator('#chats .chat').nth(2).waitFor();
  const before = await titles(page);
  /** @type {[Buffer, RegExp][]} */
  const refused = [
    [file([chat('c', 'Three')], 99), /later version/],
    [all.subarray(0, all.length / 2), /ends too early/],
    [Buffer.from('\ufeff {"messages": []}'), /neither a model, nor a trace/],
  ];
  for (const [bytes, words] of refused) {
    await visitor.openFiles(['chats.json', bytes]);
    await visitor.at('problem').filter({ hasText: words }).waitFor();
    assert.deepEqual(await titles(page), before);
  }
  assert.equal(await page.evaluate(() => 'ran' in window), false);
  assert.deepEqual(visitor.errors, []);
  await visitor.close();
});

test('a message in other words is another version of it', async () => {
  const visitor = await loaded();
  const { page } = visitor;
  await visitor.say('Hello!');
  await visitor.answered();
  await visitor.at('edit').click();
  await page.keyboard.press('Escape');
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-testid'));
  await eventually(async () => assert.equal(await focused(), 'edit'));
  await page.keyboard.press('Enter');
  await eventually(async () => assert.equal(await focused(), 'other-words'));
  assert.equal(await visitor.at('other-words').inputValue(), 'Hello!');
  await visitor.at('other-words').fill('Good evening!');
  await page.keyboard.press('Enter');
  await said(page).getByText('Good evening!').waitFor();
  visitor.turn = null;
  await visitor.answered();
  assert.equal(await said(page).count(), 1);
  const versions = page.locator('.person').getByTestId('versions');
  await versions.filter({ hasText: 'version 2 of 2' }).waitFor();
  await versions.getByRole('button', { name: 'Earlier version' }).click();
  await said(page).getByText('Hello!').waitFor();
  await page.reload();
  await said(page).getByText('Hello!').waitFor();
  await versions.getByRole('button', { name: 'Later version' }).click();
  await said(page).getByText('Good evening!').waitFor();
  assert.deepEqual(visitor.errors, []);
  await visitor.close();
});

test('a chat that fills the context goes on in a new one, and stays', async () => {
  const visitor = await Visitor.open(here.browser, here.site.url);
  const { page } = visitor;
  // Its context holds 128 tokens.
  const tiny = new URL('../../golden/models/tiny-phi2.gguf', import.meta.url);
  await visitor.openFiles(['tiny.gguf', await readFile(tiny)]);
  await visitor.at('status').filter({ hasText: 'Tiny' }).waitFor({ timeout: 60_000 });
  await visitor.settings({ sampler: 'greedy', tokens: 8 });
  const words = ['One', 'Two', 'Three', 'Four'].flatMap((word) => [
    `${word}?`,
    `${word} is a number`,
  ]);
  const turns = words.map((content, at) => ({
    id: at + 1,
    parent: at || null,
    body: { Said: { role: at % 2 ? 'assistant' : 'user', content } },
  }));
  const cover = { version: 1, title: 'Numbers', changed: 1e12, head: 8, last: 8 };
  const chats = [{ id: 'a', stamp: 'a', cover, turns }];
  const file = JSON.stringify({ format: 'entropix-chats', version: 1, chats });
  await visitor.openFiles(['numbers.json', Buffer.from(file)]);
  await said(page).getByText('Four?').waitFor();
  await visitor.at('composer').fill('Five?');
  await visitor
    .at('meter')
    .filter({ hasText: /A new chat can begin with “[TF]/ })
    .waitFor();
  await visitor.at('carry-over').click();
  await said(page).getByText('One?').waitFor({ state: 'detached' });
  await said(page).getByText('Four?').waitFor();
  assert.equal(await visitor.at('composer').inputValue(), 'Five?');
  await visitor.at('send').click();
  await visitor.answered();
  assert.deepEqual(await titles(page), ['Numbers (continued)', 'Numbers']);
  await page.locator('#chats .chat').nth(1).click();
  await said(page).getByText('One?').waitFor();
  assert.equal(await said(page).count(), 8);
  assert.deepEqual(visitor.errors, []);
  await visitor.close();
});
