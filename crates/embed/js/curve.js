// @ts-check
// <varentropy-curve>: two outcomes, H and V over p.
import { number, texts } from './attributes.js';
import { Chart } from './chart.js';
import { ofMap } from './key.js';
import { make } from './make.js';
import { wasm } from './maths.js';
import { percent, spread } from './words.js';

export class Curve extends Chart {
  static chart = 'curve';
  static options = {
    ...Chart.options,
    p: [number(0, 1), 0.5],
    labels: [texts, ['A', 'B']],
  };

  place() {
    const p = this.read('p');
    const [a, b = ''] = this.labels;
    const [h, v] = wasm.uncertainty([p, 1 - p]);
    const peak = wasm.maximum(2);
    const [x, yv, yh] = this.maths.at([p]);
    const [, below] = this.maths.field();
    this.top.replaceChildren(
      make('svg:path', { class: 'guide', d: `M${x} ${below - 4}V${Math.min(yh, yv)}` }),
      make('svg:circle', { class: 'spot', cx: x, cy: yh, r: 4 }),
    );
    this.label([a, b], [x, yv, x, yh]);
    const spoken = `${a} ${percent(p)}, ${b} ${percent(1 - p)}: H ${this.h(h)}, V ${this.v(v)}`;
    this.svg.setAttribute(
      'aria-label',
      `Entropy and varentropy of two outcomes, from ${b} certain to ${a} certain`,
    );
    this.handle([x, yv], `Probability of ${a}`, 100 * p, spoken);
    this.say(h, v, [a, percent(p)], [b, percent(1 - p)]);
    this.note.textContent = spread([p, 1 - p], [a, b], [h, v], peak, this);
    this.slider('p', a, p, percent(p), (/** @type {number} */ value) => {
      this.p = value;
    });
  }

  keyed() {
    const [, , v] = wasm.maximum(2);
    return ofMap(
      this,
      ['H 0', this.h(1)],
      `V 0 ↑ ${this.v(v)}`,
      `from light at H 0 to dark at ${this.h(1)}; from blue at V 0 to orange at ${this.v(v)}`,
    );
  }

  detail() {
    const p = this.read('p');
    const [h, v] = wasm.uncertainty([p, 1 - p]);
    return { p: [p, 1 - p], h, v, temperature: 1 };
  }

  /** @returns {import('./types.js').Drag} */
  grab() {
    return (x, y) => {
      this.p = Number(this.maths.inverse(x, y)[0].toFixed(5));
    };
  }

  /**
   * @param {string} key
   * @param {number} size
   */
  step(key, size) {
    const p = this.read('p');
    const to = { Left: p - size, Down: p - size, Right: p + size, Up: p + size, Home: 0, End: 1 }[
      key
    ];
    this.p = Number(Math.min(1, Math.max(0, to)).toFixed(5));
  }

  /** @param {import('./types.js').Detail} detail */
  hear({ p }) {
    if (p?.length === 2) this.p = p[0];
  }
}
