// @ts-check
// The sampler's rules: what the sampler calls them, and where they hold, as attributes of a chart.
/** @import { Rule, Sampler } from './types.js' */
import { json, number, numbers, oneOf } from './attributes.js';
import { make } from './element.js';
import { wasm } from './maths.js';

const LIMITS = [
  'low-entropy',
  'low-varentropy',
  'medium-entropy',
  'high-entropy',
  'high-varentropy',
];

/** @type {Rule[]} */
let list;

/** `[{ code, name, color, words }, …]`, as the sampler has them; once the maths is there. */
export function rules() {
  list ??= JSON.parse(wasm.rules());
  return list;
}

/**
 * Six numbers, or a sampler as traces have it.
 * @param {string} text
 */
function sampler(text) {
  if (!text.trim()) return null;
  const list = numbers(text);
  if (list?.length === 6) return list;
  const config = json(text);
  return config?.kind ? config : undefined;
}

/**
 * A chart with `preset`, five thresholds, and `rules`, which goes before them.
 * @param {typeof import('./chart.js').Chart} Base
 * @param {string} preset
 */
export const ruled = (Base, preset) =>
  class extends Base {
    static options = {
      ...Base.options,
      preset: [oneOf('A', 'B', 'FROG', 'SMOLLM-135M', 'OCT31', 'none'), preset],
      ...Object.fromEntries(LIMITS.map((name) => [name, [number(0, 1e6), null]])),
      rules: [sampler, null],
    };

    /**
     * Where the rules hold, as the maths has it: a list of numbers, empty without rules.
     * @returns {number[]}
     */
    limits() {
      const own = this.read('rules');
      if (Array.isArray(own)) return own;
      if (own) return this.#of(own);
      const set = this.read('preset');
      if (set === 'none') return [];
      const usual = wasm.usual('entropix', set);
      return LIMITS.map((name, i) => this.read(name) ?? usual[i]);
    }

    /** The thresholds that are attributes, in bits or bits²; none of them has a value beside `rules`. */
    thresholds() {
      const limits = this.limits();
      return LIMITS.map((name, i) => {
        const across = name.endsWith('-entropy');
        const value = limits.length === LIMITS.length ? limits[i] : undefined;
        const label = `${name.split('-')[0]} ${across ? 'H' : 'V'}`;
        const text = value === undefined ? '' : across ? this.h(value) : this.v(value);
        return { name, label, across, value, text };
      });
    }

    /** Where each rule holds, by its name; of several the first. */
    conditions() {
      const { length, ...limits } = this.limits();
      /** @type {(h: string, v: string, ...at: number[]) => string} */
      const where = (h, v, i, j) => `H ${h} ${this.h(limits[i])}, V ${v} ${this.v(limits[j])}`;
      // Of five, the medium H is for HEHV; of two, all say "up to" and "above".
      const [low, helv, lehv, hehv, lowV, highV] =
        length === 2 ? [0, 0, 0, 0, 1, 1] : length === 5 ? [0, 3, 3, 2, 1, 4] : [0, 1, 2, 3, 4, 5];
      const under = length === 2 ? '≤' : '<';
      const all = [
        where(under, under, low, lowV),
        where('>', under, helv, lowV),
        where(under, '>', lehv, highV),
        where('>', '>', hehv, highV),
        'all else; the temperature follows H and V',
      ];
      return all.slice(0, length === 2 ? 4 : 5);
    }

    /**
     * The rules, where they hold, and their colours if it is those that are seen, in a list.
     * @param {HTMLElement} list
     * @param {boolean} [painted]
     */
    explain(list, painted = false) {
      const { length } = this.limits();
      const lines = length
        ? this.conditions().map((where, i) => {
            const { name, color } = rules()[i];
            const line = make('li', {}, make('b', { textContent: name }), ` ${where}`);
            if (painted) line.prepend(make('i', { class: 'swatch' }));
            if (painted) /** @type {HTMLElement} */ (line.firstChild).style.background = color;
            return line;
          })
        : [make('li', { textContent: 'No thresholds are set: no rule holds anywhere.' })];
      const text = lines.map((line) => line.textContent).join();
      if (text !== list.dataset.text) list.replaceChildren(...lines);
      list.dataset.text = text;
    }

    /**
     * @param {Sampler} config
     * @returns {number[]}
     */
    #of(config) {
      try {
        const usual = wasm.usual(config.kind, config.preset ?? 'B');
        const names = wasm.limiting(config.kind).split(' ');
        return [...wasm.limits(usual.map((value, i) => Number(config[names[i]] ?? value)))];
      } catch (why) {
        this.warn('rules', `${why}; no rules are shown`);
        return [];
      }
    }
  };
