// Buttons in the text that move a chart: data-chart says which (ids), data-set what to write; an empty
// value takes the attribute away.
for (const button of document.querySelectorAll('button[data-chart]')) {
  const charts = button.dataset.chart.split(' ').map((id) => document.getElementById(id));
  button.setAttribute('aria-controls', button.dataset.chart);
  button.addEventListener('click', () => {
    for (const chart of charts) {
      for (const [name, value] of new URLSearchParams(button.dataset.set)) {
        if (value === '') chart.removeAttribute(name);
        else chart.setAttribute(name, value);
      }
    }
  });
}
