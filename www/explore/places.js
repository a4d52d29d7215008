// @ts-check
// Holds the place that a link or an address led to, while charts start and grow above it; until the reader does
// something else.

/** @type {Element | null} */
let goal = null;
const free = () => {
  goal = null;
};
for (const act of ['wheel', 'touchstart', 'pointerdown', 'keydown'])
  addEventListener(act, free, { capture: true, passive: true });

const charts = document.querySelectorAll('main figure > *');
/** Charts start at this distance from the window, in CSS px; a little more. */
const NEAR = 400;
/** Whether all charts near the window have started: nothing will grow any more. */
const settled = () =>
  [...charts].every((chart) => {
    const { top, bottom } = chart.getBoundingClientRect();
    const { started = true } = /** @type {{ started?: boolean }} */ (chart);
    return started || bottom < -NEAR || top > innerHeight + NEAR;
  });
/** Whether the goal is where it shall be: a scroll also ends when another one takes its place. */
const arrived = () => {
  const { scrollPaddingTop } = getComputedStyle(document.documentElement);
  const away = (goal?.getBoundingClientRect().top ?? 0) - Number.parseFloat(scrollPaddingTop);
  return Math.abs(away) < 2;
};
addEventListener('scrollend', async () => {
  const { scrollHeight } = document.documentElement;
  const done = settled();
  // What has just started is drawn in one of the next frames.
  for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
  if (done && arrived() && scrollHeight === document.documentElement.scrollHeight) free();
});

/** @param {string} hash */
const follow = (hash) => {
  goal = document.getElementById(decodeURIComponent(hash.slice(1)));
};
addEventListener('hashchange', () => follow(location.hash));
document.addEventListener('click', ({ target }) => {
  const link = /** @type {Element} */ (target).closest('a');
  if (link?.getAttribute('href')?.startsWith('#')) follow(link.hash);
});
follow(location.hash);
new ResizeObserver(() => goal?.scrollIntoView()).observe(
  /** @type {Element} */ (document.querySelector('main')),
);
