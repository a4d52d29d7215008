// On paper: everything, dark on white, within the text's width, and nothing that can only be pressed.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { atSomebodys, inBoth } from '../support/browsers.mjs';
import { started } from '../support/charts.mjs';
import { faint } from '../support/contrast.mjs';
import { atHost, done } from '../support/elements.mjs';
import { POLICY } from '../support/host.mjs';
import { json } from '../support/json.mjs';
import { printed } from '../support/pdf.mjs';
import { eventually } from '../support/wait.mjs';

const { embed } = atHost();
const somebodys = atSomebodys();
const CHARTS = 'varentropy-curve, varentropy-triangle, varentropy-plane';
const charts = (theme) => `
  <varentropy-curve p="0.8" ${theme}></varentropy-curve><varentropy-triangle ${theme}></varentropy-triangle>
  <varentropy-plane preset="B" p="0.5 0.5" ${theme}></varentropy-plane>`;

describe('on paper', () => {
  test('is what nobody scrolled to', async () => {
    const visitor = await embed(
      `<p class="tall"></p>${charts('')}<entropix-trace src="https://YOUR-HOST/traces/sky-b.json"></entropix-trace>`,
      { viewport: { width: 1280, height: 600 } },
    );
    const { page } = visitor;
    await eventually(async () => {
      await page.pdf();
      const drawn = await page
        .locator(`${CHARTS}, entropix-trace`)
        .evaluateAll((all) =>
          all.map(({ shadowRoot }) => Boolean(shadowRoot.querySelector('svg path, .said'))),
        );
      assert.deepEqual(drawn, [true, true, true, true]);
    });
    await done(visitor);
  });

  test('is a sentence, or what stands between the tags, where the maths did not come', async () => {
    const visitor = await embed('<p>Nothing yet.</p>');
    const { page } = visitor;
    await page.route('**/*.wasm', (route) => route.abort());
    await page.reload();
    await page.evaluate(() => {
      const written = document.createElement('varentropy-curve');
      written.append('Fallback.');
      document.querySelector('main').append(document.createElement('varentropy-plane'), written);
    });
    await eventually(() => assert.ok(visitor.warnings.length > 0));
    await page.emulateMedia({ media: 'print' });
    await page.getByText('was not there yet').waitFor();
    assert.equal(await page.getByText(`See ${page.url()}`).count(), 1);
    assert.equal(await page.getByText('was not there yet').count(), 1);
    assert.ok(await page.getByText('Fallback.').isVisible());
    await visitor.close();
  });

  test('has its room where it was never drawn for a screen', async () => {
    const visitor = await embed('<p>Nothing yet.</p>');
    const { page } = visitor;
    await page.emulateMedia({ media: 'print' });
    await page.evaluate((html) => {
      document.querySelector('main').insertAdjacentHTML('beforeend', html);
    }, charts(''));
    await started(page);
    const heights = await page
      .locator(CHARTS)
      .evaluateAll((all) =>
        all.map(({ shadowRoot }) => shadowRoot.querySelector('.figure > svg').clientHeight),
      );
    assert.ok(
      heights.length === 3 && heights.every((height) => height > 250),
      `heights of ${heights} px`,
    );
    await done(visitor);
  });

  test('is dark ink on white, as wide as there is room, without buttons', async () => {
    const visitor = await embed(
      `${charts('theme="dark"')}<entropix-trace theme="dark" src="https://YOUR-HOST/traces/sky-b.json"></entropix-trace>
       <p><entropix-tint h="3" v="0.2" theme="dark">open</entropix-tint></p>`,
      { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' },
    );
    const { page } = visitor;
    await started(page);
    await page.emulateMedia({ media: 'print' });
    // Narrower than what was drawn; nothing draws again between a page and its print.
    const seen = await page.evaluate(() => {
      const main = document.querySelector('main');
      const before = [...document.querySelectorAll('main > :not(p)')].map((each) =>
        each.shadowRoot.querySelector('.figure')?.style.getPropertyValue('--width'),
      );
      main.style.setProperty('width', '400px');
      return [
        ...document.querySelectorAll('varentropy-curve, varentropy-triangle, varentropy-plane'),
      ].map((chart, i) => {
        const box = (selector) => chart.shadowRoot.querySelector(selector).getBoundingClientRect();
        const [host, svg, canvas] = [
          chart.getBoundingClientRect(),
          box('.figure > svg'),
          box('canvas'),
        ];
        const { width, height } = chart.shadowRoot.querySelector('.figure > svg').viewBox.baseVal;
        const scale = svg.width / width;
        const [x, y, across, down] = chart.box;
        return {
          drawn: before[i],
          sticks: svg.right - host.right,
          ratio: svg.width / svg.height - width / height,
          off: [
            canvas.left - svg.left - x * scale,
            canvas.top - svg.top - y * scale,
            canvas.width - across * scale,
            canvas.height - down * scale,
          ],
          buttons: [...chart.shadowRoot.querySelectorAll('button, input')].filter((each) =>
            each.checkVisibility(),
          ).length,
        };
      });
    });
    for (const { sticks, ratio, off, buttons } of seen) {
      assert.ok(
        sticks < 0.6 && Math.abs(ratio) < 0.02 && off.every((px) => Math.abs(px) < 1),
        JSON.stringify(seen),
      );
      assert.equal(buttons, 0);
    }
    assert.equal(
      await page
        .locator('entropix-trace')
        .evaluate(
          ({ shadowRoot }) =>
            [...shadowRoot.querySelectorAll('button, input')].filter((each) =>
              each.checkVisibility(),
            ).length,
        ),
      0,
    );
    const { found } = await page.evaluate(faint, `${CHARTS}, entropix-trace, entropix-tint`);
    assert.deepEqual(found, []);
    const light = await page
      .locator('varentropy-curve')
      .evaluate((chart) => [
        getComputedStyle(chart).backgroundColor,
        getComputedStyle(chart.shadowRoot.querySelector('.values')).color,
      ]);
    assert.deepEqual(light, ['rgb(255, 255, 255)', 'rgb(27, 29, 34)']);
    await done(visitor);
  });
});

inBoth(
  'a printed page',
  ({ page: open }) => {
    test('has every chart and word, dark on white, and no buttons', async () => {
      const errors = [];
      const url = somebodys.host.page(
        `${charts('theme="dark"')}<entropix-trace theme="dark" src="https://YOUR-HOST/traces/sky-b.json"></entropix-trace>
         <entropix-tokens theme="dark" group="own" inspector="none" src="https://YOUR-HOST/traces/sky-b.json"></entropix-tokens>
         <entropix-inspector theme="dark" group="own" vocabulary="49152" steerable></entropix-inspector>`,
        { policy: `${POLICY.elements}; img-src 'self'` },
      );
      const page = await open(url, {}, errors);
      const drawn = (all) =>
        all.map(({ shadowRoot }) => Boolean(shadowRoot?.querySelector('svg path, .said, .token')));
      const elements = `${CHARTS}, entropix-trace, entropix-tokens`;
      await eventually(async () =>
        assert.deepEqual(await page.$$eval(elements, drawn), Array(5).fill(true)),
      );
      await page.$eval('entropix-tokens', (strip) => {
        const { entries } = /** @type {any} */ (strip);
        Object.assign(strip, { selected: entries.length - 1 });
      });
      await eventually(async () =>
        assert.ok(
          await page.$eval('entropix-inspector', (it) =>
            Boolean(it.shadowRoot.querySelector('li button')),
          ),
        ),
      );
      const { text, runs, images } = await printed(await page.pdf({ format: 'a4' }));
      const trace = await json('www/traces/sky-b.json');
      const answer = trace.tokens.map((token) => token.text).join('');
      for (const said of ['varentropy V', 'entropy H', 'probability of A', answer.slice(0, 60)])
        assert.ok(text.includes(said.replace(/\s/g, '')), `“${said}” is not in ${text}`);
      // Buttons that say something stay: the key, in both inspectors, and the alternatives.
      const [, , other] = trace.tokens.at(-1).top;
      for (const said of ['sureunsuretorntail', `${(100 * other.p).toPrecision(3)}%`])
        assert.equal(text.split(said).length, 3, `${said} is not there twice: ${text}`);
      assert.doesNotMatch(text, /ownwords|Goon|Share|Download|Whatthelines|[‹›▸]/);
      assert.ok(images >= 3, `${images} pictures`);
      // 4.5 : 1 on white is a luminance of 0.183.
      const luminance = (color) => {
        const [r, g, b] = color.map((it) => ((it / 255 + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      // On a picture words lie on a white copy of themselves.
      const faint = runs.filter(
        ({ text, color }, i) => luminance(color) > 0.183 && !runs[i + 1]?.text.startsWith(text),
      );
      assert.deepEqual(faint.slice(0, 5), [], `${faint.length} of ${runs.length}`);
      assert.deepEqual(errors, []);
    });
  },
  { dark: true },
);
