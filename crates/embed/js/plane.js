// @ts-check
// <varentropy-plane>: every distribution is a point (H, V).
/** @import { Detail, Drag } from './types.js' */
/** @typedef {{ h: number, v: number }} Spot in bits and bits² */
import { flag, number, numbers, oneOf, pairs } from './attributes.js';
import { Chart } from './chart.js';
import { make } from './element.js';
import { wasm } from './maths.js';
import { ruled, rules } from './rules.js';

export class Plane extends ruled(Chart, 'none') {
  static chart = 'plane';
  static options = {
    ...super.options,
    p: [numbers, null],
    n: [number(2, 128256), 49152],
    scale: [oneOf('fixed', 'fit'), 'fixed'],
    points: [pairs, /** @type {number[][]} */ ([])],
    temperature: [number(Number.MIN_VALUE, Infinity), 1],
    path: [flag, false],
  };

  /** @type {Spot[] | null} */
  #tokens = null;
  /** @type {import('./tokens.js').Tokens | null} */
  #strip = null;
  /** @type {[number, number] | null} */
  #point = null;
  #shown = /** @type {Spot[]} */ ([]);

  /** `[{ h, v }, …]`, in bits and bits²; instead of `points`. */
  get tokens() {
    return this.#tokens ?? this.points.map(([h, v]) => ({ h, v }));
  }

  set tokens(tokens) {
    this.#tokens = tokens;
    this.redraw();
  }

  /** @param {number} ratio */
  paint(ratio) {
    super.paint(ratio);
    this.#shown = [];
    this.spots = make('svg:g', {
      click: ({ target }) => this.#choose(Number(target.dataset.index)),
    });
  }

  place() {
    const p = this.proportions(null);
    const point = this.#point ?? this.#of(p);
    this.#spot();
    this.under.replaceChildren(this.spots);
    const top = [];
    if (p && this.path)
      top.push(make('svg:path', { class: 'path', d: this.maths.path(p, 0.05, 20) }));
    const limits = this.limits();
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
      this.handle(
        [x, y],
        'Point on the plane',
        0,
        `H ${this.h(point[0])}, V ${this.v(point[1])}${rule ? `: ${rule}` : ''}`,
      );
      this.say(...point, ...(rule ? [['rule', rule]] : []));
    } else this.values.replaceChildren();
    this.top.replaceChildren(...top);
    this.note.textContent = this.#words(point, limits);
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
    for (const { name, across, value } of this.thresholds()) {
      if (value === undefined) {
        this.hideSlider(name);
        continue;
      }
      // Half of the slider is for small values: x/(x + half).
      const half = across ? 2 : 6;
      this.slider(
        name,
        `${name.split('-')[0]} ${across ? 'H' : 'V'}`,
        value / (value + half),
        across ? this.h(value) : this.v(value),
        (/** @type {number} */ share) => {
          this.write(name, Number(((half * share) / (1 - share)).toPrecision(3)));
        },
        [0, 0.92, 0.001],
      );
    }
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
    };
  }

  /**
   * Grabs the threshold under the pointer.
   * @param {number} x
   * @param {number} y
   * @param {HTMLElement} target
   * @returns {Drag | null}
   */
  grab(x, y, target) {
    if (target.dataset?.index) return null;
    const near = this.thresholds()
      .filter(({ value }) => value !== undefined)
      .map(({ name, across, value }) => {
        const [lx, ly] = this.maths.at(across ? [value, 0] : [0, value]);
        return { name, across, away: Math.abs(across ? x - lx : y - ly) };
      })
      .filter(({ away }) => away < 9)
      .sort((a, b) => a.away - b.away)[0];
    if (!near) return null;
    return (px, py) => {
      const [h, v] = this.maths.inverse(px, py);
      this.write(near.name, Math.max(0, Number((near.across ? h : v).toPrecision(3))));
    };
  }

  /**
   * Arrow keys on the point go along the temperature path.
   * @param {string} key
   * @param {number} size
   */
  step(key, size) {
    const factor = {
      Left: 1 - size,
      Down: 1 - size,
      Right: 1 + size,
      Up: 1 + size,
      Home: 0,
      End: 0,
    }[key];
    if (!this.proportions(null)) return false;
    this.temperature = factor ? /** @type {any} */ (this.temperature * factor).toPrecision(4) : 1;
    return true;
  }

  /**
   * @param {Detail} detail
   * @param {any} source an element; a strip has entries
   */
  hear({ h, v, p, cold, temperature, entry }, source) {
    this.#point = Number.isFinite(h) && Number.isFinite(v) ? [h, v] : null;
    if (p && !entry) {
      this.p = cold ?? p;
      this.temperature = cold ? temperature : 1;
      this.#point = null;
    }
    if (source.entries) {
      this.#strip = source;
      this.#tokens = source.isConnected
        ? source.entries.map(
            (/** @type {import('./types.js').Entry} */ { decision: { uncertainty: u } }) => ({
              h: u.entropy_bits,
              v: u.varentropy_bits2,
            }),
          )
        : null;
    }
    this.redraw();
  }

  /**
   * @param {number[] | null} p
   * @returns {[number, number] | null}
   */
  #of(p) {
    return p && /** @type {any} */ ([...wasm.uncertainty(wasm.heat(p, this.temperature))]);
  }

  /** Draws the points that are new. */
  #spot() {
    const { tokens } = this;
    if (
      tokens.length < this.#shown.length ||
      tokens.some((token, i) => i < this.#shown.length && token.h !== this.#shown[i].h)
    ) {
      this.spots.replaceChildren();
      this.#shown = [];
    }
    for (let i = this.#shown.length; i < tokens.length; i += 1) {
      const { h, v } = tokens[i];
      if (!(h >= 0 && v >= 0)) {
        this.warn('points', `${h},${v} is no point`);
        continue;
      }
      const [x, y] = this.maths.at([h, v]);
      this.spots.append(
        make('svg:circle', {
          class: 'spot',
          cx: x.toFixed(2),
          cy: y.toFixed(2),
          r: 2.6,
          'data-index': i,
        }),
      );
    }
    this.#shown = [...tokens];
  }

  /** @param {number} index */
  #choose(index) {
    if (Number.isNaN(index)) return;
    if (this.#strip) this.#strip.choose(index);
    else {
      const { h, v } = this.tokens[index];
      this.#point = [h, v];
      this.redraw();
    }
    this.tell('change', { ...this.detail(), index });
  }

  /**
   * How many points fall under each rule, or what is possible at the point's H.
   * @param {[number, number] | null} point
   * @param {number[]} limits
   */
  #words(point, limits) {
    const { tokens } = this;
    if (tokens.length && limits.length) {
      const here = tokens.map(({ h, v }) => wasm.rule_at(h, v, limits));
      const counts = rules().map(
        ({ name }) => `${name} ${here.filter((each) => each === name).length}`,
      );
      return `Of ${tokens.length} tokens: ${counts.join(', ')}.`;
    }
    const range = point && wasm.range(Math.round(this.n), point[0]);
    if (range?.length)
      return `At this H, ${Math.round(this.n).toLocaleString('en')} outcomes allow V from ${this.v(range[0])} to ${this.v(range[1])}.`;
    const [p, h, v] = wasm.maximum(Math.round(this.n));
    return `Blank is impossible. The largest V, ${this.v(v)}, is at H = ${this.h(h)}: ${(100 * p).toFixed(1)} % on one outcome, the rest shared equally.`;
  }
}
