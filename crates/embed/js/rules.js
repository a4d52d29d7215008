// The sampler's thresholds as attributes.
import { number, oneOf } from './element.js';
import { wasm } from './maths.js';

export const RULES = ['argmax', 'insert', 'branch', 'resample', 'adaptive'];
export const LIMITS = [
  'low-entropy',
  'low-varentropy',
  'medium-entropy',
  'high-entropy',
  'high-varentropy',
];

/** A chart with `preset` and five thresholds. */
export const ruled = (Base, preset) =>
  class extends Base {
    static options = {
      ...Base.options,
      preset: [oneOf('A', 'B', 'FROG', 'SMOLLM-135M', 'OCT31', 'none'), preset],
      ...Object.fromEntries(LIMITS.map((name) => [name, [number(0, 1e6), null]])),
    };

    /** The five thresholds, bits and bits²; empty without a preset. */
    limits() {
      const set = this.read('preset');
      if (set === 'none') return [];
      return [...wasm.thresholds(set)].map((value, i) => this.read(LIMITS[i]) ?? value);
    }
  };
