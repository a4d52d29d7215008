// Style sheets that bloggers have, in both browsers: everything stands in its place, whole and legible.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { atSomebodys, inBoth } from '../support/browsers.mjs';
import { faint } from '../support/contrast.mjs';
import { POLICY, SCRIPT } from '../support/host.mjs';
import { misplaced } from '../support/misplaced.mjs';
import { eventually } from '../support/wait.mjs';

const ALL = 'varentropy-curve, varentropy-triangle, varentropy-plane, entropix-trace';
const BODY = `<varentropy-curve p="0.92" labels="it rains tomorrow,it stays dry"></varentropy-curve>
<varentropy-triangle p="0.7 0.2 0.1" path labels="quite a long name,another long name,no"></varentropy-triangle>
<varentropy-triangle mode="rules"></varentropy-triangle>
<varentropy-plane preset="B" p="0.5 0.3 0.2"></varentropy-plane>
<entropix-trace src="https://YOUR-HOST/traces/larger-b.json"></entropix-trace>
<p>These are <entropix-tint h="3" v="0.2">words of an answer</entropix-tint>.</p>`;

/** What the host is → its style. */
const HOSTS = {
  plain: '',
  'one that resets all': `*, ::before, ::after { box-sizing: border-box; max-width: 100%; margin: 0; padding: 0; border: 0 solid; }
    img, svg, video, canvas { display: block; max-width: 100%; height: auto; } canvas { width: 100%; }
    button, input { all: unset; } p { line-height: 2; } ul, ol { list-style: none; }`,
  'one whose text is set otherwise': `main { font: italic small-caps 300 16px/2.4 serif; text-align: justify; text-indent: 3em;
    text-transform: uppercase; text-shadow: 0 0 3px red; letter-spacing: .1em; word-spacing: .4em; word-break: break-all;
    white-space: pre-line; hyphens: auto; font-feature-settings: "onum"; }`,
  'written from top to bottom': 'main { writing-mode: vertical-rl; height: 600px; }',
  'one of columns': 'main { columns: 2 260px; max-width: none; }',
  'one with margins for everything':
    'main > * { max-width: min(100% - 2rem, 580px); margin: 30px auto !important; border-left: 4px solid teal; padding: 0 4px; }',
  'zoomed, on dark': 'main { zoom: 1.35; background: #123; color: #cde; }',
};

const here = atSomebodys();

/** Runs in a page: what text of the host's comes to the words of a chart, and to words in a sentence. */
const inherited = () => {
  const look = (element) => {
    const { fontFamily, fontStyle, textShadow, textTransform, wordBreak, hyphens, writingMode } =
      getComputedStyle(element);
    return [fontFamily, fontStyle, textShadow, textTransform, wordBreak, hyphens, writingMode];
  };
  const inside = (name, part) => document.querySelector(name).shadowRoot.querySelector(part);
  return {
    chart: look(inside('varentropy-curve', '.note')),
    sentence: look(document.querySelector('main > p')),
    tint: look(inside('entropix-tint', 'span')),
  };
};

inBoth('on a host', ({ page: open }) => {
  for (const [what, css] of Object.entries(HOSTS))
    test(`that is ${what}, everything has its place`, async () => {
      here.host.publish('theirs.css', css);
      const url = here.host.page(BODY, {
        head: `<link rel="stylesheet" href="theirs.css">${SCRIPT}`,
        policy: `${POLICY.elements}; img-src 'self'`,
      });
      const errors = [];
      const tab = await open(url, { width: 280, height: 9000 }, errors);
      for (const width of [280, 700]) {
        await tab.setViewport({ width, height: 9000 });
        await eventually(async () => {
          assert.deepEqual(await tab.evaluate(misplaced, ALL), [], `${width} px`);
          const { waiting, found } = await tab.evaluate(faint, `${ALL}, entropix-tint`);
          assert.deepEqual([waiting, ...found], [0], `${width} px`);
        });
      }
      const { chart, sentence, tint } = await tab.evaluate(inherited);
      assert.deepEqual(tint, sentence, 'words in a sentence are set as it is');
      const own = [chart[0], 'normal', 'none', 'none', 'normal', 'manual', 'horizontal-tb'];
      assert.deepEqual(chart, own);
      assert.deepEqual(errors, []);
      await tab.close();
    });

  test('that shows it later, it is drawn then', async () => {
    const curve = (attributes = '') => `<varentropy-curve ${attributes}></varentropy-curve>`;
    here.host.publish('theirs.css', '.tab { display: none; } .open { display: block; }');
    const url = here.host.page(
      `<details><summary>More</summary>${curve()}</details><div class="tab">${curve()}</div>`,
      {
        head: `<link rel="stylesheet" href="theirs.css">${SCRIPT}`,
        policy: `${POLICY.elements}; img-src 'self'`,
      },
    );
    const tab = await open(url, { width: 390 });
    await tab.evaluate(async () => {
      const charts = [...document.querySelectorAll('varentropy-curve')];
      await customElements.whenDefined('varentropy-curve');
      for (const chart of charts) await chart.begin();
      document.querySelector('details').open = true;
      document.querySelector('.tab').className = 'open';
    });
    await eventually(async () =>
      assert.deepEqual(
        await tab.$$eval('varentropy-curve', (all) =>
          all.map(({ shadowRoot }) => Boolean(shadowRoot.querySelector('svg path.line-h'))),
        ),
        [true, true],
      ),
    );
    await tab.close();
  });
});
