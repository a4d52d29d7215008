// @ts-check
// Brings the pictures of charts into the window, by the shortest way.

/**
 * What is seen of a chart at first: its picture, without sliders and words. Before it starts, all of it.
 * @param {Element} chart
 */
const picture = (chart) => chart.shadowRoot?.querySelector('svg[role=group]') ?? chart;

/** @param {Element[]} charts in order */
export function reveal(charts) {
  const boxes = charts.map((chart) => picture(chart).getBoundingClientRect());
  const { scrollPaddingTop, scrollPaddingBottom } = getComputedStyle(document.documentElement);
  const [from, to] = [parseFloat(scrollPaddingTop), innerHeight - parseFloat(scrollPaddingBottom)];
  const top = Math.min(...boxes.map((box) => box.top)) - from;
  const bottom = Math.max(...boxes.map((box) => box.bottom)) - to;
  // Where there is no room for all, the beginning is seen.
  if (top < 0 || bottom > top) scrollBy({ top });
  else if (bottom > 0) scrollBy({ top: bottom });
}
