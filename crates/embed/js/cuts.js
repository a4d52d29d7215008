// @ts-check
// The lines of the thresholds on a plane: hand and keyboard move them.
/** @import { Drag } from './types.js' */

import { held } from './hand.js';
import { make, setAttributes } from './make.js';
import { wasm } from './maths.js';
import { LIMITS } from './rules.js';

const look = new CSSStyleSheet();
look.replaceSync(`
.cut { display: block; outline: none; touch-action: none; cursor: ns-resize; fill: none; }
.cut:where(.across) { cursor: ew-resize; touch-action: pan-y; }
.reach { display: block; touch-action: inherit; stroke: transparent; stroke-width: 18px; stroke-linecap: square; pointer-events: stroke; }
@media (any-pointer: coarse) { .reach { stroke-width: 44px; } }
.cut:focus-visible .held { stroke: var(--accent); stroke-width: 3; }
`);

/**
 * What a sampler calls the threshold that has this attribute.
 * @param {string} kind
 * @param {string} name
 */
const called = (kind, name) =>
  kind === 'promised'
    ? name.replace(/^high-(\w+)/, '$1_cut')
    : `${name.replace('-', '_logits_')}_threshold`;

/**
 * The thresholds, by their attributes, in bits or bits²: what they are, and how they are set. Beside `rules` they are
 * numbers of the sampler in there. One that there isn't has no value.
 * @param {import('./plane.js').Plane} plane
 */
export function thresholds(plane) {
  const limits = plane.limits();
  const rules = plane.read('rules');
  const config = Array.isArray(rules) ? null : rules;
  const { kind } = config ?? {};
  const names = config && limits.length ? wasm.limiting(kind).split(' ') : [];
  const usual = names.length ? [...wasm.usual(kind, config.preset ?? 'B')] : [];
  // Of six limits the medium H is among those of a rule, of five itself.
  const [branch, resample] = limits.length === LIMITS.length ? [3, 2] : [2, 3];
  return LIMITS.map((name, i) => {
    const across = name.endsWith('-entropy');
    const own = config ? called(kind, name) : name;
    const at = names.indexOf(own);
    const alone = config ? undefined : limits.length === LIMITS.length ? limits[i] : undefined;
    const value = at < 0 ? alone : Number(config[own] ?? usual[at]);
    const which = kind === 'promised' ? 'cut of' : name.split('-')[0];
    return {
      name,
      label: `${which} ${across ? 'H' : 'V'}`,
      across,
      value,
      text: value === undefined ? '' : across ? plane.h(value) : plane.v(value),
      /** @param {number} to */
      set: (to) =>
        config ? plane.write('rules', { ...config, [own]: to }) : plane.write(name, to),
      idle:
        name === 'medium-entropy' &&
        value === limits[resample] &&
        limits[resample] <= limits[branch],
    };
  });
}

export class Cuts {
  group = make('svg:g');
  #plane;
  /** @type {Map<string, SVGGElement>} */
  #cuts = new Map();

  /** @param {import('./plane.js').Plane} plane */
  constructor(plane) {
    this.#plane = plane;
    plane.wear(look);
    plane.under.prepend(this.group);
  }

  /** Whether a threshold has a line in the picture. */
  has(/** @type {string} */ name) {
    return this.#cuts.get(name)?.dataset.at !== '';
  }

  /** Lays something that can be grabbed over the lines of the picture. */
  place() {
    const { base, locked, controls, maths } = this.#plane;
    const lines = new Set(
      Array.from(base.querySelectorAll('line.rule:not(.back)'), (line) =>
        ['x1', 'y1', 'x2', 'y2'].map((name) => Number(line.getAttribute(name))),
      ),
    );
    this.group.style.display = locked ? 'none' : '';
    const [, end] = maths.field();
    // Where two share a line, the higher threshold has it.
    for (const threshold of thresholds(this.#plane).reverse()) {
      const { name, label, across, value, text } = threshold;
      const cut = this.#cut(name, across);
      const at = value === undefined ? null : maths.at(across ? [value, 0] : [0, value]);
      const own = [...lines].filter(([x1, y1, x2, y2]) =>
        across
          ? x1 === x2 && at && Math.abs(x1 - at[0]) < 0.6
          : y1 === y2 && at && Math.abs(y1 - at[1]) < 0.6,
      );
      for (const line of own) lines.delete(line);
      const d = own.map(([x1, y1, x2, y2]) => `M${x1} ${y1}L${x2} ${y2}`).join('');
      for (const path of cut.children) path.setAttribute('d', d);
      cut.dataset.at = d;
      // Beside sliders, which say the same, a line is for hands alone.
      const alone = controls === 'none' && d ? true : null;
      setAttributes(cut, {
        role: alone && 'slider',
        tabindex: alone && 0,
        'aria-hidden': alone ? null : true,
        'aria-label': alone && label,
        'aria-orientation': alone && (across ? 'horizontal' : 'vertical'),
        'aria-valuenow': alone && value,
        'aria-valuemin': alone && 0,
        'aria-valuemax': alone && maths.inverse(1e9, end)[across ? 0 : 1],
        'aria-valuetext': alone && text,
      });
    }
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {Element} target
   * @returns {Drag | null}
   */
  grab(x, y, target) {
    const name = /** @type {SVGGElement} */ (target.closest('.cut'))?.dataset.name;
    return name ? held([x, y], this.#middle(name), (px, py) => this.#move(name, px, py)) : null;
  }

  /**
   * @param {Element} cut
   * @param {string} key
   * @param {number} size share of the axis
   */
  step(cut, key, size) {
    const { name } = /** @type {SVGGElement} */ (cut).dataset;
    const [left, above, width, height] = this.#plane.maths.field();
    const [x, y] = this.#middle(name);
    const [dx, dy] = [size * width, size * height];
    const [px, py] = /** @type {Record<string, number[]>} */ ({
      Left: [x - dx, y + dy],
      Down: [x - dx, y + dy],
      Right: [x + dx, y - dy],
      Up: [x + dx, y - dy],
      Home: [left, above + height],
      End: [left + width, above],
    })[key];
    this.#move(name, px, py);
  }

  /** @param {string} name */
  #middle(name) {
    const { across, value } = this.#find(name);
    return this.#plane.maths.at(across ? [value, 0] : [0, value]);
  }

  /**
   * @param {string} name
   * @param {number} x
   * @param {number} y
   */
  #move(name, x, y) {
    const [left, above, width, height] = this.#plane.maths.field();
    const [h, v] = this.#plane.maths.inverse(
      Math.min(Math.max(x, left), left + width),
      Math.min(Math.max(y, above), above + height),
    );
    const { across, set } = this.#find(name);
    set(Math.max(0, Number((across ? h : v).toPrecision(3))));
  }

  /** @param {string} name */
  #find(name) {
    return thresholds(this.#plane).find((each) => each.name === name);
  }

  /**
   * @param {string} name
   * @param {boolean} across
   */
  #cut(name, across) {
    let cut = this.#cuts.get(name);
    if (!cut) {
      cut = make(
        'svg:g',
        { class: across ? 'cut grip across' : 'cut grip', 'data-name': name },
        make('svg:path', { class: 'reach' }),
        make('svg:path', { class: 'held' }),
      );
      this.#cuts.set(name, cut);
      // V above H: where both are in reach, a finger moves and the page does not.
      if (across) this.group.prepend(cut);
      else this.group.append(cut);
    }
    return cut;
  }
}
