// The quirks of a preset, what its rules decided, and what the other presets would have done.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { audit } from './support/axe.mjs';
import { recorded } from './support/json.mjs';
import { atSite, Visitor } from './support/site.mjs';
import { eventually, redrawn, still } from './support/wait.mjs';

const here = atSite();

/** The page with a recorded chat, or with this one instead. */
async function open(options = {}, trace = null) {
  const visitor = await Visitor.open(here.browser, 'about:blank', options);
  if (trace)
    await visitor.page.route('**/traces/larger-b.json', (route) => route.fulfill({ json: trace }));
  await visitor.page.goto(here.site.url);
  await visitor.tokens().nth(20).waitFor();
  return visitor;
}
async function done(visitor) {
  assert.deepEqual(visitor.errors, []);
  await visitor.close();
}
/** Its text, with the same space everywhere. */
const words = async (element) => (await element.innerText()).replace(/\s+/g, ' ');
const unfold = (visitor, id) => visitor.at(id).locator('summary').first().click();

describe('quirks', () => {
  const control = (visitor, name) => visitor.at('quirks').locator(`[name=${name}]`);

  test('are switched, linked, stored and reset', async () => {
    const visitor = await open();
    await visitor.settings({ sampler: 'B' });
    await unfold(visitor, 'quirks');
    assert.equal(await control(visitor, 'swapped_thresholds').isChecked(), true);
    assert.equal(await control(visitor, 'nucleus').inputValue(), 'ascending');
    assert.equal(await control(visitor, 'faithful_nan').count(), 0);

    // What a quirk asks for can be edited as soon as it is on, and the focus stays.
    const field = visitor.at('sampler').getByLabel('low AE');
    assert.equal(await field.count(), 0);
    await control(visitor, 'attention_gates').focus();
    await visitor.page.keyboard.press('Space');
    await field.waitFor();
    assert.equal(
      await control(visitor, 'attention_gates').evaluate((box) => box === document.activeElement),
      true,
    );
    await visitor.at('quirks').getByLabel('top-p counts from').selectOption('descending');
    await visitor.page.waitForURL(/#sampler=B&.*&attention_gates=true&nucleus=descending$/);
    const link = visitor.page.url();

    const elsewhere = await Visitor.open(here.browser, link);
    const nextVisit = new Visitor(await visitor.page.context().newPage());
    await nextVisit.page.goto(here.site.url);
    for (const other of [elsewhere, nextVisit]) {
      await other.settings({});
      await unfold(other, 'quirks');
      assert.equal(await control(other, 'attention_gates').isChecked(), true);
      assert.equal(await control(other, 'nucleus').inputValue(), 'descending');
    }
    await done(elsewhere);

    await visitor.at('reset').click();
    assert.equal(await control(visitor, 'attention_gates').isChecked(), false);
    assert.equal(await control(visitor, 'nucleus').inputValue(), 'ascending');
    await field.waitFor({ state: 'detached' });
    await visitor.page.waitForURL((url) => !/nucleus|gates/.test(url.hash));
    await done(visitor);
  });

  test('are those of the chosen preset', async () => {
    const visitor = await open();
    await visitor.settings({ sampler: 'B0' });
    await unfold(visitor, 'quirks');
    assert.equal(await control(visitor, 'swapped_thresholds').isChecked(), false);
    // The numbers are, too.
    const low = visitor.at('sampler').locator('[name=low_logits_entropy_threshold]');
    assert.equal(await low.inputValue(), '0.1');
    await visitor.settings({ sampler: 'FROG' });
    await visitor.at('sampler').getByLabel('low AE').waitFor();
    assert.equal(await low.inputValue(), '0.01');
    await visitor.settings({ sampler: 'OCT31' });
    assert.equal(await low.inputValue(), '0.8');
    assert.equal(await control(visitor, 'swapped_thresholds').isChecked(), true);
    assert.equal(await control(visitor, 'insert').inputValue(), 'always');
    // A never looks at attention.
    await visitor.settings({ sampler: 'A' });
    await control(visitor, 'attention_gates').waitFor({ state: 'detached' });
    assert.equal(await control(visitor, 'nucleus').count(), 1);
    await visitor.settings({ sampler: 'plain' });
    await visitor.at('quirks').waitFor({ state: 'detached' });
    await done(visitor);
  });
});

describe('rule counts', () => {
  test('stand under an answer of Entropix, zeros included', async () => {
    const { tokens } = await recorded('larger-b');
    const visitor = await open();
    const items = visitor.at('rules').getByRole('listitem');
    const count = (rule) => tokens.filter(({ decision }) => decision.quadrant === rule).length;
    const told = (await items.allTextContents()).map((text) => text.split(' – '));
    const rules = ['LELV', 'HELV', 'LEHV', 'HEHV', 'ADAPTIVE'];
    assert.deepEqual(
      told.map(([short]) => short.trim()),
      rules.map((rule) => `${rule} ${count(rule)}`),
    );
    assert.equal(told[1][0].trim(), 'HELV 0');
    assert.equal(told[0][1].trim(), 'low H, low V: take the most probable');
    assert.equal(await items.first().getAttribute('title'), told[0][1].trim());
    await done(visitor);
  });

  test('do not stand under an answer of another sampler', async () => {
    const visitor = await open({}, await recorded('larger-greedy'));
    await visitor.page.getByText('sampler greedy').waitFor();
    assert.equal(await visitor.at('rules').count(), 0);
    await done(visitor);
  });
});

describe('what each preset would do here', () => {
  const table = (visitor) => visitor.at('presets').getByRole('table');
  const row = (visitor, preset) =>
    table(visitor)
      .getByRole('row')
      .filter({
        has: visitor.page.getByRole('rowheader', { name: new RegExp(`^${preset}( |$)`) }),
      });
  const names = (decision) => decision.quadrant;

  test('follows the token that is shown', async () => {
    const { tokens } = await recorded('larger-b');
    const visitor = await open();
    const { page } = visitor;
    assert.equal(await table(visitor).count(), 0);
    await visitor.at('charts').getByRole('radio', { name: 'Plane' }).focus();
    for (let tab = 0; tab < 3; tab += 1) await page.keyboard.press('ArrowRight');
    await table(visitor).waitFor();
    assert.deepEqual(
      (await table(visitor).getByRole('rowheader').allInnerTexts()).map(
        (text) => text.split('\n')[0],
      ),
      ['A', 'B0', 'B', 'FROG', 'SMOLLM-135M', 'OCT31'],
    );

    const shows = async (index) => {
      const { label, decision } = tokens[index];
      const { entropy_bits: h, varentropy_bits2: v } = decision.uncertainty;
      const caption = table(visitor).locator('caption');
      await caption
        .filter({
          hasText: `Token ${index + 1} of ${tokens.length}, “${label.replaceAll(' ', '␣').replaceAll('\n', '↵')}”`,
        })
        .waitFor();
      if (h > 0.1 && v > 0.1)
        assert.ok(
          (await words(caption)).includes(
            `H ${h.toFixed(2)} bits, V ${v.toFixed(2)} bits²; no attention recorded`,
          ),
        );
      const cells = await row(visitor, 'B').getByRole('cell').allInnerTexts();
      assert.ok(cells[0].startsWith(names(decision)), `${cells[0]} at ${index}`);
      const { parameters } = decision;
      if (parameters)
        assert.deepEqual(cells.slice(1), [
          parameters.temperature.toFixed(2),
          parameters.top_p.toFixed(2),
          String(parameters.top_k),
          `(${parameters.min_p.toFixed(3)})`,
        ]);
    };
    await visitor.tokens().nth(7).click();
    await shows(7);
    await visitor.tokens().nth(11).hover();
    await shows(11);
    await page.mouse.move(1, 1);
    await shows(7);
    await visitor.tokens().nth(7).focus();
    await page.keyboard.press('ArrowRight');
    await shows(8);
    await page.keyboard.press('Home');
    await shows(0);
    const drawn = tokens.findIndex(({ decision }) => decision.quadrant === 'HEHV');
    await visitor.tokens().nth(drawn).click();
    await shows(drawn);
    assert.match(await row(visitor, 'B').innerText(), /this answer/);
    for (const preset of ['B0', 'FROG', 'SMOLLM-135M', 'OCT31'])
      assert.match(await row(visitor, preset).innerText(), /logits only/);
    for (const preset of ['A', 'B'])
      assert.doesNotMatch(await row(visitor, preset).innerText(), /logits only/);
    await done(visitor);
  });

  test('follows edited thresholds', async () => {
    const visitor = await open();
    await visitor.tokens().nth(9).click();
    await visitor.at('charts').getByText('Presets').click();
    await visitor.settings({ sampler: 'A' });
    for (const name of ['low H', 'low V']) {
      await visitor.at('sampler').getByLabel(name, { exact: false }).first().fill('99');
      await visitor.page.keyboard.press('Tab');
    }
    await row(visitor, 'A')
      .filter({ hasText: /edited.*LELV.*take the most probable/s })
      .waitFor();
    assert.equal(await row(visitor, 'A').getByRole('cell').count(), 2);
    await visitor.at('reset').click();
    await row(visitor, 'A').filter({ hasNotText: 'edited' }).waitFor();
    await done(visitor);
  });

  test('takes in attention where it was recorded', async () => {
    const trace = await recorded('larger-b');
    for (const { decision } of trace.tokens) {
      decision.attention = {
        attn_entropy: 11.93,
        attn_varentropy: 0.02,
        agreement: 6e-6,
        interaction_strength: 0.3,
      };
    }
    const hehv = trace.tokens.findIndex(({ decision }) => decision.quadrant === 'HEHV');
    const visitor = await open({}, trace);
    await visitor.tokens().nth(hehv).click();
    await visitor.at('charts').getByText('Presets').click();
    await table(visitor).getByText('AE 11.93 bits, AV 0.020 bits², AG 6.0e-6, IS 0.30').waitFor();
    assert.equal(await table(visitor).getByText('logits only').count(), 0);
    // T = 0.666 · (2 + 0.5 AV), at least 2; top-p = 0.9 − 0.2 AE, at least 0.5.
    assert.deepEqual(await row(visitor, 'FROG').getByRole('cell').allInnerTexts(), [
      'HEHV\nhigh H, high V',
      '2.00',
      '0.50',
      '27',
      '(0.030)',
    ]);
    await done(visitor);
  });
});

test('while an answer streams the token that is pointed at is shown, then the least certain word', {
  timeout: 120_000,
}, async () => {
  const visitor = await open();
  const { page } = visitor;
  await visitor.load();
  await visitor.settings({ sampler: 'FROG', tokens: 96 });
  await visitor.at('sampler').locator('summary').first().click();
  await visitor.at('charts').getByText('Presets').click();
  const caption = visitor.at('presets').locator('caption');
  const shown = async () => Number((await caption.innerText()).match(/^Token (\d+) of/)[1]);
  await visitor.pace(60);
  await visitor.say('Tell me a story.');
  await visitor.streams(5);
  const none = visitor.at('presets').getByText('Choose a word of the answer.');
  await none.waitFor();
  await visitor.tokens().nth(2).hover();
  await caption.filter({ hasText: /^Token 3 of/ }).waitFor();
  await visitor.streams(27);
  assert.equal(await shown(), 3);
  await page.mouse.move(1, 1);
  await none.waitFor();
  await visitor.answered();
  const { tokens } = await visitor.trace();
  const bits = tokens.map(({ text, decision }) =>
    text.trim() ? decision.uncertainty.entropy_bits : -1,
  );
  const least = bits.lastIndexOf(Math.max(...bits));
  await caption.filter({ hasText: `Token ${least + 1} of ${tokens.length},` }).waitFor();
  // Its own row is what it did.
  const at = tokens.findIndex(({ decision }) => decision.parameters);
  await visitor.tokens().nth(at).click();
  await caption.filter({ hasText: `Token ${at + 1} of` }).waitFor();
  assert.match(await words(caption), /attention as recorded: AE \d+\.\d\d bits/);
  const { temperature, top_k } = tokens[at].decision.parameters;
  const cells = await visitor
    .at('presets')
    .getByRole('row')
    .filter({ hasText: 'this answer' })
    .getByRole('cell')
    .allInnerTexts();
  assert.deepEqual([cells[1], cells[3]], [temperature.toFixed(2), String(top_k)]);
  // The rules under it add up: the first token has none.
  const counts = await visitor.at('rules').getByRole('listitem').allTextContents();
  assert.match(counts.at(-1), /^no rule 1 /);
  const sum = counts.map((text) => Number(text.match(/ (\d+) – /)[1])).reduce((a, b) => a + b);
  assert.ok(
    (await visitor.page.getByText(/tokens · sampler FROG/).innerText()).startsWith(`${sum} tokens`),
  );
  await done(visitor);
});

describe('axe finds nothing', () => {
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    for (const [where, viewport] of Object.entries({
      'a wide page': { width: 1400, height: 1000 },
      'a narrow page': { width: 390, height: 844 },
    })) {
      test(`on ${where}, ${colorScheme}`, async () => {
        const visitor = await open({ colorScheme, viewport });
        const { page } = visitor;
        await visitor.settings({ sampler: 'FROG' });
        await unfold(visitor, 'quirks');
        await visitor.tokens().nth(7).click();
        await page.getByRole('complementary', { name: 'One token' }).waitFor();
        await visitor.at('charts').getByText('Presets').click();
        await visitor.at('presets').getByRole('table').waitFor();
        await still(page);
        await eventually(async () => {
          const wider = await page.evaluate(
            () => document.documentElement.scrollWidth - innerWidth,
          );
          assert.ok(wider <= 0, `${wider} px too wide`);
        });
        const cut = await page
          .locator('.lens')
          .evaluate((lens) => lens.scrollWidth - lens.clientWidth);
        assert.ok(cut <= 0, `the column is ${cut} px too narrow`);
        await audit(page);
        await done(visitor);
      });
    }
  }
});

describe('regions', () => {
  test('plane and triangle show the answer’s rules, and while numbers are set these', async () => {
    const visitor = await open({ viewport: { width: 1360, height: 1800 } });
    const plane = visitor.page.locator('varentropy-plane');
    await visitor.at('charts').getByText('Triangle').click();
    const triangle = visitor.page.locator('varentropy-triangle');
    const whose = visitor.at('whose-rules');
    const rule = async (chart, name) => JSON.parse(await chart.getAttribute('rules'))[name];
    const painted = async () => {
      await redrawn(visitor.page);
      return triangle.evaluate(({ shadowRoot }) => shadowRoot.querySelector('canvas').toDataURL());
    };
    await whose.getByText('Rules: B of this answer.').waitFor();

    await visitor.settings({ sampler: 'PROMISED' });
    await whose.getByText('Rules: PROMISED as set.').waitFor();
    for (const chart of [plane, triangle]) {
      assert.equal(await rule(chart, 'entropy_cut'), 4.57);
    }
    const smooth = await painted();
    await visitor.page
      .getByRole('group', { name: 'Colours of the triangle' })
      .getByText('rules')
      .click();
    assert.equal(await triangle.getAttribute('mode'), 'rules');
    // What paints rules may have to be loaded.
    const ruled = await eventually(async () => {
      const picture = await painted();
      assert.notEqual(picture, smooth);
      return picture;
    });
    for (const rule of ['argmax', 'insert', 'branch', 'resample'])
      await triangle.locator('b').getByText(rule, { exact: true }).waitFor();
    await visitor.at('sampler').locator('input[name=varentropy_cut]').fill('0.5');
    await visitor.page.keyboard.press('Enter');
    assert.equal(await rule(plane, 'varentropy_cut'), 0.5);
    assert.notEqual(await painted(), ruled);

    await visitor.at('reset').click();
    await visitor.at('sampler').locator('summary').first().click();
    await whose.getByText('Rules: B of this answer.').waitFor();
    await visitor.settings({ sampler: 'plain' });
    await whose.waitFor({ state: 'detached' });
    await done(visitor);
  });
});
