// @ts-check
// The entropy of an answer, token by token: one canvas, however long it is.
/** @import { Entry } from './types.js' */
import { neighbour } from './hand.js';
import { make } from './make.js';
import { quantity } from './marks.js';
import { wasm } from './maths.js';

/** Least number of places for bars. */
const FEW = 48;
/** While an answer grows there is room for so many times its tokens: bars stay where they are for a while. */
const AHEAD = 1.5;

export class Timeline {
  #entries = /** @type {Entry[]} */ ([]);
  #index = /** @type {number | null} */ (null);
  /** Bars that are drawn. */
  #drawn = 0;
  #slots = FEW;
  /** The largest H of the axis, in bits. */
  #top = 1;
  #look = '';
  #canvas = make('canvas');
  #now = make('div', { class: 'now' });
  #most = make('span');
  #last = make('span');
  #line;

  /** @param {(index: number) => unknown} choose */
  constructor(choose) {
    const point = (/** @type {MouseEvent} */ { clientX }) => {
      const { left, width } = this.#line.getBoundingClientRect();
      choose(Math.floor(((clientX - left) / width) * this.#slots));
    };
    this.#line = make(
      'div',
      {
        class: 'line',
        role: 'slider',
        tabindex: 0,
        'aria-label': 'Entropy H of the answer, token by token',
        'aria-valuemin': 1,
        click: point,
        // A finger on its way up or down scrolls the page.
        pointermove: (event) => event.buttons && point(event),
        keydown: (event) => {
          const to = neighbour(event.key, this.#index ?? -1, this.#entries.length - 1);
          if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
          event.preventDefault();
          choose(to);
        },
      },
      this.#canvas,
      this.#now,
    );
    const span = (/** @type {string} */ textContent) => make('span', { textContent });
    this.figure = make(
      'figure',
      { class: 'timeline' },
      this.#most,
      span('0'),
      this.#line,
      make('figcaption', {}, span('1'), 'entropy H, token by token', this.#last),
    );
  }

  /**
   * @param {Entry[]} entries
   * @param {number | null} index of the token that is shown
   * @param {{ busy: boolean, dark: boolean, measured: number }} how whether more will come, on what paper, and a
   *   number that is another one when the room may be
   */
  draw(entries, index, { busy, dark, measured }) {
    if (entries !== this.#entries || entries.length < this.#drawn) this.#anew();
    this.#entries = entries;
    this.#index = index;
    const { length } = entries;
    const fit = Math.max(length, FEW);
    const slots =
      busy && length <= this.#slots && this.#slots <= fit * AHEAD
        ? this.#slots
        : busy && length > FEW
          ? Math.ceil(length * AHEAD)
          : fit;
    const look = `${slots} ${dark} ${measured} ${devicePixelRatio}`;
    if (look !== this.#look) this.#anew();
    this.#look = look;
    this.#slots = slots;
    let top = this.#drawn ? this.#top : 1;
    for (let i = this.#drawn; i < length; i += 1)
      while (top < entries[i].decision.uncertainty.entropy_bits) top *= 2;
    if (top !== this.#top) this.#anew();
    this.#top = top;
    this.#paint(dark);
    this.#say(index);
  }

  #anew() {
    this.#drawn = 0;
  }

  /** @param {boolean} dark */
  #paint(dark) {
    const entries = this.#entries;
    const ratio = Math.min(devicePixelRatio || 1, 3);
    if (!this.#drawn) {
      const { clientWidth, clientHeight } = this.#line;
      this.#canvas.width = Math.round(clientWidth * ratio);
      this.#canvas.height = Math.round(clientHeight * ratio);
    }
    const { width, height } = this.#canvas;
    const pen = this.#canvas.getContext('2d');
    const step = width / this.#slots;
    // Where tokens are more than pixels, the largest H of each pixel stands for all.
    const first = step < 1 ? Math.floor(Math.floor(this.#drawn * step) / step) : this.#drawn;
    const gap = step > 4 * ratio ? Math.round(ratio) : 0;
    let [column, most] = [-1, -1];
    for (let i = Math.max(0, first); i < entries.length; i += 1) {
      const { entropy_bits: h, varentropy_bits2: v } = entries[i].decision.uncertainty;
      // Whole pixels: a bar that ends within one would tinge its neighbour.
      const x = step < 1 ? Math.floor(i * step) : Math.round(i * step);
      if (step < 1 && x === column && h <= most) continue;
      [column, most] = [x, x === column ? Math.max(h, most) : h];
      const wide = Math.max(Math.round((i + 1) * step) - x - gap, 1);
      const tall = Math.max(h / this.#top, 0.01) * height;
      const [light, night] = wasm.tints(h, v);
      pen.fillStyle = `#${(dark ? night : light).toString(16).padStart(6, '0')}`;
      pen.fillRect(x, height - tall, wide, tall);
      // Pale colours need an edge.
      pen.fillStyle = dark ? '#8a8f99' : '#7b808a';
      pen.fillRect(x, height - tall, wide, Math.min(1.25 * ratio, tall));
    }
    this.#drawn = entries.length;
  }

  /** @param {number | null} index */
  #say(index) {
    const known = this.#entries[index ?? -1];
    const share = 100 / this.#slots;
    this.#now.hidden = !known;
    if (known) {
      this.#now.style.setProperty('left', `${index * share}%`);
      this.#now.style.setProperty('width', `${share}%`);
    }
    const [most, last] = [`${this.#top} bit${this.#top > 1 ? 's' : ''}`, `${this.#slots}`];
    if (this.#most.textContent !== most) this.#most.textContent = most;
    if (this.#last.textContent !== last) this.#last.textContent = last;
    const h = known?.decision.uncertainty.entropy_bits;
    for (const [name, value] of Object.entries({
      valuemax: this.#entries.length,
      valuenow: (index ?? 0) + 1,
      valuetext: h === undefined ? 'none' : `token ${index + 1}, H ${quantity(h)} bits`,
    }))
      this.#line.setAttribute(`aria-${name}`, `${value}`);
  }
}
