// @ts-check
// What the three charts share: a picture from the maths, a handle, sliders, values, words.
/** @import { Detail } from './types.js' */
import { flag, oneOf } from './attributes.js';
import { Element } from './element.js';
import { empty, put, show } from './key.js';
import { later } from './later.js';
import { make, setAttributes } from './make.js';
import { wasm } from './maths.js';
import { nodes } from './nodes.js';
import { locate } from './pointing.js';
import { Sliders } from './sliders.js';

const LN2 = Math.LN2;
const dialog = later((_again) => import('./share.js'));
const pictures = new CSSStyleSheet();

export class Chart extends Element {
  static options = {
    ...Element.options,
    units: [oneOf('bits', 'nats'), 'bits'],
    locked: [flag, false],
    controls: [oneOf('full', 'none'), 'full'],
    key: [oneOf('auto', 'none'), 'auto'],
  };

  /** Its name among the charts of the maths. */
  static chart = '';
  /** Whether its point can be put anywhere. */
  static free = true;

  #drawn = '';
  #written = '';
  #sliders = new Sliders(this);

  build() {
    pictures.replaceSync(wasm.style());
    this.wear(pictures);
    this.canvas = make('canvas', { 'aria-hidden': 'true' });
    [this.under, this.base, this.top, this.texts] = [1, 2, 3, 4].map(() => make('svg:g'));
    this.ring = make(
      'svg:g',
      { class: 'handle' },
      make('svg:circle', { class: 'hit', r: 22 }),
      make('svg:circle', { class: 'halo', r: 8 }),
      make('svg:circle', { class: 'ring', r: 8 }),
    );
    const { under, base, top, texts, ring } = this;
    this.svg = make('svg:svg', { role: 'group' }, under, base, top, texts, ring);
    this.svg.addEventListener('pointerdown', (event) => this.#grab(event));
    this.svg.addEventListener('keydown', (event) => this.#key(event));
    for (const part of [base, top, texts]) part.setAttribute('pointer-events', 'none');
    this.code = empty();
    this.values = make('p', { class: 'values' });
    this.note = make('p', { class: 'note' });
    // A slider's own events have no detail.
    this.panel = make('div', { class: 'controls', input: (event) => event.stopPropagation() });
    this.live = make('p', { class: 'unseen', role: 'status' });
    this.row = make(
      'div',
      { class: 'row' },
      make('button', { type: 'button', textContent: 'Share', click: () => this.#share() }),
    );
    const { chart } = /** @type {typeof Chart} */ (this.constructor);
    this.corners = [1, 2, 3, 4].map(() => make('i'));
    this.figure = make('div', { class: `figure ${chart}` }, this.canvas, this.svg, ...this.corners);
    this.shadowRoot.append(
      make(
        'div',
        { class: 'chart' },
        this.figure,
        this.code,
        this.values,
        this.note,
        this.panel,
        this.row,
        this.live,
      ),
    );
  }

  /**
   * The probabilities in `p`; what is no distribution is told, and replaced.
   * @param {number[] | null} otherwise
   * @param {number} [count] how many there must be
   * @returns {number[] | null}
   */
  proportions(otherwise, count) {
    const written = this.read('p');
    if (!written) return otherwise;
    try {
      if (count && written.length !== count) throw `it needs ${count} numbers`;
      const [changed, ...p] = wasm.normalise(written);
      if (changed)
        this.warn('p', `"${this.getAttribute('p')}" does not add up to 1 and is normalised`);
      return p;
    } catch (why) {
      this.warn(
        'p',
        `"${this.getAttribute('p')}": ${why}; ${otherwise ?? 'nothing'} is shown instead`,
      );
      return otherwise;
    }
  }

  get nats() {
    return this.read('units') === 'nats';
  }

  /**
   * "1.234 bits", from bits.
   * @param {number} bits
   */
  h(bits) {
    return this.nats ? `${(bits * LN2).toFixed(3)} nats` : `${bits.toFixed(3)} bits`;
  }

  /** @param {number} bits2 */
  v(bits2) {
    return this.nats ? `${(bits2 * LN2 * LN2).toFixed(3)} nats²` : `${bits2.toFixed(3)} bits²`;
  }

  /**
   * Where the sampler's rules hold; empty for a chart that knows of none.
   * @returns {number[]}
   */
  limits() {
    return [];
  }

  /**
   * The key of its colours, where it needs one.
   * @returns {import('./key.js').Key | null}
   */
  keyed() {
    return null;
  }

  /** Width, height and size of labels, in px of its own whatever zoom and transforms do to them. */
  measure() {
    const { width, height, fontSize } = getComputedStyle(this.figure);
    this.room = [width, height, fontSize].map(parseFloat);
    return this.room[0];
  }

  draw() {
    const [width, height, text] = this.room;
    const ratio = Math.min(devicePixelRatio || 1, 3);
    const { units, mode, contours, n, scale, colors, key, dark } = this;
    const look = [units, mode, contours, n, scale, colors, key, colors && dark];
    const now = [...this.room, ratio, ...look, ...this.limits()].join();
    if (now !== this.#drawn) {
      this.#drawn = now;
      this.maths?.free();
      this.maths = new wasm.Picture(
        /** @type {typeof Chart} */ (this.constructor).chart,
        this,
        width,
        height,
        text,
      );
      this.svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
      this.base.replaceChildren(...nodes(this.maths.scene()));
      this.figure.style.setProperty('--width', `${width}px`);
      this.figure.style.setProperty('--ratio', `${width / height}`);
      this.paint(ratio);
      show(this.code, key === 'none' ? null : this.keyed());
    }
    const full = this.controls === 'full';
    for (const part of [this.values, this.panel, this.row, this.note]) part.hidden = !full;
    this.#sliders.lock(this.locked);
    this.place();
  }

  /**
   * Puts the pixels, `ratio` in a px, onto a canvas.
   * @param {HTMLCanvasElement} canvas
   * @param {number} ratio
   */
  fill(canvas, ratio) {
    const [, , ...size] = this.maths.field();
    const [columns, rows] = size.map((px) => Math.max(1, Math.round(px * ratio)));
    put(canvas, this.maths.pixels(columns, rows), columns);
  }

  /**
   * Puts the pixels under the picture.
   * @param {number} ratio
   */
  paint(ratio) {
    const { canvas } = this;
    this.fill(canvas, ratio);
    const [x, y, width, height] = this.maths.field();
    const [across, down] = this.room;
    // In shares: on paper the figure is as wide as there is room.
    for (const [key, px, whole] of /** @type {[string, number, number][]} */ ([
      ['left', x, across],
      ['top', y, down],
      ['width', width, across],
      ['height', height, down],
    ]))
      canvas.style.setProperty(key, `${(100 * px) / whole}%`);
    this.box = [x, y, width, height];
  }

  /**
   * The temperature path of a distribution.
   * @param {number[]} p
   */
  heated(p) {
    return this.drawn(this.maths.path(p));
  }

  /** @param {string} d a path, and paper beneath it */
  drawn(d) {
    return ['path back', 'path'].map((name) => make('svg:path', { class: name, d }));
  }

  /**
   * Writes the outcomes' names, and the labels that give way to the ring and to dots.
   * @param {string[]} names
   * @param {ArrayLike<number>} marks x and y of each, in px; the ring is the first
   */
  label(names, marks) {
    const lines = names.map((name) => name.replace(/\s+/g, ' ')).join('\n');
    const written = this.maths.labels(lines, marks);
    if (written === this.#written) return;
    this.#written = written;
    const parts = written.split('\t');
    const texts = [];
    while (parts.length > 5) {
      const [x, y, anchor, kind, textContent, full] = parts.splice(0, 6);
      const text = make('svg:text', { x, y, 'text-anchor': anchor, class: kind, textContent });
      if (full) {
        // Where a pointer asks for it.
        text.setAttribute('pointer-events', 'all');
        text.append(make('svg:title', { textContent: full }));
      }
      texts.push(text);
    }
    this.texts.replaceChildren(...texts);
  }

  /**
   * Where the handle is, and what it says. A fixed one is only a mark.
   * @param {ArrayLike<number> & Iterable<number>} place
   * @param {string} label
   * @param {number} now share of the way from its least to its largest value, in %
   * @param {string} spoken
   * @param {boolean} [fixed]
   */
  handle([x, y], label, now, spoken, fixed = false) {
    const { ring, locked, svg } = this;
    ring.setAttribute('transform', `translate(${x.toFixed(2)} ${y.toFixed(2)})`);
    const slides = !fixed || null;
    setAttributes(ring, {
      role: fixed ? 'img' : 'slider',
      tabindex: slides && (locked ? -1 : 0),
      'aria-label': fixed ? `${label}: ${spoken}` : label,
      'aria-valuenow': slides && now.toFixed(1),
      'aria-valuemin': slides && 0,
      'aria-valuemax': slides && 100,
      'aria-valuetext': slides && spoken,
      'aria-disabled': slides && locked,
    });
    ring.classList.toggle('grip', !fixed && !locked);
    const { free } = /** @type {typeof Chart} */ (this.constructor);
    svg.classList.toggle('free', free && !fixed && !locked);
    this.spoken = spoken;
  }

  /**
   * "H 1.234 bits", "V …" and whatever follows.
   * @param {number} h
   * @param {number} v
   * @param {string[][]} more names and values
   */
  say(h, v, ...more) {
    this.values.replaceChildren(
      ...[['H', this.h(h)], ['V', this.v(v)], ...more].map(([name, value]) =>
        make('span', {}, make('b', { textContent: name }), ` ${value}`),
      ),
    );
  }

  /**
   * A slider twin, made at the first call: see {@link Sliders.show}.
   * @param {Parameters<Sliders['show']>} twin
   */
  slider(...twin) {
    this.#sliders.show(...twin);
  }

  /** @param {string} name */
  hideSlider(name) {
    this.#sliders.hide(name);
  }

  /**
   * A person moved something: `change` sets attributes; draws at once and tells.
   * @param {string} type
   * @param {unknown} [changed] `false`: nothing did
   */
  move(type, changed = true) {
    if (this.locked || changed === false) return;
    this.redraw();
    this.tell(type, this.detail());
    if (type === 'change')
      requestAnimationFrame(() => {
        this.live.textContent = this.spoken ?? '';
      });
  }

  /**
   * Where a pointer is, in px of the picture.
   * @param {MouseEvent} event
   * @returns {[number, number]}
   */
  point(event) {
    const [across, down] = locate(this.corners, event);
    const [width, height] = this.room;
    return [across * width, down * height];
  }

  /** @param {PointerEvent} event */
  #grab(event) {
    const { pointerType, pointerId, button } = event;
    if (this.locked || button) return;
    const target = /** @type {HTMLElement} */ (event.target);
    const grip = target.closest('.grip');
    // A finger beside a handle may want to scroll: it moves the point only by a tap.
    const finger = pointerType !== 'mouse' && !grip;
    const drag = this.grab(...this.point(event), target);
    this.svg.onclick = null;
    if (!drag) return;
    const { svg } = this;
    const step = (/** @type {string} */ type) => (/** @type {MouseEvent} */ moved) =>
      this.move(type, drag(...this.point(moved)));
    if (finger) svg.onclick = step('change');
    if (finger) return;
    event.preventDefault();
    /** @type {SVGElement} */ (grip ?? this.ring).focus({ preventScroll: true });
    svg.setPointerCapture(pointerId);
    // Not another finger; and after a removal none.
    const mine =
      (/** @type {(moved: MouseEvent) => void} */ then) => (/** @type {PointerEvent} */ moved) =>
        moved.pointerId === pointerId && svg.hasPointerCapture(pointerId) && then(moved);
    svg.onpointermove = mine(step('input'));
    svg.onpointerup = mine(step('change'));
    // It tells no place.
    svg.onpointercancel = mine(() => this.move('change'));
    step('input')(event);
  }

  /** Opens the dialog, once its file is here. */
  async #share() {
    try {
      (await dialog()).share(this);
    } catch (error) {
      this.note.textContent = this.live.textContent =
        'The dialog could not be loaded. Press "Share" again.';
      console.warn(error);
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { key, shiftKey, altKey, ctrlKey, metaKey } = event;
    const name = key.replace('Arrow', '');
    if (
      this.locked ||
      altKey ||
      ctrlKey ||
      metaKey ||
      !/^(Left|Right|Up|Down|Home|End)$/.test(name)
    )
      return;
    const target = /** @type {Element} */ (event.target);
    if (this.step(name, shiftKey ? 0.1 : 0.01, target) === false) return;
    event.preventDefault();
    this.move('change');
  }
}
