// @ts-check
// Buttons in the text that move a chart: data-chart says which (ids), data-set what to write; an
// empty value takes the attribute away.
/** @type {NodeListOf<HTMLButtonElement>} */
const buttons = document.querySelectorAll('button[data-chart]');
for (const button of buttons) {
  const { chart: ids = '', set = '' } = button.dataset;
  const charts = ids.split(' ').map((id) => document.getElementById(id));
  button.setAttribute('aria-controls', ids);
  button.addEventListener('click', () => {
    for (const chart of charts) {
      for (const [name, value] of new URLSearchParams(set)) {
        if (value === '') chart?.removeAttribute(name);
        else chart?.setAttribute(name, value);
      }
    }
  });
}
