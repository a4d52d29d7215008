// @ts-check
// What came of an evaluation, as it was published (crates/eval): what is compared, what it costs, what the model knew, what
// samplers did. embed.js loads this file when a page has the element.
/** @import { Evaluation, EvaluationRun } from './types.js' */
import { flag, oneOf, text } from './attributes.js';
import { Element } from './element.js';
import { make } from './make.js';
import { sheet } from './results.style.js';
import { views } from './results.views.js';

/** Those of this site. */
const OURS = new URL('../../results/summary.json', import.meta.url).href;
/** The version of the format. */
const VERSION = 1;

/** Files that were asked for: several elements of a page show the same. */
const asked = /** @type {Map<string, Promise<Evaluation>>} */ (new Map());

/**
 * Why results can't be shown; "" if they can.
 * @param {Evaluation | null} results
 */
function fault(results) {
  if (results?.version !== VERSION) return `they have version ${results?.version}, not ${VERSION}`;
  if (!results.runs?.length || results.runs.some(({ summary }) => !summary))
    return 'they have no summary, as what `entropix results --shown` writes does';
  return '';
}

/** @param {string} address */
async function read(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`they are not there (status ${answer.status})`);
  const results = await answer.json();
  const wrong = fault(results);
  if (wrong) throw new Error(wrong);
  return results;
}

/** @param {string} address */
function load(address) {
  if (!asked.has(address)) {
    const reading = read(address);
    asked.set(address, reading);
    // The next element that wants it asks again.
    reading.catch(() => asked.delete(address));
  }
  return asked.get(address);
}

export class Results extends Element {
  static options = {
    ...Element.options,
    src: [text, ''],
    tier: [text, ''],
    view: [oneOf(...Object.keys(views)), 'effect'],
    family: [text, ''],
    locked: [flag, false],
  };

  /** @type {Evaluation | null} */
  #results = null;
  #trouble = '';
  /** Files that were asked for: only the last one counts, and none after results were set. */
  #loads = 0;
  /** What is drawn. */
  #drawn = /** @type {unknown[]} */ ([]);
  #choice = make('select', {
    // Not the element's own: it has no detail.
    input: (event) => event.stopPropagation(),
    change: () => {
      this.family = this.#choice.value;
      this.tell('change', { family: this.family });
    },
  });
  #row = make('label', { class: 'choice' }, 'Tasks ', this.#choice);
  #box = make('div', { class: 'results' });

  get results() {
    return this.#results;
  }
  /** What pages show of results. */
  set results(results) {
    const wrong = results && fault(results);
    this.#take(wrong ? null : results, wrong || '');
    if (wrong) this.warn('results', wrong);
  }

  /**
   * @param {Evaluation | null} results
   * @param {string} trouble
   */
  #take(results, trouble) {
    this.#loads += 1;
    this.#results = results;
    this.#trouble = trouble;
    this.redraw();
  }

  build() {
    this.wear(sheet);
    this.figure = make('div', { class: 'figures' }, this.#row, this.#box);
    this.shadowRoot.append(this.figure);
    if (!this.#results) this.#load();
  }

  /** @param {string} name */
  changed(name) {
    if (name === 'src' && this.started) this.#load();
  }

  /** What was there until now stays if there is nothing better. */
  settle() {
    const bare = !this.childElementCount && !this.textContent.trim();
    if (this.#results || (this.#trouble && bare)) super.settle();
  }

  /**
   * Another element of the group shows another family.
   * @param {{ family?: string }} detail
   */
  hear({ family }) {
    if (family !== undefined) this.family = family;
  }

  draw() {
    const run = this.#run();
    this.#row.hidden = !run || this.locked;
    if (!run) {
      this.#drawn = [];
      const said = this.#trouble ? `The results can’t be shown: ${this.#trouble}.` : '';
      this.#box.replaceChildren(make('p', { class: 'quiet', textContent: said }));
      return;
    }
    const { families } = run.summary;
    const at = families.indexOf(this.family);
    if (this.family && at < 0)
      this.warn('family', `"${this.family}" is none of ${families.join(', ')}; all are shown`);
    const em = Number.parseFloat(getComputedStyle(this.#box).fontSize);
    const wanted = [run, at, this.view, this.breadth, em];
    // Drawn anew, it would lose focus and place.
    if (wanted.every((each, i) => each === this.#drawn[i])) return;
    this.#drawn = wanted;
    this.#offer(families, at);
    const view = views[/** @type {keyof typeof views} */ (this.view)];
    this.#box.replaceChildren(...view(run, at, { width: this.breadth, em }));
  }

  /**
   * What can be chosen.
   * @param {string[]} families
   * @param {number} at −1: all
   */
  #offer(families, at) {
    const options = [['', `all ${families.length}`], ...families.map((name) => [name, name])];
    const there = [...this.#choice.options].map(({ value }) => value);
    if (options.map(([value]) => value).join('\n') !== there.join('\n'))
      this.#choice.replaceChildren(
        ...options.map(([value, textContent]) => make('option', { value, textContent })),
      );
    this.#choice.selectedIndex = at + 1;
  }

  /** @returns {EvaluationRun | undefined} */
  #run() {
    const runs = this.#results?.runs ?? [];
    const run = runs.find(({ tier }) => tier === this.tier) ?? runs[0];
    if (run && this.tier && run.tier !== this.tier)
      this.warn(
        'tier',
        `there is no run "${this.tier}", only ${runs.map((own) => own.tier).join(', ')}`,
      );
    return run;
  }

  async #load() {
    this.#loads += 1;
    const own = this.#loads;
    try {
      const results = await load(new URL(this.src || OURS, document.baseURI).href);
      if (own === this.#loads) this.#take(results, '');
    } catch (error) {
      if (own !== this.#loads) return;
      const { message } = /** @type {Error} */ (error);
      this.warn('src', message);
      this.#take(null, message);
    }
  }
}

export const elements = { 'entropix-results': Results };
Results.define('entropix-results');
