// @ts-check
// The key of an element's colours: a small field with all of them, its ends named.
import { make } from './make.js';
import { wasm } from './maths.js';

/**
 * @typedef {object} Key
 * @property {string} name of the colours: those of text are others than those of charts
 * @property {string[]} across what stands above the field, from left to right
 * @property {string} [side] what stands beside it
 * @property {string} words for whoever does not see it
 * @property {(columns: number, rows: number) => Uint8Array<ArrayBuffer>} pixels
 */

const [COLUMNS, ROWS] = [120, 24];

/**
 * The key of the colours of text.
 * @param {boolean} dark whether it stands on dark paper
 * @returns {Key}
 */
export const ofText = (dark) => ({
  name: 'Word colours',
  across: ['V below usual', 'usual', 'above'],
  side: 'H 0 ↓ 8 bits',
  words:
    'the hue says how V compares with what is usual at that H: blue is lower, grey is usual, orange is higher. The depth says H: 0 bits is the colour of paper, 8 bits is deep',
  pixels: (columns, rows) => wasm.text_key(columns, rows, dark),
});

/**
 * The key of a chart in the colours of the map.
 * @param {import('./chart.js').Chart} chart
 * @param {string[]} across
 * @param {string} side
 * @param {string} words
 * @returns {Key}
 */
export const ofMap = ({ maths }, across, side, words) => ({
  name: 'Chart colours',
  across,
  side,
  words,
  pixels: (columns, rows) => maths.key(columns, rows),
});

/** An element that shows no key yet. */
export const empty = () =>
  make(
    'div',
    { class: 'key', role: 'img', hidden: true },
    make('span'),
    make('span', { class: 'across' }),
    make('span'),
    make('canvas'),
  );

/**
 * Shows a key; null: none.
 * @param {HTMLElement} element made by `empty`
 * @param {Key | null} key
 */
export function show(element, key) {
  element.hidden = !key;
  if (!key) return;
  const [name, across, side, canvas] =
    /** @type {[HTMLElement, HTMLElement, HTMLElement, HTMLCanvasElement]} */ (
      /** @type {unknown} */ (element.children)
    );
  element.setAttribute('aria-label', `${key.name}: ${key.words}.`);
  name.textContent = key.name;
  side.textContent = key.side ?? '';
  across.replaceChildren(...key.across.map((textContent) => make('span', { textContent })));
  put(canvas, key.pixels(COLUMNS, ROWS), COLUMNS);
}

/**
 * Puts all the pixels of a canvas onto it.
 * @param {HTMLCanvasElement} canvas
 * @param {Uint8Array<ArrayBuffer>} pixels red, green, blue and alpha, in rows of `columns`
 * @param {number} columns
 */
export function put(canvas, pixels, columns) {
  const { buffer, byteOffset, length } = pixels;
  const image = new ImageData(new Uint8ClampedArray(buffer, byteOffset, length), columns);
  canvas.width = columns;
  canvas.height = image.height;
  canvas.getContext('2d').putImageData(image, 0, 0);
}
