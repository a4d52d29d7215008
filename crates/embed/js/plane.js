// @ts-check
// <varentropy-plane>: every distribution is a point (H, V).
/** @import { Detail, Drag } from './types.js' */
/** @typedef {{ h: number, v: number }} Spot in bits and bits² */
import { flag, number, numbers, oneOf, pairs } from './attributes.js';
import { Chart } from './chart.js';
import { Cuts, thresholds } from './cuts.js';
import { along, held, neighbour, share } from './hand.js';
import { ofText } from './key.js';
import { make, setAttributes } from './make.js';
import { wasm } from './maths.js';
import { said } from './plane.words.js';
import { ruled, rules } from './rules.js';

export class Plane extends ruled(Chart, 'none') {
  static chart = 'plane';
  static free = false;
  static options = {
    ...super.options,
    p: [numbers, null],
    n: [number(2, 128256), 49152],
    scale: [oneOf('fixed', 'fit'), 'fixed'],
    points: [pairs, /** @type {number[][]} */ ([])],
    temperature: [number(Number.MIN_VALUE, Infinity), 1],
    path: [flag, false],
    colors: [oneOf('auto', 'map', 'text'), 'auto'],
  };

  /** @type {Spot[] | null} */
  #tokens = null;
  /** The strip's entries of which these are; they come one by one. */
  #entries = /** @type {import('./types.js').Entry[] | null} */ (null);
  /** @type {import('./tokens.js').Tokens | null} */
  #strip = null;
  /**
   * A point that was chosen or told; else it is that of `p`.
   * @type {[number, number] | null}
   */
  #point = null;
  /** Where a temperature would lead it: H and V of each place. */
  #way = /** @type {number[]} */ ([]);
  /** Which of the tokens it is. */
  #index = /** @type {number | null} */ (null);
  #dragged = false;
  /** @type {Cuts | undefined} */
  cuts;
  #shown = /** @type {Spot[]} */ ([]);
  /** x and y of each, in px. */
  #places = /** @type {number[]} */ ([]);

  /** `[{ h, v }, …]`, in bits and bits²; instead of `points`. */
  get tokens() {
    const entries = this.#entries;
    for (let i = this.#tokens?.length ?? 0; i < (entries?.length ?? 0); i += 1) {
      const { entropy_bits: h, varentropy_bits2: v } = entries[i].decision.uncertainty;
      this.#tokens.push({ h, v });
    }
    return this.#tokens ?? this.points.map(([h, v]) => ({ h, v }));
  }

  set tokens(tokens) {
    this.#tokens = tokens;
    this.#entries = null;
    this.redraw();
  }

  build() {
    super.build();
    this.spots = make('svg:g', { class: 'spots', keydown: (event) => this.#press(event) });
    this.under.append(this.spots);
    this.svg.addEventListener('click', (event) => {
      if (!this.#dragged) this.#choose(this.#pointed(event));
      this.#dragged = false;
    });
    // The path is shown to whoever may move along it.
    for (const type of ['focus', 'blur']) this.ring.addEventListener(type, () => this.redraw());
    const list = make('ul', { class: 'legend' });
    this.help = make(
      'details',
      { class: 'rules' },
      make('summary', { textContent: 'What the lines say' }),
      list,
    );
    this.panel.after(this.help);
  }

  /** In the colours of the map its axes are the key. */
  keyed() {
    return this.maths.hasTextColors() ? ofText(this.dark) : null;
  }

  /** @param {string} name */
  changed(name) {
    if (name !== 'p' && name !== 'points') return;
    this.#point = this.#index = null;
    this.#way = [];
  }

  /** @param {number} ratio */
  paint(ratio) {
    super.paint(ratio);
    this.spots.replaceChildren();
    [this.#shown, this.#places] = [[], []];
  }

  place() {
    const p = this.proportions(null);
    const point = this.#point ?? this.#of(p);
    const limits = this.limits();
    const moves = !this.#point && p && this.#heats(p);
    const here = moves && this.shadowRoot.activeElement === this.ring;
    this.#spot();
    const top = [];
    if (p && (this.path || here)) top.push(...this.heated(p));
    if (this.#way.length) top.push(...this.drawn(this.#line()));
    this.svg.setAttribute(
      'aria-label',
      `The plane of entropy and varentropy for ${Math.round(this.n)} outcomes`,
    );
    this.ring.style.display = point ? '' : 'none';
    if (point) {
      const [x, y] = this.maths.at(point);
      const [left, above, , height] = this.maths.field();
      top.push(make('svg:path', { class: 'guide', d: `M${left} ${y}H${x}V${above + height}` }));
      const rule = wasm.rule_at(...point, limits);
      const heat = `temperature ${this.temperature.toFixed(2)}`;
      this.handle(
        [x, y],
        moves ? 'Temperature of the point' : 'Point on the plane',
        100 * share(this.temperature),
        `${moves ? `${heat}: ` : ''}${this.#said(...point)}`,
        !moves,
      );
      this.say(
        ...point,
        ...(moves && (here || this.path || this.temperature !== 1) ? [heat.split(' ')] : []),
        ...(rule ? [['rule', rule]] : []),
      );
    } else this.values.replaceChildren();
    this.top.replaceChildren(...top);
    // What is nowhere is in no label's way.
    const ring = point ? this.maths.at(point) : [NaN, NaN];
    this.label([], [...ring, ...this.#places]);
    // Counting is work, and where nobody reads it for nothing.
    this.note.textContent = this.note.hidden ? '' : said(this, point, limits);
    this.slider(
      'n',
      'outcomes',
      Math.log2(this.n),
      Math.round(this.n).toLocaleString('en'),
      (/** @type {number} */ value) => {
        this.n = Math.round(2 ** value);
      },
      [1, Math.log2(128256), 0.001],
    );
    for (const { name, label, across, value, text, set, idle } of thresholds(this)) {
      if (value === undefined) {
        this.hideSlider(name);
        continue;
      }
      // Half of the slider is for small values: x/(x + half).
      const half = across ? 2 : 6;
      this.slider(
        name,
        label,
        value / (value + half),
        text,
        (/** @type {number} */ share) => {
          set(Number(((half * share) / (1 - share)).toPrecision(3)));
        },
        [0, 0.92, 0.001],
        idle ? 'acts only above high H: branch comes before resample' : '',
      );
    }
    this.help.hidden = !limits.length || this.controls === 'none';
    if (limits.length) this.cuts ??= new Cuts(this);
    this.cuts?.place();
    this.said?.explain(/** @type {HTMLElement} */ (this.help.lastChild), this, rules());
  }

  detail() {
    const cold = this.proportions(null);
    const [h, v] = this.#point ?? this.#of(cold) ?? [null, null];
    return {
      p: cold && [...wasm.heat(cold, this.temperature)],
      cold,
      h,
      v,
      temperature: this.temperature,
      ...(this.#index === null ? {} : { index: this.#index }),
    };
  }

  /**
   * Grabs the point, or the threshold under the pointer.
   * @param {number} x
   * @param {number} y
   * @param {HTMLElement} target
   * @returns {Drag | null}
   */
  grab(x, y, target) {
    const p = this.proportions(null);
    const drag = target.closest('.handle.grip')
      ? held(
          [x, y],
          this.maths.at(this.#of(p)),
          along(
            p,
            (q) => this.maths.at(wasm.uncertainty(q)),
            (temperature) => {
              this.temperature = Number(temperature.toPrecision(4));
            },
          ),
        )
      : (this.cuts?.grab(x, y, target) ?? null);
    this.#dragged = Boolean(drag);
    return drag;
  }

  /**
   * Arrow keys on the point go along the temperature path, on a line they move it.
   * @param {string} key
   * @param {number} size
   * @param {Element} target
   */
  step(key, size, target) {
    if (target !== this.ring) return this.cuts.step(target, key, size);
    const factor = {
      Left: 1 - size,
      Down: 1 - size,
      Right: 1 + size,
      Up: 1 + size,
      Home: 0,
      End: 0,
    }[key];
    this.temperature = factor ? /** @type {any} */ (this.temperature * factor).toPrecision(4) : 1;
    return true;
  }

  /**
   * @param {Detail} detail
   * @param {any} source an element; a strip has entries
   */
  hear({ h, v, p, cold, temperature, entry, index, path }, source) {
    if (p && !entry) {
      this.p = cold ?? p;
      this.temperature = cold ? temperature : 1;
    }
    const told = !(p && !entry) && Number.isFinite(h) && Number.isFinite(v);
    const grows = source.busy && source.entries === this.#entries && !told && !this.#point;
    this.#point = told ? [h, v] : null;
    this.#way = (told && path) || [];
    this.#index = (told && index) ?? null;
    if (source.entries) {
      this.#strip = source;
      const entries = source.isConnected ? source.entries : null;
      // The same list has grown; another one has other tokens.
      if (entries !== this.#entries) this.#tokens = entries && [];
      this.#entries = entries;
    }
    if (grows) this.redrawLater();
    else this.redraw();
  }

  /**
   * @param {number[] | null} p
   * @returns {[number, number] | null}
   */
  #of(p) {
    return p && /** @type {any} */ ([...wasm.uncertainty(wasm.heat(p, this.temperature))]);
  }

  /** The way, as a path of the picture. */
  #line() {
    const places = [];
    for (let i = 0; i < this.#way.length; i += 2)
      places.push([...this.maths.at(this.#way.slice(i, i + 2))].map((px) => px.toFixed(1)));
    return `M${places.join('L')}`;
  }

  /**
   * Whether a temperature moves it: neither a certainty nor a tie.
   * @param {number[]} p
   */
  #heats(p) {
    const [a, b] = [0.5, 2].map((temperature) => wasm.uncertainty(wasm.heat(p, temperature)));
    return Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]) > 1e-6;
  }

  /**
   * @param {number} h
   * @param {number} v
   */
  #said(h, v) {
    const rule = wasm.rule_at(h, v, this.limits());
    return `H ${this.h(h)}, V ${this.v(v)}${rule ? `: ${rule}` : ''}`;
  }

  /** Draws the points that are new. */
  #spot() {
    const { tokens } = this;
    const index = this.#index;
    const chosen = tokens[index] ? `${index + 1}` : null;
    const some = tokens.length > 0 || null;
    setAttributes(this.spots, {
      role: some && 'slider',
      tabindex: some && 0,
      'aria-label': some && 'Points',
      'aria-valuemin': some && 1,
      'aria-valuemax': some && tokens.length,
      'aria-valuenow': some && (chosen ?? 1),
      'aria-valuetext':
        some &&
        (chosen
          ? `${chosen} of ${tokens.length}: ${this.#said(tokens[index].h, tokens[index].v)}`
          : `none of ${tokens.length} is chosen`),
    });
    if (tokens.length < this.#shown.length || this.#shown.some(({ h }, i) => tokens[i].h !== h)) {
      this.spots.replaceChildren();
      [this.#shown, this.#places] = [[], []];
    }
    for (let i = this.#shown.length; i < tokens.length; i += 1) {
      const { h, v } = tokens[i];
      if (!(h >= 0 && v >= 0)) {
        this.warn('points', `${h},${v} is no point`);
        continue;
      }
      const [x, y] = this.maths.at([h, v]);
      this.#places.push(x, y);
      this.spots.append(
        make('svg:circle', {
          class: 'spot',
          cx: x.toFixed(2),
          cy: y.toFixed(2),
          // A few are looked at one by one.
          r: tokens.length > 24 ? 2.6 : 4,
          'data-index': i,
        }),
      );
    }
    this.#shown.push(...tokens.slice(this.#shown.length));
  }

  /**
   * The point that is meant by a click or a tap.
   * @param {MouseEvent & { target: any }} event
   */
  #pointed(event) {
    const { index } = event.target.dataset;
    if (index) return Number(index);
    const at = this.point(event);
    const mouse = /** @type {PointerEvent} */ (event).pointerType === 'mouse';
    let [best, least] = [-1, mouse ? 8 : 22];
    for (const [i, { h, v }] of this.tokens.entries()) {
      const [x, y] = this.maths.at([h, v]);
      const away = Math.hypot(x - at[0], y - at[1]);
      if (away < least) [best, least] = [i, away];
    }
    return best;
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const { key, altKey, ctrlKey, metaKey } = event;
    const last = this.tokens.length - 1;
    const from = this.#index ?? -1;
    const to = neighbour(key, from, last);
    if (to === undefined || altKey || ctrlKey || metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.#choose(to);
  }

  /** @param {number} index */
  #choose(index) {
    const token = this.tokens[index];
    if (!token) return;
    if (this.#strip) this.#strip.choose(index);
    this.#point = [token.h, token.v];
    this.#index = index;
    this.redraw();
    this.tell('change', this.detail());
  }
}

export const elements = { 'varentropy-plane': Plane };
Plane.define('varentropy-plane');
