// What must not get lost: the conversation, the text that is being written, the page itself.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { chromium } from 'playwright-core';

import { MODEL_FILE } from '../support/models.mjs';
import { atSite, Visitor } from '../support/site.mjs';
import { eventually } from '../support/wait.mjs';

const here = atSite();

/** A visit with the model loaded and short answers. */
async function loaded(tokens = 4) {
  const visitor = await Visitor.open(here.browser, here.site.url);
  await visitor.load();
  await visitor.settings({ sampler: 'greedy', tokens });
  return visitor;
}

const photo = { name: 'photo.png', mimeType: 'image/png', buffer: Buffer.from('\x89PNG\r\n') };

test('a message that is too long comes back, and the next one is answered', async () => {
  const visitor = await loaded();
  await visitor.say('Hello!');
  await visitor.answered();
  const text = 'word '.repeat(9000).trim();
  await visitor.at('composer').fill(text);
  // Before it is measured.
  await visitor.at('composer').press('Enter');
  await visitor
    .at('problem')
    .filter({ hasText: /Shorten the message/ })
    .waitFor({ timeout: 60_000 });
  assert.equal(await visitor.at('composer').inputValue(), text);
  await visitor.say('Hi');
  await visitor.answered();
  const { messages } = await visitor.trace();
  assert.deepEqual(
    messages.map(({ role }) => role),
    ['user', 'assistant', 'user'],
  );
  assert.equal(messages[2].content, 'Hi');
  await visitor.close();
});

test('a system prompt that is too long is named', async () => {
  const visitor = await loaded();
  await visitor.page.getByText('System prompt').click();
  await visitor.at('system').fill('word '.repeat(9000));
  await visitor.at('composer').fill('Hi');
  await visitor.page.getByText(/Too long.*Shorten the system prompt/).waitFor({ timeout: 30_000 });
  await visitor.close();
});

test('a reload in the middle of an answer is asked about, and keeps what was said and written', async () => {
  const visitor = await loaded(400);
  await visitor.pace(20);
  await visitor.say('Write a very long poem about the sea.');
  await visitor.streams(8);
  await visitor.at('composer').fill('and then');
  const asked = visitor.page.waitForEvent('dialog');
  visitor.page.once('dialog', (dialog) => dialog.accept());
  await visitor.page.reload();
  assert.equal((await asked).type(), 'beforeunload');
  visitor.turn = null;
  await visitor.page.locator('.turns').getByText('Write a very long poem').waitFor();
  await visitor.streams(8);
  await visitor.page.getByText('Interrupted').waitFor();
  assert.equal(await visitor.at('composer').inputValue(), 'and then');
  await visitor.load();
  await visitor.settings({ tokens: 4 });
  await visitor.say('Go on.');
  await visitor.answered();
  const { messages } = await visitor.trace();
  assert.equal(messages.length, 3);
  // A new chat is one after the next reload, too.
  await visitor.newChat();
  await visitor.page.reload();
  await visitor.page.getByText('recorded answer').waitFor();
  assert.deepEqual(visitor.errors, []);
  await visitor.close();
});

test('what storage is at work on when the page goes is kept, and what came after it', async () => {
  const visitor = await loaded(400);
  await visitor.pace(20);
  await visitor.say('Write a very long poem about the sea.');
  await visitor.streams(2);
  // Storage takes its time to say what it has, from the next save on.
  await visitor.page.evaluate(() => {
    const { get } = IDBObjectStore.prototype;
    return new Promise((resolve) => {
      IDBObjectStore.prototype.get = function (key) {
        IDBObjectStore.prototype.get = get;
        const request = get.call(this, key);
        // A transaction lives as long as it is asked something.
        const until = performance.now() + 3000;
        const ask = () => {
          if (performance.now() < until) get.call(this, key).addEventListener('success', ask);
        };
        request.addEventListener('success', ask);
        Object.defineProperty(request, 'onsuccess', { set() {} });
        resolve(null);
        return request;
      };
    });
  });
  const said = await visitor.tokens().count();
  visitor.page.once('dialog', (dialog) => dialog.accept());
  await visitor.page.reload();
  visitor.turn = null;
  await visitor.page.locator('.turns').getByText('Write a very long poem').waitFor();
  await visitor.page.getByText('Interrupted').waitFor();
  assert.ok((await visitor.tokens().count()) >= said, 'words are lost');
  assert.deepEqual(visitor.errors, []);
  await visitor.close();
});

describe('where the browser denies storage', () => {
  /** @type {[string, () => void][]} */
  const ways = [
    [
      'by an error',
      () => {
        for (const place of ['localStorage', 'sessionStorage']) {
          Object.defineProperty(window, place, {
            get() {
              throw new DOMException('denied', 'SecurityError');
            },
          });
        }
      },
    ],
    [
      'by nothing',
      () => {
        for (const place of ['localStorage', 'sessionStorage']) {
          Object.defineProperty(window, place, { get: () => null });
        }
      },
    ],
  ];
  for (const [name, init] of ways) {
    test(`${name}, the page starts`, async () => {
      const visitor = await Visitor.open(here.browser, here.site.url, { init });
      await visitor.tokens().first().waitFor();
      await visitor.close();
    });
  }

  test('in earnest, the page chats', async () => {
    const profile = await mkdtemp(join(tmpdir(), 'profile-'));
    await mkdir(join(profile, 'Default'));
    const preferences = { profile: { default_content_setting_values: { cookies: 2 } } };
    await writeFile(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences));
    const context = await chromium.launchPersistentContext(profile, {
      // The whole browser: the one without windows reads no preferences.
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu'],
    });
    try {
      const visitor = new Visitor(await context.newPage());
      await visitor.page.goto(here.site.url);
      await visitor.tokens().first().waitFor();
      const denied = await visitor.page.evaluate(() => {
        try {
          return window.localStorage === null;
        } catch {
          return true;
        }
      });
      assert.ok(denied, 'the profile denies storage');
      await visitor.load();
      await visitor.settings({ sampler: 'greedy', tokens: 4 });
      await visitor.say('Hello!');
      await visitor.answered();
      await visitor
        .at('keeping')
        .filter({ hasText: /no storage/ })
        .waitFor();
      assert.deepEqual(visitor.errors, []);
    } finally {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    }
  });
});

test('a frame whose sandbox gives it no origin says what is missing', async () => {
  const page = await here.browser.newPage();
  // A document of this origin without scripts.
  await page.goto(`${here.site.url}shell.css`);
  await page.setContent(
    `<iframe sandbox="allow-scripts" src="${here.site.url}" width="600" height="400"></iframe>`,
  );
  await page.frameLocator('iframe').getByText('allow-same-origin').waitFor();
  await page.setContent(
    `<iframe sandbox="allow-scripts allow-same-origin" src="${here.site.url}" width="600" height="400"></iframe>`,
  );
  await page.frameLocator('iframe').getByTestId('load-model').waitFor();
  await page.close();
});

test('the second click of a double click hits neither Stop nor New chat', async () => {
  for (const viewport of [
    { width: 1920, height: 1080 },
    { width: 390, height: 844 },
  ]) {
    const visitor = await Visitor.open(here.browser, here.site.url, { viewport });
    await visitor.load();
    await visitor.settings({ sampler: 'greedy', tokens: 24 });
    await visitor.at('sampler').locator('summary').first().click();
    for (let turn = 1; turn <= 2; turn += 1) {
      await visitor.at('composer').fill('Which is larger, 9.9 or 9.11?');
      const send = await visitor.at('send').boundingBox();
      // A tenth of a second lies between the clicks by their own time, however busy the machine is.
      const session = await visitor.page.context().newCDPSession(visitor.page);
      const first = Date.now() / 1000;
      for (const clickCount of [1, 2]) {
        for (const type of /** @type {const} */ (['mousePressed', 'mouseReleased'])) {
          await session.send('Input.dispatchMouseEvent', {
            type,
            x: send.x + send.width / 2,
            y: send.y + send.height / 2,
            button: 'left',
            clickCount,
            timestamp: first + (clickCount - 1) / 10,
          });
        }
        // The button that came under the pointer.
        if (clickCount === 1) await visitor.at('stop').first().waitFor();
      }
      await eventually(async () =>
        assert.equal(await visitor.page.locator('[data-turn]').count(), turn),
      );
      await visitor.page.getByTestId('regenerate').waitFor({ timeout: 60_000 });
      assert.equal(await visitor.page.getByText('Stopped.').count(), 0);
    }
    await visitor.close();
  }
});

test('a file that is refused does not end the answer', async () => {
  const visitor = await loaded(60);
  await visitor.pace(20);
  await visitor.say('Write a very long poem about the sea.');
  await visitor.streams(8);
  await visitor.at('file-input').first().setInputFiles(photo);
  await visitor
    .at('problem')
    .filter({ hasText: /does not start with/ })
    .waitFor();
  await visitor.answered();
  assert.equal(await visitor.tokens().count(), 60);
  await visitor.close();
});

describe('with a model of another architecture', () => {
  const tiny = new URL('../../golden/models/tiny-phi2.gguf', import.meta.url);
  const choose = async (visitor) => {
    const buffer = await readFile(tiny);
    const file = { name: 'tiny.gguf', mimeType: 'application/octet-stream', buffer };
    await visitor.at('file-input').first().setInputFiles(file);
  };
  const status = (visitor, text) =>
    visitor.at('status').filter({ hasText: text }).waitFor({ timeout: 60_000 });

  test('a photo does not cost it', async () => {
    const visitor = await loaded();
    await choose(visitor);
    await status(visitor, 'Tiny');
    await visitor.at('file-input').first().setInputFiles(photo);
    await visitor
      .at('problem')
      .filter({ hasText: /does not start with/ })
      .waitFor();
    await status(visitor, 'Tiny');
    await visitor.say('Still there?');
    await visitor.answered();
    await visitor.close();
  });

  test('the chat goes on, there and back', async () => {
    const visitor = await loaded();
    await visitor.say('Hello!');
    await visitor.answered();
    await choose(visitor);
    await status(visitor, 'Tiny');
    await visitor.say('And now?');
    await visitor.answered();
    await visitor.at('file-input').first().setInputFiles(MODEL_FILE);
    await status(visitor, 'SmolLM2');
    await visitor.say('And now?');
    await visitor.answered();
    const { messages } = await visitor.trace();
    // Only ids of this very model go along, not those of the other one.
    assert.deepEqual(
      messages.map(({ ids }) => ids !== undefined),
      [false, true, false, false, false],
    );
    await visitor.close();
  });

  test('without a network the loaded one stays, and the words say why', async () => {
    const visitor = await loaded();
    await visitor.page.context().setOffline(true);
    await choose(visitor);
    await visitor
      .at('problem')
      .filter({ hasText: /no network connection/ })
      .waitFor({ timeout: 30_000 });
    await status(visitor, 'SmolLM2');
    await visitor.say('Still there?');
    await visitor.answered();
    await visitor.close();
  });
});

test('without a network the words say so, and it can be tried again', async () => {
  const visitor = await Visitor.open(here.browser, here.site.url);
  await visitor.tokens().first().waitFor();
  await visitor.page.context().setOffline(true);
  await visitor.at('load-model').click();
  await visitor
    .at('problem')
    .filter({ hasText: /no network connection/ })
    .waitFor({ timeout: 30_000 });
  await visitor.page.context().setOffline(false);
  await visitor.page.getByRole('button', { name: 'Try again' }).click();
  await visitor.ready();
  await visitor.close();
});

test('a worker that is gone without a word is replaced after Stop', async () => {
  const visitor = await loaded(300);
  await visitor.pace(20);
  await visitor.say('Write a very long poem about the sea.');
  await visitor.streams(8);
  await (await visitor.worker()).evaluate(() => self.close());
  await visitor.at('stop').click();
  await visitor
    .at('problem')
    .filter({ hasText: /no longer answers/ })
    .waitFor({ timeout: 30_000 });
  await visitor.ready();
  await visitor.settings({ tokens: 4 });
  await visitor.say('Are you there?');
  await visitor.answered();
  await visitor.close();
});
