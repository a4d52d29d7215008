// Charts as files, as the page of a frame offers them.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { inBoth } from '../support/browsers.mjs';
import { served } from '../support/site.mjs';
import { eventually } from '../support/wait.mjs';

/** @type {Awaited<ReturnType<typeof served>>} */
let site;
before(async () => {
  site = await served();
});

/** What a button of the page gives: the address of a file. */
const saved = async (page, kind) => {
  await page.evaluate((kind) => {
    window.saved = null;
    HTMLAnchorElement.prototype.click = function () {
      window.saved = [this.download, this.href];
    };
    for (const button of document.querySelectorAll('button'))
      if (button.textContent === `Download ${kind}`) button.click();
  }, kind);
  return eventually(async () => {
    const found = await page.evaluate(() => window.saved);
    assert.ok(found, 'nothing was saved');
    return found;
  });
};

/** Texts and boxes of an SVG file, as the browser draws it. */
const read = (page, address) =>
  page.evaluate((address) => {
    const source = decodeURIComponent(address.slice(address.indexOf(',') + 1));
    const file = new DOMParser().parseFromString(source, 'image/svg+xml');
    const width = Number(file.documentElement.getAttribute('width'));
    const svg = document.importNode(file.documentElement, true);
    document.body.replaceChildren(svg);
    const outer = svg.getBoundingClientRect();
    const texts = [...svg.querySelectorAll('text')].map((text) => {
      const { left, right, top, bottom } = text.getBoundingClientRect();
      const inside =
        left >= outer.left - 1 &&
        right <= outer.right + 1 &&
        top >= outer.top &&
        bottom <= outer.bottom;
      return { text: text.textContent, inside, top: top - outer.top };
    });
    const fields = Array.from(svg.querySelectorAll('image'), async (image) => {
      const pixels = new Image();
      pixels.src = image.getAttribute('href');
      await pixels.decode();
      return pixels.naturalWidth / Number(image.getAttribute('width'));
    });
    return Promise.all(fields).then((fields) => ({
      texts,
      fields,
      source,
      width,
      swatches: [...svg.querySelectorAll('rect[fill^="rgb"]')].length - 1,
    }));
  }, address);

inBoth('a file', ({ page: open }) => {
  for (const [chart, parts, swatches] of /** @type {[string, string[], number][]} */ ([
    ['curve&p=0.8', ['0.722 bits', '0.640 bits²', '80.0 %', 'Surprise: A 0.322 bits'], 0],
    [
      'triangle&p=0.6+0.3+0.1&mode=rules&labels=yes,no,maybe',
      [
        '1.295 bits',
        '0.656 bits²',
        'H < 5.000 bits, V > 5.000 bits²',
        'adaptive',
        'yes 60.0 %, no 30.0 %, maybe 10.0 %',
      ],
      5,
    ],
    ['plane&p=0.5+0.3+0.2&preset=B&controls=none', ['1.485 bits', '0.277 bits²', 'adaptive'], 0],
  ])) {
    test(`of ?chart=${chart} says what the page says, and is sharp`, async () => {
      const errors = [];
      const page = await open(`${site.url}embed.html?chart=${chart}`, { width: 480 }, errors);
      // In the width that it keeps: a scroll bar may come and go.
      await eventually(async () =>
        assert.ok(
          await page.evaluate(() => {
            const chart = /** @type {any} */ (document.body.firstElementChild);
            return (
              chart?.shadowRoot?.querySelector('.values')?.textContent &&
              chart.room[0] === parseFloat(getComputedStyle(chart.figure).width)
            );
          }),
        ),
      );
      const [file, picture] = await saved(page, 'PNG');
      assert.match(file, /^varentropy-\w+\.png$/);
      const [, address] = await saved(page, 'SVG');
      const svg = await read(page, address);
      const said = svg.texts.map(({ text }) => text).join('\n');
      for (const part of parts) assert.ok(said.includes(part), `"${part}" is not in ${said}`);
      assert.match(said, /Entropix, [\w.:]+\/embed\.html$/);
      assert.deepEqual(
        svg.texts.filter(({ inside }) => !inside),
        [],
      );
      // Picture, values, words; the source is the last line, alone.
      const [where] = svg.texts.filter(({ text }) => text.startsWith('Entropix, '));
      for (const { text, top } of svg.texts)
        assert.ok(text === where.text || top < where.top - 8, `"${text}" stands beside the source`);
      const at = (part) => svg.texts.findLast(({ text }) => text.includes(part)).top;
      for (const [i, part] of parts.slice(1).entries())
        assert.ok(at(part) >= at(parts[i]) - 1, `"${part}" stands above "${parts[i]}"`);
      assert.equal(svg.swatches, swatches);
      assert.ok(svg.fields[0] > 2.9, `${svg.fields[0]} pixels of the field in a px`);
      assert.ok(!svg.source.includes('class="cut') && !svg.source.includes('var(--'));
      const png = await page.evaluate(async (address) => {
        const image = new Image();
        image.src = address;
        await image.decode();
        const canvas = document.createElement('canvas');
        [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
        const context = canvas.getContext('2d');
        context.drawImage(image, 0, 0);
        const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
        const colours = new Set();
        for (let i = 0; i < data.length; i += 4) colours.add(data.slice(i, i + 3).join());
        return { width: canvas.width, colours: colours.size };
      }, picture);
      assert.ok(Math.abs(png.width - 2 * svg.width) <= 2, `${png.width} for ${svg.width} px`);
      assert.ok(png.colours > 50, 'the PNG has the field');
      assert.deepEqual(errors, []);
      await page.close();
    });
  }
});
