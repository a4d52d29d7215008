// @ts-check
// <varentropy-triangle>: three outcomes; every point inside is a distribution.
/** @import { Detail, Drag } from './types.js' */
/** @typedef {{ top: { label: string, p: number }[], h: number, v: number }} Token */
import { flag, number, numbers, oneOf, texts } from './attributes.js';
import { Chart } from './chart.js';
import { ofMap } from './key.js';
import { make } from './make.js';
import { wasm } from './maths.js';
import { ruled, rules } from './rules.js';
import { percent, spread, visible } from './words.js';

export class Triangle extends ruled(Chart, 'B') {
  static chart = 'triangle';
  static options = {
    ...super.options,
    p: [numbers, [0.6, 0.3, 0.1]],
    labels: [texts, ['A', 'B', 'C']],
    mode: [oneOf('both', 'h', 'v', 'rules'), 'both'],
    contours: [oneOf('none', 'h', 'v', 'both'), null],
    temperature: [number(Number.MIN_VALUE, Infinity), 1],
    path: [flag, false],
    fold: [oneOf('top', 'rest'), 'top'],
  };

  /** @type {Token | null} */
  #token = null;
  /** Whether a person turns its dial. */
  #turns = false;
  #limits = '';

  /**
   * The probabilities at temperature 1.
   * @returns {number[]}
   */
  get distribution() {
    if (this.#token) return fold(this.#token, this.fold).p;
    return this.proportions([0.6, 0.3, 0.1], 3);
  }

  /**
   * `{ top: [{ label, p }, …], h, v }`: the three most probable are shown.
   * @param {any} token the type is that of what is set; what is got are numbers
   */
  set distribution(token) {
    this.#token = token;
    this.redraw();
  }

  place() {
    const rule = this.#rules();
    const cold = this.distribution;
    const { temperature } = this;
    const p = temperature === 1 ? cold : [...wasm.heat(cold, temperature)];
    const folded = this.#token && fold(this.#token, this.fold);
    const names = folded?.labels ?? [...this.labels, '', ''].slice(0, 3);
    const [h, v] = wasm.uncertainty(p);
    this.top.replaceChildren(...(this.path || this.#turns ? this.heated(cold) : []));
    const place = this.maths.at(p);
    this.label(names, place);
    const spoken = `${names.map((name, i) => `${name} ${percent(p[i])}`).join(', ')}: H ${this.h(h)}, V ${this.v(v)}`;
    this.svg.setAttribute(
      'aria-label',
      'Three outcomes: the nearer to a corner, the more probable is its outcome',
    );
    const [label, fixed] = ['Distribution over three outcomes', Boolean(folded)];
    this.handle(place, label, 100 * p[0], spoken, fixed);
    if (folded) {
      this.say(
        this.#token.h,
        this.#token.v,
        ['of these three:', `H ${this.h(h)}, V ${this.v(v)}`],
        ...rule(this.#token.h, this.#token.v),
      );
      this.values.hidden = this.note.hidden = false;
      this.note.textContent = folded.note;
      this.panel.hidden = true;
      return;
    }
    const heat = this.path ? [['temperature', temperature.toFixed(2)]] : [];
    this.say(h, v, ...heat, ...rule(h, v));
    this.note.textContent = spread(p, names, [h, v], wasm.maximum(3), this);
    for (const [i, name] of names.entries())
      this.slider(`p${i}`, name, p[i], percent(p[i]), (/** @type {number} */ value) =>
        this.#share(i, value),
      );
    if (this.path) {
      this.slider(
        'T',
        'temperature',
        Math.log2(temperature),
        temperature.toFixed(2),
        (/** @type {number} */ value) => {
          this.temperature = /** @type {any} */ ((2 ** value).toPrecision(4));
        },
        [-4, 4, 0.01],
      );
    } else this.hideSlider('T');
  }

  build() {
    super.build();
    this.list = make('ul', { class: 'legend' });
    this.filled = make('p', { class: 'legend' });
    this.panel.before(this.list, this.filled);
  }

  get ruled() {
    return this.mode === 'rules';
  }

  get able() {
    return super.able && Boolean(this.said || !this.ruled);
  }

  /** What its colours mean comes with the picture. */
  async begin() {
    if (this.ruled) await this.learn();
    await super.begin();
  }

  /** What the colours of the rules mean; gives what is said of a point by its rule. */
  #rules() {
    const shown = this.ruled;
    const limits = this.limits();
    this.list.hidden = this.filled.hidden = !shown;
    if (!shown || !this.said) return () => /** @type {string[][]} */ ([]);
    this.said.explain(this.list, this, rules(), true);
    if (this.#limits !== `${limits}`) {
      this.#limits = `${limits}`;
      const rule = limits.length ? this.said.filling(limits) : '';
      const [h, v] = [Math.log2(3), wasm.maximum(3)[2]];
      this.filled.textContent = rule
        ? `Nearly all of this triangle is ${rule}: three outcomes reach no more than H ${this.h(h)} and V ${this.v(v)}.`
        : '';
    }
    return (/** @type {number} */ h, /** @type {number} */ v) =>
      limits.length ? [['rule', wasm.rule_at(h, v, limits)]] : [];
  }

  keyed() {
    const [h, v] = [this.h(Math.log2(3)), this.v(wasm.maximum(3)[2])];
    const [byH, byV] = [`from light at H 0 to dark at ${h}`, `from blue at V 0 to orange at ${v}`];
    switch (this.mode) {
      case 'rules':
        return null;
      case 'h':
        return ofMap(this, ['H 0', h], '', byH);
      case 'v':
        return ofMap(this, ['V 0', v], '', byV);
      default:
        return ofMap(this, ['H 0', h], `V 0 ↑ ${v}`, `${byH}; ${byV}`);
    }
  }

  detail() {
    const { temperature } = this;
    const p = [...wasm.heat(this.distribution, temperature)];
    const [h, v] = wasm.uncertainty(p);
    return { p, h, v, temperature, cold: this.distribution };
  }

  /** @returns {Drag | null} */
  grab() {
    if (this.#token) return null;
    return (x, y) => this.#set(this.maths.inverse(x, y));
  }

  /**
   * @param {string} key
   * @param {number} size
   */
  step(key, size) {
    if (this.#token) return false;
    const [a, b, c] = [...wasm.heat(this.distribution, this.temperature)];
    const [x, y] = this.maths.at([a, b, c]);
    const reach = size * this.maths.field()[2];
    // End goes to the corner of the most probable outcome, and from there to the next.
    const p = [a, b, c];
    const first = (p.indexOf(Math.max(...p)) + /** @type {any} */ (Math.max(...p) > 0.999)) % 3;
    return this.#set(
      /** @type {Record<string, () => number[] | Float64Array>} */ ({
        Left: () => this.maths.inverse(x - reach, y),
        Right: () => this.maths.inverse(x + reach, y),
        Up: () => this.maths.inverse(x, y - reach),
        Down: () => this.maths.inverse(x, y + reach),
        Home: () => [1, 1, 1],
        End: () => p.map((_, i) => +(i === first)),
      })[key](),
    );
  }

  /** @param {Detail} detail */
  hear({ p, cold, temperature, entry, h, v, path }) {
    this.#turns = Boolean(path);
    if (entry) this.distribution = { top: entry.top, h, v };
    else if (p?.length === 3) {
      this.p = cold ?? p;
      if (cold) this.temperature = temperature;
    }
  }

  /**
   * The others keep their proportion.
   * @param {number} index
   * @param {number} value
   */
  #share(index, value) {
    const p = [...wasm.heat(this.distribution, this.temperature)];
    const rest = 1 - p[index];
    return this.#set(
      p.map((each, i) =>
        i === index ? value : rest > 1e-9 ? (each * (1 - value)) / rest : (1 - value) / 2,
      ),
    );
  }

  /**
   * A point seen at the temperature T lies at 1/T on the path.
   * @param {number[] | Float64Array} p
   */
  #set(p) {
    // By their size: at a high temperature small shares matter; but not noise.
    this.p = [
      ...wasm.heat(
        p.map((each) => (each < 1e-6 ? 0 : each)),
        1 / this.temperature,
      ),
    ].map((each) => +each.toPrecision(5));
  }
}

/**
 * A token's three outcomes, their names, and what is left out.
 * @param {Token} token
 * @param {string} how
 */
function fold({ top }, how) {
  const [a, b, c] = [0, 1, 2].map((i) => top[i] ?? { label: '–', p: 0 });
  if (how === 'rest') {
    return {
      p: [a.p, b.p, Math.max(0, 1 - a.p - b.p)],
      labels: [visible(a.label), visible(b.label), 'the rest'],
      note: 'The corner above is all other tokens as one: it hides that they are many.',
    };
  }
  const sum = a.p + b.p + c.p || 1;
  return {
    p: [a.p / sum, b.p / sum, c.p / sum],
    labels: [a, b, c].map(({ label }) => visible(label)),
    note: `The three most probable tokens, made to add up to 1; left out: ${percent(Math.max(0, 1 - sum))}.`,
  };
}
