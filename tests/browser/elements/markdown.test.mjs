// Text of a model as Markdown: what it may become, and what it may not.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { inBoth } from '../support/browsers.mjs';
import { atHost, done } from '../support/elements.mjs';

const here = atHost();

const TEXT = `# Two *numbers*

1. 9.9 &amp; 9.11
2. \`a < b\`
   - [x] done
   - [ ] not yet

> quoted **text**

| name | n |
|------|---|
| \`x\` | 1 |

\`\`\`js
if (a < b) alert('</code><script>window.ran = true</script>');
\`\`\`

see https://example.com/a?b=1&c=2 or [there](https://example.com/ "title") ~~no~~\\*

---
last line  
broken &#955; &nosuch; &#1114112;`;

/** What must stay text, and for which nothing may be fetched. */
const HOSTILE = [
  '<script>window.ran = true</script>',
  '<img src="https://example.com/x.png" onerror="window.ran = true">',
  '![a picture](https://example.com/x.png)',
  '[click](javascript:window.ran=true)',
  '[click](data:text/html,<script>1</script>)',
  '[click](java\nscript:window.ran=true)',
  '[click]( javascript:window.ran=true)',
  '[click](vbscript:x) [click](file:///etc/passwd) [click](//example.com/)',
  '<a href="javascript:1" onclick="window.ran=true">x</a>',
  '<div style="position:fixed;inset:0">x</div>',
  '[x]: javascript:window.ran=true\n\n[x]',
  '<javascript:window.ran=true>',
  '```"><script>window.ran = true</script>\nx\n```',
  '| a |\n|---|\n| <b onmouseover="window.ran=true">x</b> |',
  '&lt;script&gt;window.ran = true&lt;/script&gt;',
];

/** @param {string} text */
const element = (text) =>
  `<entropix-markdown text="${text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')}"></entropix-markdown>`;
const READ = '.prose:not(.plain)';

describe('Markdown', () => {
  test('becomes what it means', async () => {
    const visitor = await here.embed(element(TEXT));
    const prose = visitor.page.locator(READ);
    await prose.waitFor();
    const shape = await prose.evaluate((node) => {
      const walk = (/** @type {Element} */ each) => {
        const inside = [...each.children].map(walk).join(' ');
        return inside ? `${each.localName}(${inside})` : each.localName;
      };
      return [...node.children].map(walk).join(' ');
    });
    assert.equal(
      shape,
      'h3(em) ol(li li(code ul(li li))) blockquote(p(strong)) div(table(thead(tr(th th)) tbody(tr(td(code) td)))) div(div(span button) pre(code)) p(a a del) hr p(br)',
    );
    const text = (await prose.innerText()).replace(/\s+/g, ' ');
    for (const part of [
      'Two numbers',
      '9.9 & 9.11',
      'a < b',
      '☑ done ☐ not yet',
      `alert('</code><script>window.ran = true</script>');`,
      'no*',
      'broken λ &nosuch; &#1114112;',
    ])
      assert.ok(text.includes(part), `"${part}" is not in "${text}"`);
    assert.deepEqual(
      await prose
        .locator('a')
        .evaluateAll((links) =>
          links.map((link) => [link.getAttribute('href'), link.getAttribute('rel')]),
        ),
      [
        ['https://example.com/a?b=1&c=2', 'noopener noreferrer nofollow'],
        ['https://example.com/', 'noopener noreferrer nofollow'],
      ],
    );
    await done(visitor);
  });

  test('gives its code to the clipboard', async () => {
    const visitor = await here.embed(element('```\na\n  b\n```'), {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await visitor.page.getByRole('button', { name: 'Copy' }).click();
    await visitor.page.getByRole('button', { name: 'Copied' }).waitFor();
    assert.equal(await visitor.page.evaluate(() => navigator.clipboard.readText()), 'a\n  b');
    await done(visitor);
  });

  test('follows its text, and takes a long one', async () => {
    const visitor = await here.embed(element('*one*'));
    const { page } = visitor;
    await page.locator(`${READ} em`).waitFor();
    const markdown = page.locator('entropix-markdown');
    await markdown.evaluate((it) => {
      /** @type {any} */ (it).text = '**two**';
    });
    await page.locator(`${READ} strong`).waitFor();
    await markdown.evaluate((it) => {
      /** @type {any} */ (it).text =
        `${'[a](b) *c* '.repeat(9000)}\n\n${'*'.repeat(5000)}\n\n${'> '.repeat(50)}x\n\n**end**`;
    });
    await page.locator(READ).getByText('end', { exact: true }).waitFor();
    await done(visitor);
  });
});

inBoth('hostile text', ({ page: open }) => {
  test('stays text, runs nothing and fetches nothing', async () => {
    const page = await open(here.host.page(HOSTILE.map(element).join('')));
    await page.waitForFunction(
      (read, count) =>
        [...document.querySelectorAll('entropix-markdown')].filter(({ shadowRoot }) =>
          shadowRoot?.querySelector(read),
        ).length === count,
      {},
      READ,
      HOSTILE.length,
    );
    const found = await page.evaluate((read) => {
      const all = [...document.querySelectorAll('entropix-markdown')].map(({ shadowRoot }) =>
        shadowRoot.querySelector(read),
      );
      const active = (/** @type {Element} */ node) =>
        /^(script|img|iframe|style|a)$/.test(node.localName) ||
        [...node.attributes].some(({ name }) => /^on|^style$|^src/.test(name));
      return {
        ran: 'ran' in window,
        last: all.at(-1).textContent,
        nodes: all.flatMap((each) =>
          [...each.querySelectorAll('*')].filter(active).map((node) => node.outerHTML),
        ),
        fetched: performance
          .getEntriesByType('resource')
          .map(({ name }) => name)
          .filter((name) => name.includes('example.com')),
      };
    }, READ);
    assert.equal(found.ran, false);
    assert.deepEqual(found.fetched, []);
    // A picture is a link, which a person may follow.
    assert.deepEqual(found.nodes, [
      '<a href="https://example.com/x.png" target="_blank" rel="noopener noreferrer nofollow">a picture</a>',
    ]);
    assert.equal(found.last, '<script>window.ran = true</script>');
    await page.close();
  });
});
