// Text of the elements in relation to their host's, in both browsers.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { atSomebodys, inBoth } from '../support/browsers.mjs';
import { POLICY, SCRIPT } from '../support/host.mjs';
import { eventually } from '../support/wait.mjs';

const BODY = `<varentropy-curve></varentropy-curve><varentropy-triangle path></varentropy-triangle>
<varentropy-plane preset="B" p="0.5 0.3 0.2"></varentropy-plane>
<entropix-trace src="https://YOUR-HOST/traces/larger-b.json"></entropix-trace>`;

/** Style of a host → size of its text, in px. */
const HOSTS = {
  'body { font-size: 22px }': 22,
  'html { font-size: 62.5% } body { font-size: 1.6rem }': 16,
  'html { font-size: 125% }': 20,
  'body { font-size: 11px }': 12,
};

const here = atSomebodys();

/** Runs in a page: everything that is written in the elements, with its size in px; heights of the buttons that are seen. */
function written() {
  const [texts, buttons] = [[], []];
  const walk = (root) => {
    for (const element of root.querySelectorAll('*')) {
      const own = [...element.childNodes].some(
        ({ nodeType, data }) => nodeType === 3 && data.trim(),
      );
      if (own && element.localName !== 'style')
        texts.push({
          text: element.textContent.slice(0, 30),
          kind: element.getAttribute('class') ?? element.localName,
          size: parseFloat(getComputedStyle(element).fontSize),
        });
      if (element.localName === 'button' && element.checkVisibility())
        buttons.push(element.getBoundingClientRect().height);
      if (element.shadowRoot) walk(element.shadowRoot);
    }
  };
  const charts = document.querySelectorAll('main > *');
  for (const { shadowRoot } of charts) walk(shadowRoot);
  const { shadowRoot } = document.querySelector('varentropy-curve');
  const drawn = [...charts].every((each) => !each.shadowRoot.querySelector('slot'));
  return {
    drawn,
    texts,
    buttons,
    values: parseFloat(getComputedStyle(shadowRoot.querySelector('.values')).fontSize),
  };
}

inBoth('text', (browser) => {
  for (const [style, size] of Object.entries(HOSTS)) {
    test(`is ${size} px, its labels not under 12, where a host has ${style}`, async () => {
      here.host.publish('type.css', style);
      const url = here.host.page(BODY, {
        head: `<link rel="stylesheet" href="type.css">${SCRIPT}`,
        policy: `${POLICY.elements}; img-src 'self'`,
      });
      const tab = await browser.page(url, { width: 700 });
      await eventually(async () => {
        const { drawn, texts, buttons, values } = await tab.evaluate(written);
        assert.ok(drawn && texts.length > 150, 'not all is drawn');
        assert.equal(values, size);
        for (const { text, kind, size: px } of texts) {
          assert.ok(px >= 11.99, `"${text}" (${kind}) has ${px} px`);
          assert.ok(px >= size * 0.69 && px < size * 1.5, `"${text}" (${kind}) has ${px} px`);
        }
        for (const height of buttons) assert.ok(height >= 27.9, `a button is ${height} px high`);
      });
      await tab.close();
    });
  }
});
