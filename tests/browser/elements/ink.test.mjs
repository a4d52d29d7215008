// Ink that can be read, whatever the host paints behind it and asks for, in both browsers.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { atSomebodys, inBoth } from '../support/browsers.mjs';
import { faint } from '../support/contrast.mjs';
import { POLICY, SCRIPT } from '../support/host.mjs';
import { eventually } from '../support/wait.mjs';

const ALL = 'varentropy-curve, varentropy-triangle, entropix-tint, entropix-trace';
const elements = (theme = '') => `
  <varentropy-curve p="0.8" ${theme}></varentropy-curve>
  <varentropy-triangle mode="rules" ${theme}></varentropy-triangle>
  <p><entropix-tint h="3" v="0.2" ${theme}>open</entropix-tint> <entropix-tint h="0.4" v="6" ${theme}>torn</entropix-tint></p>
  <entropix-trace src="https://YOUR-HOST/traces/sky-b.json" ${theme}></entropix-trace>`;

/** class → its style, and how the elements are written. */
const CASES = {
  plain: [''],
  dark: ['background: #111; color: #eee'],
  cream: ['background: #f6efdf; color: #432'],
  grey: ['background: #777; color: #fff'],
  veil: ['background: rgb(0 0 0 / .85); color: #ddd'],
  wide: ['background: oklch(0.2 0.02 260); color: oklch(0.95 0 0)'],
  picture: ['background: #fff linear-gradient(#000, #222); color: #eee'],
  'forced-dark': ['', 'theme="dark"'],
  'forced-light': ['background: #111; color: #eee', 'theme="light"'],
  palette: [
    'background: #1d1f21; color: #eee; --entropix-ink: #e8e6e3; --entropix-paper: #1d1f21; --entropix-soft: #a8a095; --entropix-line: #444; --entropix-accent: #7fc8ff',
  ],
  'palette-on-white': ['--entropix-ink: #e8e6e3; --entropix-paper: #1d1f21'],
  'only-ink': ['--entropix-ink: #ffd; --entropix-soft: #ffe'],
  'only-paper': ['--entropix-paper: #102030'],
  'only-ink-dark': ['background: #111; color: #eee; --entropix-ink: #222'],
  'weak-ink': ['--entropix-ink: #666; --entropix-accent: #9cf'],
  against: ['--entropix-ink: #111; --entropix-paper: #eee', 'theme="dark"'],
  pairs: [
    'color-scheme: light; --entropix-ink: light-dark(#222, #ddd); --entropix-paper: light-dark(#fff, #000)',
    'theme="dark"',
  ],
};
/** Where the system's own scheme could make a difference. */
const SCHEMES = ['plain', 'dark', 'forced-light', 'only-ink', 'pairs'];
const css = Object.entries(CASES)
  .map(([name, [style]]) => `.${name} { ${style} }`)
  .join('\n');

const here = atSomebodys();

/** Publishes a page of a blogger. */
function page(style, body, attributes = '') {
  here.host.publish('ink.css', style);
  return here.host.page(body, {
    head: `<link rel="stylesheet" href="ink.css">${SCRIPT}`,
    attributes,
    policy: `${POLICY.elements}; img-src 'self'`,
  });
}

/** Waits until everything can be read. */
const legible = (tab, where = '') =>
  eventually(async () => {
    const selector = ALL.split(', ')
      .map((name) => `${where} ${name}`)
      .join(', ');
    const { count, waiting, found } = await tab.evaluate(faint, selector);
    assert.ok(count > 4 && !waiting, `${waiting} of ${count} have not started`);
    assert.deepEqual(found, [], where);
  });

for (const dark of [false, true])
  inBoth(
    `ink under a ${dark ? 'dark' : 'light'} system`,
    ({ page: open }) => {
      test('reaches its contrast on every ground, with every palette', async () => {
        const cases = dark ? SCHEMES : Object.keys(CASES);
        const body = cases
          .map((name) => [name, CASES[name]])
          .map(([name, [, theme]]) => `<div class="${name}">${elements(theme)}</div>`)
          .join('');
        const errors = [];
        const look = { height: 30000 };
        const tab = await open(page(css, body), look, errors);
        for (const name of cases) await legible(tab, `.${name}`);
        assert.deepEqual(errors, []);
        await tab.close();
      });

      test('follows a theme that is switched', async () => {
        const tab = await open(
          page(
            `html { color-scheme: normal; background: none; color: #111; } body { transition: background-color 60ms; background: #fdfdfd; }
             .night body, [data-theme=night] body { background: #101418; } .night { color: #dde; }
             .box { background: #fff; } .box.night { background: #000; }`,
            `<div class="box">${elements()}</div>${elements()}`,
          ),
          { height: 8000 },
        );
        await legible(tab);
        for (const act of [
          () => document.documentElement.classList.add('night'),
          () => document.documentElement.classList.remove('night'),
          // No text changes its colour.
          () => document.documentElement.setAttribute('data-theme', 'night'),
          () => document.documentElement.removeAttribute('data-theme'),
          () => document.querySelector('.box').classList.add('night'),
        ]) {
          await tab.evaluate(act);
          await legible(tab);
        }
        await tab.close();
      });
    },
    { dark },
  );
