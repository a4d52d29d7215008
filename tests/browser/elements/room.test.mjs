// The room of elements before they are there: nothing on the page moves, and links find their places.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';

import { inBoth } from '../support/browsers.mjs';
import { startHost } from '../support/host.mjs';
import { listen } from '../support/port.mjs';
import { served } from '../support/site.mjs';
import { eventually, redrawn } from '../support/wait.mjs';

const FALLBACK = '<p>A chart of two outcomes.</p>';
const TEXT =
  '<p>Words of the post between two charts, some of them, so that it has a line or two here.</p>';
const CHARTS = [
  `<varentropy-curve p="0.8">${FALLBACK}</varentropy-curve>`,
  '<varentropy-triangle></varentropy-triangle>',
  '<varentropy-plane p="0.5 0.3 0.2" n="3" scale="fit"></varentropy-plane>',
  '<varentropy-plane preset="B"></varentropy-plane>',
  '<varentropy-triangle controls="none"></varentropy-triangle>',
  '<varentropy-curve labels="rain,sun"></varentropy-curve>',
];
const POST = `<p><a href="#end">The end</a></p>${CHARTS.map(
  (chart, i) => `<h2 id="h${i}">Part ${i}</h2>${TEXT}${chart}`,
).join('')}<h2 id="end">The end</h2>${TEXT.repeat(60)}`;

let site;
let host;
/** The elements' server, which holds files back: name → what lets them go. */
let slow;
before(async () => {
  site = await served();
  slow = await startSlow(site.url);
  host = await startHost(slow.url);
});
after(() => {
  host?.close();
  slow?.close();
});

async function startSlow(embeds) {
  let held = {};
  const server = createServer(async ({ url }, response) => {
    await held[url.split('/').pop()];
    const answer = await fetch(new URL(url, embeds));
    for (const name of ['content-type', 'access-control-allow-origin'])
      if (answer.headers.has(name)) response.setHeader(name, answer.headers.get(name));
    response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}/`,
    /** Holds these files back; gives what lets each go. */
    hold(...names) {
      const let_go = {};
      held = {};
      for (const name of names)
        held[name] = new Promise((resolve) => {
          let_go[name] = resolve;
        });
      return let_go;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A post with smooth scrolling, in a font of this size. */
function post(css = '', chats = '') {
  host.publish(
    'post.css',
    `html { scroll-behavior: smooth; font: 16px/1.5 sans-serif; } main { max-width: 40rem; margin: 0 auto; padding: 1rem; } ${css}`,
  );
  return host.page(chats ? `${chats}<h2>And so on</h2>${TEXT.repeat(60)}` : POST, {
    head: `<link rel="stylesheet" href="https://YOUR-HOST/embed/v1/elements.css"><script type="module" src="https://YOUR-HOST/embed/v1/embed.js"></script>`,
    policy:
      "script-src https://YOUR-HOST 'wasm-unsafe-eval'; connect-src https://YOUR-HOST; style-src https://YOUR-HOST; img-src 'self'",
  });
}

/** Runs in a page: where the headings are on it, in px. */
const places = () =>
  Array.from(
    document.querySelectorAll('h2'),
    (heading) => heading.getBoundingClientRect().top + scrollY,
  );
/** Runs in a page: how many headings there are, once the style sheet of the elements is there. */
const styled = () =>
  getComputedStyle(document.querySelector('varentropy-curve')).getPropertyValue('--picture') &&
  document.querySelectorAll('h2').length;
/** Runs in a page: how many charts have drawn. */
const drawn = () =>
  [...document.querySelectorAll('main > *')].filter((each) =>
    each.shadowRoot?.querySelector('.figure path'),
  ).length;

/** Runs in a page: by how much its layout shifted until now, where a browser tells. */
const shifted = () =>
  new Promise((resolve) => {
    new PerformanceObserver((list) => {
      const shifts = /** @type {any[]} */ (list.getEntries());
      resolve(shifts.reduce((sum, { value }) => sum + value, 0));
    }).observe({ type: 'layout-shift', buffered: true });
    setTimeout(resolve, 100, 0);
  });

const all = (tab) => eventually(async () => assert.equal(await tab.evaluate(drawn), CHARTS.length));

const near = (found, wanted, within, what) =>
  assert.ok(Math.abs(found - wanted) <= within, `${what}: ${found} px, not ${wanted}`);

inBoth('a post', (browser) => {
  for (const width of [1280, 390]) {
    test(`keeps its places while the script is on its way and when charts are drawn, ${width} px wide`, async () => {
      const letGo = slow.hold('embed.js', 'embed_bg.wasm');
      const tab = await browser.page('about:blank', { width, height: 900 });
      // Going there would wait for the script.
      await tab.evaluate((url) => {
        location.href = url;
      }, post());
      await eventually(async () => assert.equal(await tab.evaluate(styled), CHARTS.length + 1));
      const before = await tab.evaluate(places);
      letGo['embed.js']();
      await eventually(async () =>
        assert.ok(await tab.evaluate(() => Boolean(customElements.get('varentropy-triangle')))),
      );
      const upgraded = await tab.evaluate(places);
      letGo['embed_bg.wasm']();
      await all(tab);
      const after = await tab.evaluate(places);
      for (const [i, y] of before.entries()) {
        near(upgraded[i], y, 2, `heading ${i}, with the script`);
        // A line of text more or less under a chart.
        const grown = after[i] - after[i - 1];
        near(grown || 0, y - before[i - 1] || 0, 25, `from heading ${i - 1} to ${i}, drawn`);
      }
      if (browser.name === 'chrome') {
        const shift = await tab.evaluate(shifted);
        assert.ok(shift < 0.05, `the layout shifted by ${shift}`);
      }
      await tab.close();
    });
  }

  test('keeps its places where recorded chats come into it', async () => {
    if (browser.name !== 'chrome') return;
    for (const width of [1280, 390])
      for (const trace of ['sky-b', 'larger-b'])
        for (const player of ['trace', 'tokens', 'tokens inspector="none"']) {
          const name = `entropix-${player.split(' ')[0]}`;
          const letGo = slow.hold('embed.js');
          const tab = await browser.page('about:blank', { width, height: 900 });
          await tab.evaluate(
            (url) => {
              location.href = url;
            },
            post(
              '',
              `${TEXT}<entropix-${player} src="https://YOUR-HOST/traces/${trace}.json"></${name}>`,
            ),
          );
          // The room is there before the script.
          await eventually(async () =>
            assert.ok((await tab.$eval(name, ({ offsetHeight }) => offsetHeight)) > 200),
          );
          letGo['embed.js']();
          await eventually(async () =>
            assert.ok(
              await tab.$eval(
                name,
                ({ shadowRoot }) => shadowRoot && !shadowRoot.querySelector('slot'),
              ),
            ),
          );
          await redrawn(tab);
          const shift = await tab.evaluate(shifted);
          assert.ok(
            shift < 0.05,
            `${width} px, ${player}, ${trace}: the layout shifted by ${shift}`,
          );
          await tab.close();
        }
  });

  test('is scrolled to where a link leads, however it was opened', async () => {
    const tab = await browser.page(post(), { width: 390, height: 800 });
    const top = (id) => tab.$eval(`#${id}`, (heading) => heading.getBoundingClientRect().top);
    const arrives = async (id) => {
      let last;
      await eventually(async () => {
        const now = await top(id);
        const moved = now !== last;
        last = now;
        assert.ok(!moved && Math.abs(now) <= 5, `#${id} is ${now} px from the top`);
      });
    };
    await tab.click('a');
    await arrives('end');
    // By its address, while files are on their way.
    const letGo = slow.hold('embed.js', 'embed_bg.wasm');
    const there = await browser.page('about:blank', { width: 390, height: 800 });
    await there.evaluate((url) => {
      location.href = url;
    }, `${post()}#h5`);
    const at = () => there.$eval('#h5', (heading) => heading.getBoundingClientRect().top);
    await eventually(async () => assert.ok(await there.evaluate(styled)));
    letGo['embed.js']();
    letGo['embed_bg.wasm']();
    await all(there);
    await eventually(async () => near(await at(), 0, 25, 'drawn'));
    await tab.close();
    await there.close();
  });
});

describe('the sheet of the elements', () => {
  test('reserves what the script does', () => {
    const read = (name) =>
      readFileSync(new URL(`../../../crates/embed/js/${name}`, import.meta.url), 'utf8');
    const sizes = (text) =>
      Array.from(
        text.replace(/\s+/g, ' ').matchAll(/\{ (--(?:picture|words|key).*?) \}/g),
        ([, all]) => all,
      );
    const rules = sizes(read('elements.css'));
    assert.ok(rules.length > 7);
    assert.deepEqual(rules, sizes(read('room.js')));
  });
});
