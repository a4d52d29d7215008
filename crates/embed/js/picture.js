// @ts-check
// A chart as a file: all of it but what can only be pressed.
import { make } from './make.js';

const page = new URL('../../embed.html', import.meta.url);
/** Around the picture, in px. */
const MARGIN = 10;
/** Pixels of the field in a px: of an SVG, which may be enlarged, and of a PNG. */
const [FINE, DOUBLE] = [3, 2];

/**
 * Lines of a text as they are seen: what each says, and its box.
 * @param {Text} node
 */
function lines(node) {
  const range = document.createRange();
  const found = /** @type {{ text: string, box: DOMRect }[]} */ ([]);
  for (const { 0: word, index } of node.data.matchAll(/\S+/g)) {
    range.setStart(node, index);
    range.setEnd(node, index + word.length);
    const box = range.getBoundingClientRect();
    const line = found.at(-1);
    if (!box.width) continue;
    if (line && Math.abs(line.box.top - box.top) < 2) line.text += ` ${word}`;
    else found.push({ text: word, box });
  }
  return found;
}

/**
 * Whether a node is seen: what is in a closed list has a box, too.
 * @param {Element} element
 */
const seen = (element) => element.checkVisibility?.() !== false;

/**
 * What stands beneath the figure: words, swatches and keys, each where it is seen; and where they end.
 * @param {import('./chart.js').Chart} chart
 * @returns {[SVGElement[], number]}
 */
function beneath({ figure, values, room }) {
  const { left, top, width } = figure.getBoundingClientRect();
  // A page may be scaled.
  const scale = room[0] / width;
  const nodes = /** @type {SVGElement[]} */ ([]);
  let end = room[1];
  /** @param {DOMRect} box */
  const place = (box) => {
    end = Math.max(end, (box.bottom - top) * scale);
    return {
      x: (box.left - left) * scale,
      y: (box.top - top) * scale,
      width: box.width * scale,
      height: box.height * scale,
    };
  };
  const { hidden } = values;
  values.hidden = false;
  for (const part of figure.parentElement.querySelectorAll(
    ':scope > :not(.figure, .controls, .row, .unseen)',
  )) {
    const walker = document.createTreeWalker(part, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walker.currentNode; node; node = walker.nextNode()) {
      const element = /** @type {HTMLElement} */ (node instanceof Text ? node.parentElement : node);
      if (!seen(element) || element.localName === 'summary') continue;
      if (node instanceof Text) {
        const { color, fontSize, fontWeight } = getComputedStyle(element);
        for (const { text, box } of lines(node)) {
          const { x, y, height } = place(box);
          const size = parseFloat(fontSize);
          // The baseline of most fonts.
          const style = { x, y: y + height / 2 + 0.36 * size, fill: color, 'font-size': size };
          nodes.push(make('svg:text', { ...style, 'font-weight': fontWeight, textContent: text }));
        }
      } else if (element instanceof HTMLCanvasElement) {
        const image = { ...place(element.getBoundingClientRect()), preserveAspectRatio: 'none' };
        nodes.push(make('svg:image', { ...image, href: element.toDataURL() }));
      } else if (element.classList.contains('swatch')) {
        const box = element.getBoundingClientRect();
        const fill = element.style.background;
        if (box.width) nodes.push(make('svg:rect', { ...place(box), fill }));
      }
    }
  }
  values.hidden = hidden;
  return [nodes, end];
}

/**
 * An SVG document that needs nothing else.
 * @param {import('./chart.js').Chart} chart
 * @param {number} ratio pixels of the field in a px
 */
export function svg(chart, ratio = FINE) {
  const { svg: source, shadowRoot, under, base, top, texts, ring, room, spoken } = chart;
  // With forced colours it is the name of one: as a colour the browser resolves it.
  const ink = (/** @type {string} */ name) => {
    source.style.color = `var(--${name})`;
    const { color } = getComputedStyle(source);
    source.style.color = '';
    return color;
  };
  const rules = [...shadowRoot.adoptedStyleSheets.at(-1).cssRules]
    .map((rule) => rule.cssText)
    .join('')
    .replace(/var\(--(\w+)\)/g, (_, name) => ink(name));
  const canvas = document.createElement('canvas');
  chart.fill(canvas, ratio);
  const [x, y, width, height] = chart.box;
  const field = { x, y, width, height, preserveAspectRatio: 'none', href: canvas.toDataURL() };
  const [words, end] = beneath(chart);
  const line = (/** @type {number} */ at, /** @type {string} */ textContent) =>
    make('svg:text', { x: 0, y: end + at, fill: ink('soft'), 'font-size': 12, textContent });
  // The probabilities, where only sliders tell them.
  const shares = spoken?.split(': H')[0] ?? '';
  const told = !shares.includes('%') || chart.values.textContent.includes('%');
  const drawn = /** @type {SVGElement} */ (under.cloneNode(true));
  for (const cut of drawn.querySelectorAll('.cut')) cut.remove();
  const picture = make(
    'svg:svg',
    {
      viewBox: [-MARGIN, -MARGIN, room[0] + 2 * MARGIN, end + (told ? 20 : 38) + 2 * MARGIN].join(
        ' ',
      ),
      width: room[0] + 2 * MARGIN,
      height: end + (told ? 20 : 38) + 2 * MARGIN,
      'font-family': 'system-ui, sans-serif',
      'font-size': getComputedStyle(source).fontSize,
    },
    make('svg:title', { textContent: source.getAttribute('aria-label') }),
    make('svg:desc', { textContent: spoken ?? '' }),
    make('svg:style', { textContent: rules }),
    make('svg:rect', { x: -MARGIN, y: -MARGIN, width: '100%', height: '100%', fill: ink('paper') }),
    make('svg:image', field),
    drawn,
    ...[base, top, texts].map((part) => part.cloneNode(true)),
    ...(ring.style.display === 'none' ? [] : [ring.cloneNode(true)]),
    ...words,
    ...(told ? [] : [line(18, shares)]),
    line(told ? 18 : 36, `Entropix, ${page.host}${page.pathname}`),
  );
  return new XMLSerializer().serializeToString(picture);
}

const address = (/** @type {string} */ picture) =>
  `data:image/svg+xml,${encodeURIComponent(picture)}`;

/**
 * The address of the picture as `svg` or `png`.
 * @param {import('./chart.js').Chart} chart
 * @param {string} kind
 */
export async function save(chart, kind) {
  if (kind === 'svg') return address(svg(chart));
  const image = new Image();
  image.src = address(svg(chart, DOUBLE));
  await image.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight].map(
    (px) => DOUBLE * px,
  );
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL();
}
