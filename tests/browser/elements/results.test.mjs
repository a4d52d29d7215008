// What came of the evaluation, as an element.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { atHost, done } from '../support/elements.mjs';
import { POLICY } from '../support/host.mjs';
import { json, text } from '../support/outcomes.mjs';
import { atStrictPage } from '../support/tokens.mjs';
import { eventually } from '../support/wait.mjs';

const open = atStrictPage();
const abroad = atHost();
const summary = json('summary.json');
const [first] = summary.runs;
const { families } = first.summary;
const names = first.conditions.arms.map(({ name }) => name);
const TYPE = 'application/json';

const shown = (visitor, at = 0) => visitor.page.locator('entropix-results').nth(at);
/** What stands in its shadow. */
const said = (visitor, at = 0) => shown(visitor, at).locator('.results').innerText();
const percent = (share) => (100 * share).toFixed(1);
const signed = (share) => {
  const digits = percent(Math.abs(share));
  return digits === '0.0' ? digits : `${share < 0 ? '−' : '+'}${digits}`;
};

describe('results', () => {
  test('are those of the site, every number as it was published', async () => {
    const visitor = await open(
      ['effect', 'accuracy', 'cost', 'knowing', 'acts']
        .map((view) => `<entropix-results view="${view}"></entropix-results>`)
        .join(''),
    );
    const rows = async (at) => {
      await shown(visitor, at).locator('tbody tr').first().waitFor();
      return shown(visitor, at)
        .locator('tbody tr')
        .evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.textContent)));
    };
    const effect = await rows(0);
    const { comparisons, besides = [] } = first;
    assert.deepEqual(
      effect.map(([name, , points]) => [name, points]),
      [...comparisons, ...besides].map(({ arm, against, difference: { value, low, high } }) => [
        `${arm} against ${against}`,
        `${signed(value)} (${signed(low)} to ${signed(high)})`,
      ]),
    );
    effect.forEach(([, , , note], at) => {
      const { finding, corrected } = comparisons[at] ?? {};
      const p =
        corrected < 0.001 ? 'p\u00a0<\u00a00.001' : `p\u00a0=\u00a0${corrected?.toFixed(3)}`;
      const wanted = {
        helps: `helps, ${p}`,
        hurts: `hurts, ${p}`,
        no_effect: `no effect, ${p}`,
        unclear: `unclear, ${p}`,
        untested: 'untested: it hardly acts',
        unmatched: 'untested: the control acts otherwise',
      };
      assert.equal(note, wanted[finding] ?? 'besides, no claim of its own');
    });
    const cells = first.summary.arms.map(([all]) => all);
    assert.deepEqual(
      (await rows(1)).map(([name, , said]) => [name, said]),
      cells.map(({ accuracy: { value, low, high } }, at) => [
        names[at],
        `${percent(value)} (${percent(low)} to ${percent(high)})`,
      ]),
    );
    assert.deepEqual(
      (await rows(4)).map((row) => [row[0], row[1], row.at(-4), row.at(-3)]),
      cells.map((cell, at) => [
        names[at],
        percent(cell.accuracy.value),
        cell.tokens.toFixed(1),
        cell.made.toFixed(1),
      ]),
    );
    const knowing = await rows(3);
    assert.equal(knowing.length, 8);
    families.forEach((_, at) => {
      const area = first.summary.knowing[at].auroc[0];
      const whole = (share) => (100 * share).toFixed(0);
      const wanted = area && `${whole(area.value)} (${whole(area.low)} to ${whole(area.high)})`;
      assert.equal(knowing[0][1 + at], wanted ?? '–');
    });
    const picture = shown(visitor, 2).getByRole('img');
    const all = await picture.getAttribute('aria-label');
    cells.forEach((cell, at) => {
      const wanted = `${names[at]}: ${percent(cell.accuracy.value)} % right, ${cell.made.toFixed(1)} tokens`;
      assert.ok(all.includes(wanted), wanted);
    });
    await done(visitor);
  });

  test('of other runs: differences without a finding, all samplers, times', async () => {
    const visitor = await open(
      summary.runs
        .flatMap(({ tier }) =>
          ['effect', 'accuracy', 'time'].map(
            (view) => `<entropix-results tier="${tier}" view="${view}"></entropix-results>`,
          ),
        )
        .join(''),
    );
    for (const [
      run,
      { besides = [], comparisons, conditions, origin, summary: own },
    ] of summary.runs.entries()) {
      const names = conditions.arms.map(({ name }) => name);
      const rows = async (view) => {
        const row = shown(visitor, 3 * run + view).locator('tbody tr');
        await row.first().waitFor();
        return row.evaluateAll((all) =>
          all.map((one) => [...one.cells].map((cell) => cell.textContent)),
        );
      };
      const pairs = [...comparisons, ...besides];
      const differences = pairs.length
        ? pairs.map(({ arm, against, difference }) => [`${arm} against ${against}`, difference])
        : own.arms.slice(1).map(([all], at) => [names[at + 1], all.difference]);
      const effect = await rows(0);
      assert.deepEqual(
        effect.map(([name, , points]) => [name, points]),
        differences.map(([name, { value, low, high }]) => [
          name,
          `${signed(value)} (${signed(low)} to ${signed(high)})`,
        ]),
      );
      const cells = (name) => own.arms[names.indexOf(name)][0].acts;
      const strays = besides.map(
        ({ arm, against }) =>
          'gated' in conditions.arms[names.indexOf(against)].method &&
          cells(arm).some((n, act) => Math.abs(n - cells(against)[act]) > Math.max(0.02, n / 10)),
      );
      const notes = comparisons.length > 0 || strays.includes(true);
      assert.ok(effect.every((row) => row.length === (notes ? 4 : 3)));
      strays.forEach((stray, at) => {
        const note = effect[comparisons.length + at][3] ?? '';
        assert.equal(/the control acts otherwise/.test(note), stray, names[at]);
      });
      assert.deepEqual(
        (await rows(1)).map(([name]) => name),
        names,
      );
      assert.deepEqual(
        (await rows(2)).map(([name, ms]) => [name, ms]),
        own.arms.map(([all], at) => [names[at], (1000 * all.means.seconds).toFixed(0)]),
      );
      assert.ok((await said(visitor, 3 * run + 2)).includes(origin.machine));
    }
    await done(visitor);
  });

  test('of one task are chosen together in a group, and told', async () => {
    const visitor = await open(
      `<entropix-results view="accuracy" group="a"></entropix-results>
       <entropix-results view="cost" group="a" locked></entropix-results>
       <entropix-results view="accuracy" family="${families[1]}"></entropix-results>`,
    );
    await visitor.page.evaluate(() => {
      window.heard = [];
      addEventListener('change', (event) => {
        if (event instanceof CustomEvent)
          window.heard.push({ type: 'change', id: '', detail: event.detail });
      });
    });
    const chosen = families.at(-1);
    await shown(visitor).getByLabel('Tasks').selectOption(chosen);
    await eventually(async () => {
      for (const at of [0, 1]) assert.match(await said(visitor, at), new RegExp(`, ${chosen}`));
    });
    assert.equal(await shown(visitor, 1).getByRole('combobox').count(), 0);
    assert.match(await said(visitor, 2), new RegExp(`, ${families[1]}`));
    assert.deepEqual(await visitor.page.evaluate(() => window.heard), [
      { type: 'change', id: '', detail: { family: chosen } },
    ]);
    const cell = first.summary.arms[0][families.length];
    assert.match(await said(visitor), new RegExp(percent(cell.accuracy.value)));
    await done(visitor);
  });

  test('stand in their box at every width, and no name covers another', async () => {
    const views = ['effect', 'accuracy', 'cost', 'knowing', 'acts', 'time'];
    const visitor = await open(
      views.map((view) => `<entropix-results view="${view}"></entropix-results>`).join(''),
      { viewport: { width: 1000, height: 800 } },
    );
    for (const width of [1000, 520, 320]) {
      await visitor.page.setViewportSize({ width, height: 800 });
      for (const at of views.keys()) {
        await shown(visitor, at).scrollIntoViewIfNeeded();
        await shown(visitor, at).locator('table, svg').first().waitFor();
      }
      await eventually(async () => {
        const wide = await visitor.page.evaluate(
          () => document.documentElement.scrollWidth - innerWidth,
        );
        assert.ok(wide <= 0, `${wide} px too wide at ${width}`);
        const places = await shown(visitor, 2)
          .locator('.name')
          .evaluateAll((all) => all.map((name) => name.getBoundingClientRect()));
        assert.equal(places.length, names.length);
        const sorted = places.map(({ top, bottom }) => [top, bottom]).sort((a, b) => a[0] - b[0]);
        sorted.slice(1).forEach(([top], at) => {
          assert.ok(top >= sorted[at][0] + 15, `two names at ${top} px`);
        });
      });
    }
    await done(visitor);
  });

  test('come to other people’s pages, into a frame without an origin, too', async () => {
    const visitor = await abroad.embed('<entropix-results></entropix-results>');
    await shown(visitor).locator('tbody tr').first().waitFor();
    await visitor.close();
    const framed = await abroad.embed(
      `<iframe src="${abroad.url}embed.html?chart=results&view=cost" sandbox="allow-scripts"
        title="Results" width="600" height="500"></iframe>`,
      { page: { head: '', policy: POLICY.frame } },
    );
    await framed.page.frameLocator('iframe').getByRole('img').waitFor();
    await framed.close();
  });

  test('keep what stood there until they are drawn, and where they can’t be', async () => {
    const visitor = await open(
      '<entropix-results src="r.json"><p>A picture.</p></entropix-results>',
      {
        files: { 'r.json': { status: 404, body: '' } },
      },
    );
    await eventually(() => assert.match(visitor.warnings.join(), /status 404/));
    assert.ok(await visitor.page.getByText('A picture.').isVisible());
    await shown(visitor).evaluate((one, results) => Object.assign(one, { results }), summary);
    await shown(visitor).locator('tbody tr').first().waitFor();
    await eventually(async () => {
      assert.equal(await visitor.page.getByText('A picture.').isVisible(), false);
    });
    await shown(visitor).evaluate((one) => one.setAttribute('src', 'other.json'));
    await visitor.page.getByText('can’t be shown').waitFor();
    assert.equal(await shown(visitor).locator('tbody tr').count(), 0);
    await visitor.close();
  });

  test('that can’t be shown say why', async () => {
    const other = JSON.stringify({ ...summary, version: 2 });
    for (const [reply, why] of /** @type {[object, string][]} */ ([
      [{ status: 404, body: '' }, 'status 404'],
      [{ body: other, contentType: TYPE }, 'version 2, not 1'],
      [{ body: 'null', contentType: TYPE }, 'version undefined'],
      [{ body: text('results.json'), contentType: TYPE }, 'they have no summary'],
    ])) {
      const visitor = await open('<entropix-results src="r.json"></entropix-results>', {
        files: { 'r.json': reply },
      });
      await visitor.page.getByText('The results can’t be shown').waitFor();
      assert.match(await said(visitor), new RegExp(why));
      // What can be shown is.
      await shown(visitor).evaluate(
        (element, results) => Object.assign(element, { results }),
        summary,
      );
      await shown(visitor).locator('tbody tr').first().waitFor();
      await visitor.close();
    }
  });

  test('what is not there is told, and something is shown', async () => {
    const visitor = await open(
      '<entropix-results src="r.json" tier="9" family="magic" view="accuracy"></entropix-results>',
      { files: { 'r.json': { body: text('summary.json'), contentType: TYPE } } },
    );
    await shown(visitor).locator('tbody tr').first().waitFor();
    const told = visitor.warnings.join('\n');
    assert.match(told, /there is no run "9", only /);
    assert.match(told, /"magic" is none of /);
    await visitor.close();
  });
});
