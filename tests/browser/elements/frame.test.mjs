// The page for iframes.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { shows, started, written } from '../support/charts.mjs';
import { faint } from '../support/contrast.mjs';
import { atHost, done } from '../support/elements.mjs';
import { POLICY } from '../support/host.mjs';
import { eventually } from '../support/wait.mjs';

const here = atHost();
const { visit } = here;

describe('the frame page', () => {
  /** Presses a button that gives a file, and reads it. */
  async function file(page, name) {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name }).click(),
    ]);
    const chunks = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk);
    return { name: download.suggestedFilename(), bytes: Buffer.concat(chunks) };
  }

  for (const [chart, query] of [
    ['curve', 'labels=a%26b,%3Cc%3E'],
    ['triangle', 'mode=rules&path&labels=%22x%22,%26,%3C'],
    ['plane', 'preset=B&points=1,2+3,4&p=.5+.5&path'],
    ['plane', 'theme=dark'],
  ]) {
    test(`saves a ${chart} (${query}) as a whole document and as pixels`, async () => {
      const visitor = await open(`chart=${chart}&${query}`, {
        viewport: { width: 600, height: 900 },
        deviceScaleFactor: 1,
      });
      const { page } = visitor;
      await started(page);
      const svg = await file(page, 'Download SVG');
      assert.equal(svg.name, `varentropy-${chart}.svg`);
      const text = svg.bytes.toString();
      const seen = await page.evaluate(async (source) => {
        const parsed = new DOMParser().parseFromString(source, 'image/svg+xml');
        const { shadowRoot } = document.querySelector('body > *');
        const image = new Image();
        image.src = `data:image/svg+xml,${encodeURIComponent(source)}`;
        await image.decode();
        const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d', {
          willReadFrequently: true,
        });
        canvas.drawImage(image, 0, 0);
        const colours = new Set(
          new Uint32Array(canvas.getImageData(0, 0, image.width, image.height).data.buffer),
        );
        return {
          root: parsed.documentElement.outerHTML.slice(0, 40),
          errors: parsed.getElementsByTagName('parsererror').length,
          size: [image.width, image.height],
          texts: [...parsed.querySelectorAll('text')].map(({ textContent }) => textContent),
          expected: [...shadowRoot.querySelectorAll('text')].map(({ textContent }) => textContent),
          said: ['.values', '.note', '.legend']
            .flatMap((part) => [...shadowRoot.querySelectorAll(part)])
            .map((part) => (part.checkVisibility() ? part.innerText : ''))
            .join(' ')
            .match(/\S+/g),
          image: parsed.querySelector('image').getAttribute('href').slice(0, 22),
          paper: canvas.getImageData(1, image.height - 2, 1, 1).data[0],
          colours: colours.size,
        };
      }, text);
      assert.match(seen.root, /^<svg xmlns/);
      assert.equal(seen.errors, 0);
      assert.ok(seen.texts.length >= 3);
      assert.deepEqual(seen.texts.slice(0, seen.expected.length), seen.expected);
      // What stands beneath the picture, word by word.
      const beneath = seen.texts.slice(seen.expected.length).join(' ').split(' ');
      assert.ok(seen.said?.length > 4, 'something stands there');
      for (const word of seen.said)
        assert.ok(beneath.includes(word), `${word} is not in ${beneath}`);
      assert.equal(seen.image, 'data:image/png;base64,');
      assert.ok(seen.colours > 100, 'it has a field');
      assert.equal(seen.paper < 128, query.includes('dark'));
      assert.doesNotMatch(text, /var\(|light-dark|https?:(?!\/\/www\.w3\.org)/);
      const png = await file(page, 'Download PNG');
      assert.equal(png.name, `varentropy-${chart}.png`);
      assert.equal(png.bytes.toString('latin1', 1, 4), 'PNG');
      assert.deepEqual(
        [16, 20].map((at) => png.bytes.readUInt32BE(at)),
        seen.size.map((length) => 2 * length),
      );
      await done(visitor);
    });
  }

  test('draws what the lines say where it is open, and only there', async () => {
    const visitor = await open('chart=plane&preset=B', { viewport: { width: 600, height: 900 } });
    const { page } = visitor;
    await started(page);
    const rule = page.locator('.rules li').first();
    await rule.waitFor({ state: 'attached' });
    // "H < 0.6 bits, V …"
    const words = await rule.evaluate((line) => line.lastChild.textContent.trim().split(' '));
    const said = words.slice(2, 4).join(' ');
    const drawn = async () => {
      const text = (await file(page, 'Download SVG')).bytes.toString();
      const [, height] = text.match(/ height="([\d.]+)"/);
      return { height: Number(height), says: text.includes(said) };
    };
    const closed = await drawn();
    await page.locator('.rules summary').click();
    const opened = await drawn();
    assert.deepEqual([closed.says, opened.says], [false, true], said);
    assert.ok(opened.height > closed.height + 80, `${closed.height} and ${opened.height} px`);
    await done(visitor);
  });

  const open = (query, options) => visit(`${here.url}embed.html?${query}`, options);

  test('can be read on any host, though a frame may be seen through', async () => {
    for (const colorScheme of /** @type {const} */ (['light', 'dark']))
      for (const css of [
        'body { background: #fff; color: #111 }',
        'body { background: #111; color: #eee }',
        'html { color-scheme: dark } body { background: #123 }',
        'html { color-scheme: light dark } iframe { color-scheme: dark; background: #fff; }',
      ]) {
        here.host.publish('frame.css', css);
        const url = here.host.page(
          '<iframe src="https://YOUR-HOST/embed.html?chart=curve" height="600"></iframe>',
          { head: '<link rel="stylesheet" href="frame.css">', policy: POLICY.frame },
        );
        const visitor = await visit(url, { colorScheme });
        const inside = visitor.page.frames()[1];
        await shows(inside.locator('varentropy-curve'), [0.5, 0.5]);
        const { found } = await inside.evaluate(faint, 'body');
        assert.deepEqual(found, [], `${css}, ${colorScheme}`);
        // Paper of its own: what is behind it has no say.
        const paper = await inside.evaluate(() => {
          const { backgroundColor } = getComputedStyle(document.documentElement);
          return backgroundColor.startsWith('rgb(');
        });
        assert.ok(paper, `${css}, ${colorScheme}`);
        await done(visitor);
      }
  });

  test('keeps its state in the address', async () => {
    const visitor = await open('chart=triangle&p=0.5+0.3+0.2&labels=x,y,z');
    const { page } = visitor;
    const triangle = page.locator('varentropy-triangle');
    await shows(triangle, [0.5, 0.3, 0.2]);
    await triangle.getByRole('slider', { name: /^y/ }).fill('0.6');
    const p = await written(triangle);
    await eventually(() => assert.equal(new URL(page.url()).searchParams.get('p'), p.join(' ')));
    assert.equal(new URL(page.url()).searchParams.get('labels'), 'x,y,z');
    await page.reload();
    await shows(triangle, p);
    await done(visitor);
  });

  test('says what it wants when its address is wrong', async () => {
    for (const query of ['', 'chart=pie', 'chart=constructor', 'chart=__proto__']) {
      const visitor = await open(query);
      await visitor.page
        .getByText(/^The address names no chart\..*curve, triangle, plane, tokens, trace/)
        .waitFor();
      await done(visitor);
    }
    const visitor = await open('chart=curve&p=0.7&onclick=alert(1)&style=x&id=y&innerHTML=%3Cb%3E');
    const curve = visitor.page.locator('varentropy-curve');
    await shows(curve, [0.7, 0.3]);
    assert.deepEqual(await curve.evaluate((it) => it.getAttributeNames()), ['p']);
    await done(visitor);
  });
});
