// @ts-check
// The contents: beside the text where there is room, else in a bar at the foot of the window. Both say where
// the reader is.
const contents = /** @type {HTMLDetailsElement} */ (document.querySelector('.contents'));
const summary = /** @type {HTMLElement} */ (contents.querySelector('summary'));
const here = /** @type {HTMLElement} */ (contents.querySelector('.here'));
const links = [...contents.querySelectorAll('a')];
const sections = links.map(({ hash }) => /** @type {HTMLElement} */ (document.querySelector(hash)));
// As in prose.css.
const beside = matchMedia('(min-width: 72rem)');

let current = -1;
/** Marks the section that the upper third of the window is in. */
function mark() {
  const end = scrollY + innerHeight >= document.documentElement.scrollHeight - 1;
  const line = innerHeight / 3;
  const at = end
    ? sections.length - 1
    : sections.findLastIndex((section) => section.getBoundingClientRect().top <= line);
  if (at === current) return;
  links[current]?.removeAttribute('aria-current');
  links[at]?.setAttribute('aria-current', 'location');
  here.textContent = links[at]?.textContent ?? '';
  current = at;
}

let waiting = false;
const soon = () => {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    mark();
  });
};
addEventListener('scroll', soon, { passive: true });
addEventListener('resize', soon);
mark();

const fit = () => {
  contents.open = beside.matches;
};
beside.addEventListener('change', fit);
fit();

/** @param {Event} event */
const leave = ({ target }) => {
  if (!beside.matches && !contents.contains(/** @type {Node} */ (target))) contents.open = false;
};
addEventListener('pointerdown', leave);
addEventListener('focusin', leave);
contents.addEventListener('click', ({ target }) => {
  if (!beside.matches && target instanceof Element && target.closest('a')) contents.open = false;
});
contents.addEventListener('keydown', ({ key }) => {
  if (key !== 'Escape' || beside.matches || !contents.open) return;
  contents.open = false;
  summary.focus();
});
