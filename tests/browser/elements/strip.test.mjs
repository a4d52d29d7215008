// The strip on a page with a strict policy.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { atStrictPage, close, give, many, tokens, trace } from '../support/tokens.mjs';

const host = atStrictPage();

describe('a strip', () => {
  test('takes 500 tokens, each once', async () => {
    const visitor = await host('<entropix-tokens follow></entropix-tokens>');
    await give(visitor.page, 'entropix-tokens', many.slice(0, 1));
    await visitor.tokens().first().waitFor();
    const counts = await visitor.page
      .locator('entropix-tokens')
      .evaluate(async (strip, entries) => {
        const list = strip.shadowRoot.querySelector('[role=listbox]');
        const seen = { added: 0, removed: 0, attributes: 0 };
        const observer = new MutationObserver((records) => {
          for (const record of records) {
            seen.added += record.addedNodes.length;
            seen.removed += record.removedNodes.length;
            seen.attributes += record.type === 'attributes' ? 1 : 0;
          }
        });
        observer.observe(list, { childList: true, attributes: true, subtree: true });
        for (const entry of entries) strip.append(entry);
        for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
        return seen;
      }, many.slice(1));
    // The ring goes from the token before to the new one: two attributes, however long it is.
    // And each paragraph has a box of its own.
    const { paragraphs } = await visitor.at('answer').evaluate((list) => ({
      paragraphs: list.childElementCount,
    }));
    assert.deepEqual(counts, { added: 499 + paragraphs - 1, removed: 0, attributes: 998 });
    assert.equal(await visitor.tokens().count(), 500);
    const text = await visitor.at('answer').evaluate((list) => list.textContent);
    assert.equal(text, many.map((token) => token.text).join(''));
    await visitor.page.getByText('token 500 of 500').waitFor();
    await close(visitor);
  });

  test('knows what was taken back before anybody saw it', async () => {
    const visitor = await host('<entropix-tokens></entropix-tokens>');
    const some = tokens.slice(0, 5);
    await visitor.page.evaluate(async (entries) => {
      await customElements.whenDefined('entropix-tokens');
      const strip = /** @type {any} */ (document.createElement('entropix-tokens'));
      for (const entry of entries) strip.append(entry);
      strip.retract(3);
      strip.append(entries[4]);
      strip.strike(1, 'once');
      strip.strike(1, ' more');
      document.body.append(strip);
    }, some);
    await visitor.tokens().first().waitFor();
    const gone = await visitor
      .tokens()
      .evaluateAll((all) => all.map((token) => token.getAttribute('data-gone')));
    assert.deepEqual(gone, [null, 'once more', null, some[3].text + some[4].text]);
    const name = await visitor.tokens().nth(1).getAttribute('aria-label');
    assert.match(name, /taken back before it: once more$/);
    await close(visitor);
  });

  test('knows in which order it went', async () => {
    const visitor = await host('<entropix-tokens id="strip"></entropix-tokens>');
    const some = tokens.slice(0, 6);
    await visitor.page.evaluate(async (entries) => {
      await customElements.whenDefined('entropix-tokens');
      const strip = /** @type {any} */ (document.getElementById('strip'));
      for (const entry of entries.slice(0, 4)) strip.append(entry);
      strip.retract(3, ' and more');
      strip.append(entries[4]);
      // The last one had taken the place of others, and once more nothing but those before it goes.
      strip.retract(3);
      strip.retract(2, ', unseen');
      strip.append(entries[5]);
    }, some);
    const text = (...indices) => indices.map((index) => some[index].text).join('');
    const gone = `${text(2, 3)} and more${text(4)}, unseen`;
    await visitor.page.locator('[data-gone]').waitFor();
    assert.equal(await visitor.tokens().nth(2).getAttribute('data-gone'), gone);
    await close(visitor);
  });

  test('colours words, not spaces around them, and shows bytes, line ends and the end', async () => {
    const visitor = await host('<entropix-tokens></entropix-tokens>');
    const entry = (text, label = text) => ({ ...tokens[0], text, label });
    const odd = [
      entry(' <b onclick=x>'),
      entry('', '<0xF0>'),
      entry('\n'),
      entry('', '<|im_end|>'),
    ];
    await give(visitor.page, 'entropix-tokens', odd);
    await visitor.tokens().first().waitFor();
    const seen = await visitor.page.locator('entropix-tokens').evaluate((strip) => {
      strip.end = 3;
      return [...strip.shadowRoot.querySelectorAll('.word-of')].map((word) => [
        word.textContent,
        getComputedStyle(word, '::before').content,
        getComputedStyle(word).backgroundColor !== 'rgba(0, 0, 0, 0)',
        word.parentElement.getAttribute('aria-label'),
      ]);
    });
    assert.deepEqual(
      seen.map((each) => each.slice(0, 3)),
      [
        ['<b onclick=x>', 'none', true],
        ['', '"<0xF0>"', true],
        ['', '"↵"', false],
        ['', '"■"', true],
      ],
    );
    assert.equal(seen[3][3], 'end of the answer');
    await close(visitor);
  });

  test('is one tab stop and obeys the keyboard', async () => {
    const visitor = await host('<entropix-tokens></entropix-tokens>', {
      viewport: { width: 390, height: 800 },
    });
    const { page } = visitor;
    await give(page, 'entropix-tokens', tokens);
    await visitor.tokens().first().waitFor();
    await page.evaluate(() => {
      window.changes = [];
      addEventListener('change', (event) => {
        const { detail } = /** @type {CustomEvent} */ (event);
        window.changes.push([detail.index, detail.entry.label]);
      });
    });
    const chosen = () => page.locator('entropix-tokens').evaluate((strip) => strip.selected);
    const press = async (key) => {
      await page.keyboard.press(key);
      const focused = await visitor.focused();
      assert.equal(focused, await chosen(), `focus and choice after ${key}`);
      return focused;
    };
    assert.equal(await press('Tab'), 0);
    assert.equal(await press('ArrowRight'), 1);
    assert.equal(await press('ArrowLeft'), 0);
    assert.equal(await press('ArrowLeft'), 0);
    assert.equal(await press('End'), tokens.length - 1);
    assert.equal(await press('ArrowRight'), tokens.length - 1);
    assert.equal(await press('Home'), 0);
    for (let i = 0; i < 2; i += 1) await press('ArrowRight');
    const box = (index) => visitor.tokens().nth(index).boundingBox();
    const below = await press('ArrowDown');
    const [from, to] = [await box(2), await box(below)];
    assert.ok(to.y > from.y && to.y < from.y + 2 * from.height, 'the next line');
    const others = await Promise.all([below - 1, below + 1].map(box));
    for (const other of others)
      assert.ok(
        Math.abs(other.x - from.x) >= Math.abs(to.x - from.x) || other.y !== to.y,
        'the nearest',
      );
    assert.equal(await press('ArrowUp'), 2);
    assert.equal(await press('ArrowUp'), 2);
    const stops = await visitor
      .tokens()
      .evaluateAll((all) => all.filter((token) => token.tabIndex === 0).map(({ index }) => index));
    assert.deepEqual(stops, [2]);
    assert.equal(await visitor.at('answer').locator('[aria-selected=true]').count(), 1);
    const changes = await page.evaluate(() => window.changes);
    assert.deepEqual(changes.slice(0, 2), [
      [0, tokens[0].label],
      [1, tokens[1].label],
    ]);
    assert.ok(
      changes.every(([index], at) => at === 0 || index !== changes[at - 1][0]),
      'a change is a change',
    );
    // Nothing chosen, focus kept: Enter chooses again.
    await page.locator('entropix-tokens').evaluate((strip) => {
      strip.selected = null;
    });
    assert.equal(await chosen(), null);
    assert.equal(await press('Enter'), 2);
    await close(visitor);
  });

  test('takes what was set before the script came', async () => {
    const visitor = await host('<entropix-tokens><p>Plain text</p></entropix-tokens>', {
      head: '',
    });
    await visitor.page.getByText('Plain text').waitFor();
    await visitor.page.evaluate(
      (entries) => {
        const strip = document.querySelector('entropix-tokens');
        Object.assign(strip, { entries, selected: 4, end: 6 });
        const script = document.createElement('script');
        script.type = 'module';
        script.src = 'embed/v1/embed.js';
        document.body.append(script);
      },
      tokens.slice(0, 7),
    );
    await visitor.tokens().nth(6).waitFor();
    await visitor.page.getByText('token 5 of 7').waitFor();
    assert.equal(await visitor.tokens().nth(6).getAttribute('aria-label'), 'end of the answer');
    await close(visitor);
  });

  for (const [what, answer, words] of /** @type {[string, object, RegExp][]} */ ([
    ['missing', { status: 404, body: 'no' }, /not there \(status 404\)/],
    ['no JSON', { body: '<!doctype html>' }, /not JSON/],
    ['of another schema', { json: { ...trace, schema: 3 } }, /schema 3, not 1 or 2/],
    ['broken', { json: { ...trace, tokens: [{ text: 'a' }] } }, /no whole trace/],
  ])) {
    test(`says so when a trace is ${what}`, async () => {
      const files = { 'answer.json': answer };
      const visitor = await host(
        '<entropix-tokens src="answer.json"></entropix-tokens><entropix-trace src="answer.json"></entropix-trace>',
        { files },
      );
      const said = visitor.page.getByText(/^This recorded chat can’t be shown: it /);
      await said.nth(1).waitFor();
      for (const text of await said.allInnerTexts()) assert.match(text, words);
      for (const name of ['entropix-tokens', 'entropix-trace']) {
        assert.ok(
          visitor.warnings.some(
            (warning) => warning.startsWith(`<${name} src>`) && words.test(warning),
          ),
          visitor.warnings.join('\n'),
        );
      }
      assert.equal(await visitor.at('inspector').count(), 0);
      await close(visitor);
    });
  }
});
