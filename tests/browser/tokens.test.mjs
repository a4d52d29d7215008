// The built strip, inspector and player on a page with a strict policy.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';

import { parts, percent, quantity, rule, spoken, visible } from '../../crates/embed/js/words.js';
import { Visitor, atSite } from './support/site.mjs';

const trace = JSON.parse(
  await readFile(new URL('../../www/traces/larger-b.json', import.meta.url)),
);
const { tokens } = trace;
const many = Array.from({ length: 500 }, (_, index) => tokens[index % tokens.length]);

describe('words', () => {
  test('a probability has sensible precision', () => {
    for (const [p, text] of [
      [1, '100.0 %'],
      [0.99999, '> 99.99 %'],
      [0.873, '87.3 %'],
      [0.0042, '0.42 %'],
      [0.00001, '< 0.01 %'],
      [0, '0 %'],
      [-1e-12, '0 %'],
    ]) {
      assert.equal(percent(p), text);
    }
    assert.deepEqual([0, 0.004, 1.5].map(quantity), ['0.00', '0.004', '1.50']);
  });

  test('blanks, word and line ends add up to the text', () => {
    for (const [text, ...expected] of [
      [' larger', ' ', 'larger', ''],
      ['re', '', 're', ''],
      ['\n\n', '', '', '\n\n'],
      ['  ', '', '  ', ''],
      ['.\n', '', '.', '\n'],
      ['\n  x', '\n  ', 'x', ''],
      ['', '', '', ''],
      ['a b', '', 'a b', ''],
    ]) {
      assert.deepEqual(parts(text), expected);
    }
    assert.deepEqual([' larger', '\n\n', '\t', ''].map(visible), ['␣larger', '↵↵', '⇥', '∅']);
  });

  test('every decision has a rule', () => {
    for (const [action, quadrant, expected] of [
      ['argmax', 'LELV', 'argmax'],
      ['insert', 'HELV', 'insert'],
      ['sample', 'HELV', 'insert'],
      ['sample', 'LEHV', 'branch'],
      ['sample', 'HEHV', 'resample'],
      ['best_of_n', 'ADAPTIVE', 'adaptive'],
      ['argmax', null, 'argmax'],
      ['sample', null, 'plain'],
    ]) {
      assert.equal(rule({ action, quadrant }), expected);
    }
    assert.match(spoken(tokens[0]), /^To, entropy [\d.]+ bits, varentropy [\d.]+ bits², \w+/);
  });
});

const here = atSite();

/** A page of somebody else's: no inline style, no images, no eval. */
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'";
const SCRIPT = '<script type="module" src="embed/v1/embed.js"></script>';

async function host(body, { head = SCRIPT, files = {}, ...options } = {}) {
  const context = await here.browser.newContext(options);
  const page = await context.newPage();
  const visitor = new Visitor(page);
  visitor.warnings = [];
  page.on('console', (message) => {
    if (message.type() === 'warning') visitor.warnings.push(message.text());
    if (/Content Security Policy/.test(message.text())) visitor.errors.push(message.text());
  });
  for (const [name, answer] of Object.entries(files))
    await page.route(`**/${name}`, (route) => route.fulfill(answer));
  await page.route('**/host.html', (route) =>
    route.fulfill({
      contentType: 'text/html',
      headers: { 'content-security-policy': POLICY },
      body: `<!doctype html><html lang="en"><meta charset="utf-8"><title>Host</title>${head}<body>${body}`,
    }),
  );
  await page.goto(`${here.site.url}host.html`);
  return visitor;
}

/** Waits until an element shows what was given to it. */
const give = (page, selector, entries) =>
  page.locator(selector).evaluate(async (strip, given) => {
    await customElements.whenDefined(strip.localName);
    strip.entries = given;
  }, entries);

async function close(visitor) {
  assert.deepEqual(visitor.errors, []);
  await visitor.close();
}

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
        await new Promise((done) => setTimeout(done, 200));
        return seen;
      }, many.slice(1));
    // The ring goes from the token before to the new one: two attributes, however long the answer is.
    assert.deepEqual(counts, { added: 499, removed: 0, attributes: 998 });
    assert.equal(await visitor.tokens().count(), 500);
    const text = await visitor.at('answer').evaluate((list) => list.textContent);
    assert.equal(text, many.map((token) => token.text).join(''));
    await visitor.page.getByText('token 500 of 500').waitFor();
    await close(visitor);
  });

  test('colours words, not the spaces around them, and shows bytes, line ends and the end', async () => {
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
        word.parentNode.getAttribute('aria-label'),
      ]);
    });
    assert.deepEqual(
      seen.map((each) => each.slice(0, 3)),
      [
        ['<b onclick=x>', 'none', true],
        ['', '"<0xF0>"', true],
        ['', '"↵"', true],
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
      addEventListener('change', ({ detail }) =>
        window.changes.push([detail.index, detail.entry.label]),
      );
    });
    const chosen = () => page.locator('entropix-tokens').evaluate((strip) => strip.selected);
    const press = async (key) => {
      await page.keyboard.press(key);
      const focused = await page.evaluate(
        () => document.activeElement.shadowRoot.activeElement.index,
      );
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

  for (const [what, answer, words] of [
    ['missing', { status: 404, body: 'no' }, /not there \(status 404\)/],
    ['no JSON', { body: '<!doctype html>' }, /not JSON/],
    ['of another schema', { json: { ...trace, schema: 3 } }, /schema 3, not 1 or 2/],
    ['broken', { json: { ...trace, tokens: [{ text: 'a' }] } }, /no whole trace/],
  ]) {
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
      page.getByText(`token ${index + 1} of ${of}, id`).waitFor({ timeout: 5000 });
    const token = (strip, index) =>
      page.locator(strip).getByTestId('token').nth(index).locator('.word-of');
    const append = (index) =>
      page.locator('#b').evaluate((strip, entry) => strip.append(entry), tokens[index]);
    const chosen = () =>
      page.evaluate(() => ['a', 'b'].map((id) => document.getElementById(id).selected));
    await shows(9, 10);
    await page.getByText('1,000 others').waitFor();
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
    await page.locator('entropix-inspector').locator('g rect').nth(7).click();
    assert.deepEqual(await chosen(), [null, 7]);
    await page.mouse.move(0, 0);
    await shows(7, 12);
    await page.locator('#b').evaluate((strip) => {
      strip.selected = null;
    });
    await shows(11, 12);
    assert.equal(await page.locator('entropix-inspector').locator('g rect').count(), 12);
    await page.evaluate(() => document.getElementById('b').remove());
    await page.getByText('Choose a word of the answer').waitFor();
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
    assert.equal(rows.length, index < 0 ? 10 : 11);
    rows.forEach((row, place) =>
      assert.ok(row.includes(percent((entry.top[place] ?? entry).p)), row),
    );
    const text = await visitor.at('inspector').innerText();
    const { entropy_bits: h, varentropy_bits2: v } = entry.decision.uncertainty;
    for (const part of [
      `${quantity(h)} bits`,
      `${quantity(v)} bits²`,
      'temperature',
      'score in nats',
      '49,142 others',
    ]) {
      assert.ok(text.replaceAll('\u00a0', ' ').includes(part), part);
    }
    await close(visitor);
  });
});

describe('a recorded chat', () => {
  const player = (visitor) => {
    const { page } = visitor;
    return {
      trace: page.locator('entropix-trace'),
      play: page.getByRole('button', { name: 'Play' }),
      pause: page.getByRole('button', { name: 'Pause' }),
      restart: page.getByRole('button', { name: 'Restart' }),
      slider: page.getByRole('slider', { name: 'Position' }),
      shows: (count) =>
        page.getByText(`${count} of ${tokens.length} tokens`).waitFor({ timeout: 5000 }),
      reaches: (count) =>
        page.waitForFunction(
          (least) => document.querySelector('entropix-trace').position >= least,
          count,
        ),
      position: () => page.locator('entropix-trace').evaluate((trace) => trace.position),
    };
  };

  test('is there as a whole, and plays, pauses, jumps and starts over', async () => {
    const visitor = await host(
      '<entropix-trace src="traces/larger-b.json" speed="25"></entropix-trace>',
    );
    const { play, pause, restart, slider, shows, reaches, position } = player(visitor);
    await shows(tokens.length);
    await visitor.page.getByText(trace.messages[0].content).waitFor();
    await visitor.page
      .getByText(`${trace.model} · sampler B · seed ${trace.seed} · 100 tokens`)
      .waitFor();
    const height = () =>
      visitor.page
        .locator('entropix-trace')
        .evaluate(
          (element) =>
            element.shadowRoot.querySelector('entropix-tokens').shadowRoot.querySelector('.paper')
              .offsetHeight,
        );
    const whole = await height();
    await play.click();
    await reaches(5);
    assert.equal(await height(), whole, 'its room is kept');
    assert.equal(await visitor.at('answer').getAttribute('aria-busy'), 'true');
    await pause.click();
    const paused = await position();
    assert.ok(paused >= 5 && paused < tokens.length);
    await visitor.page.waitForTimeout(200);
    assert.equal(await position(), paused);
    await slider.fill('40');
    await shows(40);
    assert.equal(await visitor.tokens().count(), 40);
    assert.equal(await slider.getAttribute('aria-valuetext'), '40 of 100 tokens');
    await slider.focus();
    await visitor.page.keyboard.press('ArrowLeft');
    await shows(39);
    await restart.click();
    await reaches(3);
    assert.ok((await position()) < 39);
    await visitor.page.locator('entropix-trace').evaluate((element) => element.seek(98));
    await shows(tokens.length);
    await play.waitFor();
    await close(visitor);
  });

  test('plays by itself only if asked and if motion is welcome', async () => {
    for (const reducedMotion of ['no-preference', 'reduce']) {
      const visitor = await host(
        '<entropix-trace src="traces/larger-b.json" autoplay speed="2"></entropix-trace>',
        { reducedMotion },
      );
      const { play, pause, shows, reaches, position } = player(visitor);
      if (reducedMotion === 'reduce') {
        await play.waitFor();
        await shows(tokens.length);
      } else {
        await pause.waitFor();
        assert.ok((await position()) < 5);
        await reaches(1);
      }
      await close(visitor);
    }
  });

  test('comes as an object, ends with its end, and tells its group', async () => {
    const visitor = await host(
      '<entropix-trace group="g"></entropix-trace><entropix-inspector group="g"></entropix-inspector>',
    );
    const { trace: element } = player(visitor);
    const short = { ...trace, tokens: tokens.slice(0, 12), finish: 'end_of_turn' };
    await element.evaluate(async (it, given) => {
      await customElements.whenDefined('entropix-trace');
      it.trace = given;
    }, short);
    await visitor.page.getByText('· 11 tokens').waitFor();
    assert.equal(await visitor.tokens().last().getAttribute('aria-label'), 'end of the answer');
    await visitor.tokens().nth(2).click();
    await visitor.page.mouse.move(0, 0);
    await visitor.page.getByText('token 3 of 12').nth(1).waitFor();
    await element.evaluate((it) => {
      it.trace = { schema: 1 };
    });
    await visitor.page.getByText('no whole trace').waitFor();
    assert.ok(visitor.warnings.some((warning) => warning.startsWith('<entropix-trace trace>')));
    await close(visitor);
  });
});
