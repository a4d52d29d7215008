// @ts-check
// Buttons in the text that move a chart: data-chart says which (ids); data-set what to write, an empty
// value takes the attribute away; data-token which token of a recording to choose, counted from 1.
import { reveal } from './reveal.js';

/** @param {HTMLButtonElement} button */
function prepare(button) {
  const { chart: ids = '', set = '', token } = button.dataset;
  const charts = ids
    .split(' ')
    .map((id) => /** @type {HTMLElement} */ (document.getElementById(id)));
  button.setAttribute('aria-controls', ids);
  button.addEventListener('click', () => {
    for (const chart of charts) {
      for (const [name, value] of new URLSearchParams(set)) {
        if (value === '') chart.removeAttribute(name);
        else chart.setAttribute(name, value);
      }
      if (token) Object.assign(chart, { selected: Number(token) - 1 });
    }
    reveal(charts);
  });
}

/** @type {NodeListOf<HTMLButtonElement>} */
const buttons = document.querySelectorAll('button[data-chart]');
for (const button of buttons) prepare(button);
