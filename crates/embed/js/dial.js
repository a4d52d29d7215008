// @ts-check
// The dial: what temperature, top-k, top-p and min-p would make of one word's distribution.
/** @import { Entry, Turned } from './types.js' */
import { make } from './make.js';
import { thousands } from './marks.js';
import { put } from './put.js';
import { percent } from './words.js';

/** Tokens that a trace keeps one by one; further along, top-k keeps all. */
const NAMED = 64;

const look = new CSSStyleSheet();
look.replaceSync(`
.dial { display: grid; grid-template-columns: 1fr 1fr; gap: 0 1em; align-content: space-around; margin: 0; padding: 0; border: 0; min-width: 0; }
.dial label { display: grid; grid-template-columns: 3.4em minmax(0, 1fr) 2.4em; align-items: center; gap: .4em; min-height: 2em; font-size: max(12px, .87em); }
.dial input { width: 100%; min-width: 0; margin: 0; accent-color: var(--accent); }
.dial output { margin: 0; font-size: inherit; font-variant-numeric: tabular-nums; text-align: end; }
@media (pointer: coarse) { .dial label { min-height: 44px; } .dial input { height: 44px; } }
.turned .bar { position: relative; }
.turned .bar span { transition: width .15s ease; }
.turned .bar::after { content: ""; position: absolute; inset-block: 0; left: 0; width: var(--was); border-inline-end: 2px solid var(--ink); }
.turned .fallen .word { text-decoration: line-through; color: var(--soft); }
.turned .fallen .p { color: var(--soft); }
@media (prefers-reduced-motion: reduce) { .turned .bar span { transition: none; } }
`);

/** Name, low, high, step, where the recorded distribution is, and the value in words. */
const SLIDERS =
  /** @type {[string, number, number, number, number, (value: number) => string][]} */ ([
    ['T', 0.1, 3, 0.05, 1, (value) => value.toFixed(2)],
    ['top-k', 1, NAMED + 1, 1, NAMED + 1, (value) => (value > NAMED ? 'all' : `${value}`)],
    ['top-p', 0, 1, 0.01, 1, (value) => value.toFixed(2)],
    ['min-p', 0, 0.5, 0.01, 0, (value) => value.toFixed(2)],
  ]);
const NAMES = /** @type {Record<string, string>} */ ({ T: 'temperature' });

export class Dial {
  /** @param {() => unknown} turn it was turned */
  constructor(turn) {
    this.sheet = look;
    this.sliders = SLIDERS.map(([name, min, max, step, value, words]) => {
      const output = make('output');
      const input = make('input', {
        type: 'range',
        min,
        max,
        step,
        'aria-label': NAMES[name] ?? name,
      });
      const show = () => {
        output.value = words(Number(input.value));
        input.setAttribute('aria-valuetext', output.value);
      };
      input.addEventListener('input', (event) => {
        event.stopPropagation();
        show();
        turn();
      });
      input.addEventListener('change', (event) => event.stopPropagation());
      input.value = `${value}`;
      show();
      return { input, label: make('label', {}, put('span', name), input, output) };
    });
    this.figure = make(
      'fieldset',
      {
        class: 'dial sentence',
        'data-testid': 'dial',
        'aria-label': 'Try other numbers on this word',
      },
      ...this.sliders.map(({ label }) => label),
    );
  }

  /** Temperature, top-k (0: all), top-p, min-p. */
  get numbers() {
    const [temperature, k, ...shares] = this.sliders.map(({ input }) => Number(input.value));
    return [temperature, k > NAMED ? 0 : k, ...shares];
  }
}

/** By their numbers. */
const STAGES = ['', 'min-p', 'top-k', 'top-p'];

/**
 * H, V, how many tokens are left, whether that is rough; then for each token id, probability and stage.
 * @param {ArrayLike<number>} list
 * @returns {Turned}
 */
export function read(list) {
  const [h, v, left, about, ...rest] = Array.from(list);
  const words = [];
  for (let i = 0; i < rest.length; i += 3)
    words.push({ id: rest[i], p: rest[i + 1], stage: STAGES[rest[i + 2]] ?? '' });
  return { h, v, left, about: about > 0, words };
}

/**
 * Lets rows of alternatives say what is left of them; where they were, a line says.
 * @param {HTMLElement} rows
 * @param {Entry} entry
 * @param {Turned} turned
 */
export function turn(rows, entry, turned) {
  const { words } = turned;
  const most = Math.max(entry.top[0].p, ...words.map(({ p }) => p));
  for (const line of /** @type {Iterable<HTMLElement>} */ (rows.querySelectorAll('[data-token]'))) {
    const id = Number(line.dataset.token);
    const word = words.find((each) => each.id === id);
    if (!word) continue;
    const was = entry.top.find((each) => each.id === id)?.p ?? entry.p;
    const bar = /** @type {HTMLElement} */ (line.querySelector('.bar'));
    bar.style.setProperty('--was', `${(100 * was) / most}%`);
    /** @type {HTMLElement} */ (bar.firstChild).style.setProperty(
      'width',
      `${(100 * word.p) / most}%`,
    );
    line.classList.toggle('fallen', Boolean(word.stage));
    line.querySelector('.p').firstChild.textContent = word.stage
      ? `✕ ${word.stage}`
      : percent(word.p);
  }
}

/**
 * How many words are left, and among how many it is as if one chose.
 * @param {Turned} turned
 * @param {number} vocabulary
 */
export function left({ left, about, h }, vocabulary) {
  const count = Math.round(left);
  const words =
    count < vocabulary
      ? `${about ? 'about ' : ''}${thousands(count)} ${count === 1 ? 'word' : 'words'} left`
      : `all ${thousands(vocabulary)} words`;
  const choices = 2 ** h;
  return `${words} · 2^H: ${choices < 100 ? choices.toFixed(1) : thousands(Math.round(choices))} choices`;
}
