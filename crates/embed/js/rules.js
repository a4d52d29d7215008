// @ts-check
// The sampler's rules: what the sampler calls them, and where they hold, as attributes of a chart.
/** @import { Rule, Sampler } from './types.js' */
import { json, number, numbers, oneOf } from './attributes.js';
import { later } from './later.js';
import { wasm } from './maths.js';

/** Thresholds that are attributes. */
export const LIMITS = [
  'low-entropy',
  'low-varentropy',
  'medium-entropy',
  'high-entropy',
  'high-varentropy',
];

const load = later((_again) => import('./explain.js'));
/** @type {typeof import('./explain.js') | undefined} */
let said;

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

    /** The attribute `rules` that was read last, and its limits; null if it has none. */
    #text = '';
    #own = /** @type {number[] | null} */ (null);

    /**
     * Where the rules hold, as the maths has it: a list of numbers, empty without rules.
     * @returns {number[]}
     */
    limits() {
      const text = this.getAttribute('rules');
      if (text) {
        // Asked for in every frame: a sampler is read once.
        if (text !== this.#text) {
          const own = this.read('rules');
          this.#text = text;
          this.#own = Array.isArray(own) ? own : own && this.#of(own);
        }
        if (this.#own) return this.#own;
      }
      const set = this.read('preset');
      if (set === 'none') return [];
      const usual = wasm.usual('entropix', set);
      return LIMITS.map((name, i) => this.read(name) ?? usual[i]);
    }

    /** Whether there is something to say of rules, or to move. */
    get ruled() {
      return this.limits().length > 0;
    }

    /** @param {number} ratio */
    paint(ratio) {
      super.paint(ratio);
      // A failure is tried again by the next picture.
      if (!this.said && this.ruled) this.learn().then(() => this.redraw());
    }

    /** Loads what charts with thresholds have besides. */
    async learn() {
      try {
        said = await load();
      } catch (error) {
        console.warn(error);
      }
    }

    /** It, when it is here. */
    get said() {
      return said;
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
