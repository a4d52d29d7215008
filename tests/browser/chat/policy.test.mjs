// The pages' policy: what they load and run, what leaves the machine, and that text never becomes markup.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';

import { atSite, Visitor } from '../support/site.mjs';
import { eventually } from '../support/wait.mjs';

const here = atSite();
const EVIL = '<img src=x onerror="window.pwned=1"><svg onload="window.pwned=1">';
const golden = new URL('../../golden/', import.meta.url);

/** Watches for what the browser keeps a page from doing. */
async function watch(visitor) {
  const found = /** @type {string[]} */ ([]);
  await visitor.page.exposeFunction('violated', (what) => found.push(what));
  await visitor.page.addInitScript(() =>
    addEventListener('securitypolicyviolation', (event) =>
      window.violated(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`),
    ),
  );
  visitor.page.on('console', (message) => {
    if (/Content.Security.Policy|Trusted(Type|HTML|Script)/i.test(message.text()))
      found.push(message.text());
  });
  await visitor.page.reload();
  return found;
}

/** What of a page's tree, shadows included, a text would have made if it were markup. */
const made = (page) =>
  page.evaluate(() => {
    const all = (root) =>
      [...root.querySelectorAll('*')].flatMap((one) => [
        one,
        ...(one.shadowRoot ? all(one.shadowRoot) : []),
      ]);
    const evil = (one) => one.getAttribute('src') === 'x' || one.hasAttribute('onload');
    return { elements: all(document).filter(evil).length, ran: 'pwned' in window };
  });
const harmless = async (page) => assert.deepEqual(await made(page), { elements: 0, ran: false });

test('nothing that a page does is against its policy', async () => {
  const visitor = await Visitor.open(here.browser, here.site.url);
  const found = await watch(visitor);
  await visitor.load();
  await visitor.settings({ sampler: 'B', tokens: 8 });
  await visitor.say('Hello!');
  await visitor.answered();
  await visitor.tokens().nth(2).click();
  await visitor.at('models').click();
  await visitor.at('facts').waitFor();
  await visitor.page.keyboard.press('Escape');
  for (const details of await visitor.page.locator('details > summary').all())
    if (await details.isVisible()) await details.click();
  for (const name of ['explore.html', 'results.html']) {
    await visitor.page.goto(new URL(name, here.site.url).href);
    for (const figure of await visitor.page.locator('main figure, main > section').all())
      await figure.scrollIntoViewIfNeeded();
    await visitor.page.waitForLoadState('networkidle');
  }
  assert.deepEqual(found, []);
  assert.deepEqual(visitor.errors, []);
  await visitor.close();
});

test('page and engine are held to it', async () => {
  const visitor = await Visitor.open(here.browser, here.site.url);
  const found = await watch(visitor);
  await visitor.load();
  const tries = await visitor.page.evaluate((evil) => {
    const attempt = (act) => {
      try {
        act();
        return 'done';
      } catch (error) {
        return /** @type {Error} */ (error).name;
      }
    };
    const script = document.createElement('script');
    return [
      attempt(() => {
        document.body.innerHTML = evil;
      }),
      attempt(() => {
        script.textContent = 'window.pwned = 1';
      }),
      attempt(() => new Worker('https://example.com/worker.js')),
      attempt(() => new Worker(URL.createObjectURL(new Blob(['1'])))),
    ];
  }, EVIL);
  assert.deepEqual(tries, ['TypeError', 'TypeError', 'TypeError', 'TypeError']);
  await eventually(() => assert.ok(found.length >= 4, found.join('\n')));
  await harmless(visitor.page);
  const refused = await (await visitor.worker()).evaluate(
    () =>
      new Promise((resolve) => {
        addEventListener('securitypolicyviolation', (event) => resolve(event.violatedDirective));
        fetch('http://127.0.0.2:9/').catch(() => {});
      }),
  );
  assert.equal(refused, 'connect-src');
  await visitor.close();
});

test('once the model is there, nothing more is asked of the network', async () => {
  const visitor = await Visitor.open(here.browser, here.site.url);
  const asked = /** @type {string[]} */ ([]);
  visitor.page.context().on('request', (request) => asked.push(request.url()));
  await visitor.load();
  // What the engine asks for would be seen.
  assert.ok(asked.some((url) => url.endsWith('.gguf')));
  await visitor.page.waitForLoadState('networkidle');
  asked.length = 0;
  await visitor.settings({ sampler: 'B', tokens: 12 });
  await visitor.say('Which is larger, 9.9 or 9.11?');
  await visitor.answered();
  await visitor.tokens().nth(3).click();
  await visitor.at('sentence').filter({ visible: true }).first().waitFor();
  await visitor.settings({ sampler: 'PROMISED' });
  await visitor.say('And 3.8 or 3.11?');
  await visitor.answered();
  for (const kind of ['A', 'greedy']) await visitor.settings({ sampler: kind });
  await visitor.at('models').click();
  await visitor.at('facts').waitFor();
  await visitor.page.keyboard.press('Escape');
  await visitor.page.waitForLoadState('networkidle');
  assert.deepEqual(asked, []);
  await visitor.close();
});

describe('text stays text', () => {
  test('in a recording: what was asked, what the model said, its alternatives', async () => {
    const recording = JSON.parse(
      await readFile(new URL('../../../www/traces/larger-greedy.json', import.meta.url), 'utf8'),
    );
    recording.model = EVIL;
    for (const message of recording.messages) message.content = EVIL;
    for (const token of recording.tokens.slice(0, 3)) {
      token.text = EVIL;
      token.label = EVIL;
      token.decision.sentence = EVIL;
      for (const other of token.top) other.label = EVIL;
    }
    const visitor = await Visitor.open(here.browser, 'about:blank');
    // The list stands in the page, written there as the build does.
    const list = ['evil.json', 'none.json'].map((file) => ({ file, prompt: EVIL, by: EVIL }));
    const text = JSON.stringify(list).replaceAll('<', '\\u003c');
    await visitor.page.route(here.site.url, async (route) => {
      const response = await route.fetch();
      const html = await response.text();
      const body = html.replace(/(id="recordings">)[^<]*/, (_, tag) => tag + text);
      assert.notEqual(body, html);
      await route.fulfill({ response, body });
    });
    await visitor.page.route('**/traces/evil.json', (route) => route.fulfill({ json: recording }));
    await visitor.page.goto(here.site.url);
    await visitor.streams(3);
    assert.ok((await visitor.tokens().first().textContent()).includes(EVIL));
    await visitor.page.getByRole('button', { name: EVIL, exact: true }).first().waitFor();
    await visitor.tokens().first().click();
    await visitor.at('alternatives').filter({ hasText: '<img␣src=x' }).waitFor();
    await harmless(visitor.page);
    assert.deepEqual(visitor.errors, []);
    await visitor.close();
  });

  describe('of a model from anywhere', () => {
    let visitor, file;

    before(async () => {
      file = await readFile(new URL('models/tiny-phi2.gguf', golden));
      visitor = await Visitor.open(here.browser, here.site.url);
      await visitor.tokens().first().waitFor();
    });
    after(() => visitor?.close());

    test('the name of a file that is none', async () => {
      await visitor.openFiles([`${EVIL}.gguf`, Buffer.from('GGUF? No.')]);
      await visitor.at('problem').waitFor({ timeout: 30_000 });
      await harmless(visitor.page);
    });

    test('an architecture', async () => {
      const other = Buffer.from(file.toString('latin1').replaceAll('phi2', '<b>x'), 'latin1');
      await visitor.openFiles(['other.gguf', other]);
      await visitor.at('problem').filter({ hasText: '<b>x' }).waitFor({ timeout: 30_000 });
    });

    test('the name of a model, what is said to it, and what its template says', async () => {
      const text = file.toString('latin1');
      const [template] = text.match(/\{% for m in messages %\}.*?\{% endif %\}/s);
      const refusal = `{{ raise_exception('<img src=x onerror="pwned=1">') }}`;
      assert.ok(refusal.length <= template.length);
      const refuses = text.replace(template, refusal.padEnd(template.length));
      await visitor.openFiles([`${EVIL}.gguf`, Buffer.from(refuses, 'latin1')]);
      await visitor.at('status').filter({ hasText: '<img src=x' }).waitFor({ timeout: 30_000 });
      await visitor.at('composer').fill(EVIL);
      await visitor.at('send').click();
      await visitor.at('problem').filter({ hasText: 'pwned=1' }).waitFor({ timeout: 30_000 });
      await visitor.at('models').click();
      await visitor.at('facts').waitFor();
      await harmless(visitor.page);
      assert.deepEqual(visitor.errors, []);
    });
  });
});
