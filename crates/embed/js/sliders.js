// @ts-check
// The sliders below a chart.
/** @typedef {Record<'label' | 'caption' | 'hint', HTMLElement> & { input: HTMLInputElement, output: HTMLOutputElement, move: (value: number) => unknown }} Slider */
import { make } from './make.js';

export class Sliders {
  #chart;
  #all = /** @type {Map<string, Slider>} */ (new Map());

  /** @param {import('./chart.js').Chart} chart */
  constructor(chart) {
    this.#chart = chart;
  }

  /**
   * Shows a slider, made at the first call; `text` stands beside it.
   * @param {string} name
   * @param {string} label
   * @param {number} value
   * @param {string} text
   * @param {(value: number) => unknown} move
   * @param {number[]} [range] low, high, step
   * @param {string} [hint] when it does nothing
   */
  show(name, label, value, text, move, range, hint = '') {
    const slider = this.#all.get(name) ?? this.#make(name, range);
    slider.move = move;
    slider.label.hidden = false;
    // Writing the same again would be a layout.
    if (slider.caption.textContent !== label) slider.caption.textContent = label;
    if (slider.output.value !== text) {
      slider.output.value = text;
      slider.input.setAttribute('aria-valuetext', text);
    }
    slider.hint.textContent = hint;
    // What a person is moving must not be pulled back by rounding.
    if (this.#chart.shadowRoot.activeElement !== slider.input)
      slider.input.value = /** @type {any} */ (value);
  }

  /** @param {string} name */
  hide(name) {
    const slider = this.#all.get(name);
    if (slider) slider.label.hidden = true;
  }

  /** @param {boolean} locked */
  lock(locked) {
    for (const { input } of this.#all.values()) input.disabled = locked;
  }

  /**
   * @param {string} name
   * @param {number[]} [range]
   */
  #make(name, [low, high, step] = [0, 1, 0.001]) {
    const slider = /** @type {Slider} */ ({
      caption: make('span'),
      output: make('output'),
      hint: make('small'),
    });
    const moved = (/** @type {string} */ type) => () =>
      this.#chart.move(type, slider.move(Number(slider.input.value)));
    slider.input = make('input', {
      type: 'range',
      min: low,
      max: high,
      step,
      input: moved('input'),
      change: moved('change'),
    });
    slider.label = make(
      'label',
      { class: 'slider' },
      slider.caption,
      slider.input,
      slider.output,
      slider.hint,
    );
    this.#chart.panel.append(slider.label);
    this.#all.set(name, slider);
    return slider;
  }
}
