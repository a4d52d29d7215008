// @ts-check
// What the model saw and what the sampler did, for one token of a strip; while none is shown, the whole answer.
/** @import { Detail, Entry } from './types.js' */
import { flag, number, text } from './attributes.js';
import { Element } from './element.js';
import { more } from './explanation.js';
import { later } from './later.js';
import { COLOURS, legend } from './legend.js';
import { make } from './make.js';
import { MARKS, quantity, thousands } from './marks.js';
import { put } from './put.js';
import { choice, field } from './steer.js';
import { Summary } from './summary.js';
import { Timeline } from './timeline.js';
import { sheet, tint } from './tokens.style.js';
import { percent, visible } from './words.js';

const dial = later((_again) => import('./dial.js'));

/** Rows of alternatives. */
const ROWS = 8;

/**
 * @param {string} name
 * @param {string} value
 * @param {string} [unit]
 */
const fact = (name, value, unit = '') =>
  put('div', put('dt', name), put('dd', value, put('i', unit)));

/**
 * A row with a bar.
 * @param {string} kind
 * @param {Node} word
 * @param {number} share of the bar's length
 * @param {(Node | string)[]} value
 */
function row(kind, word, share, ...value) {
  const length = put('span');
  length.style.setProperty('width', `${100 * share}%`);
  return put(`li${kind}`, word, put('span.bar', length), put('span.p', ...value));
}

export class Inspector extends Element {
  static framed = false;
  static options = {
    ...Element.options,
    vocabulary: [number(2, Infinity), 49152],
    parts: [text, 'key timeline token more'],
    steerable: [flag, false],
    turnable: [flag, false],
  };

  /** @type {import('./tokens.js').Tokens | null} */
  #source = null;
  #detail = /** @type {Detail} */ ({});
  /** What is in the places: a token, or null for the answer. */
  #seen = /** @type {Entry | null | undefined} */ (undefined);
  #measured = 0;
  #summary = new Summary();
  #timeline = new Timeline((index) => this.#source?.choose(index));
  #key = /** @type {HTMLElement | undefined} */ (undefined);
  #name = put('span.label');
  #of = put('span.quiet.of');
  #steps = ['Previous word', 'Next word'].map((label, way) =>
    make('button', {
      type: 'button',
      'aria-label': label,
      textContent: '‹›'[way],
      click: () => this.#source?.choose((this.#detail.index ?? -1) + (way ? 1 : -1)),
    }),
  );
  #knob = make('button', {
    type: 'button',
    class: 'knob',
    textContent: 'Dial',
    title: 'Try temperature, top-k, top-p and min-p on this word',
    'aria-pressed': 'false',
    click: () => this.#open(),
  });
  #which = put('div.which', this.#name, this.#of, put('span.steps', this.#knob, ...this.#steps));
  #numbers = make('dl');
  #sentence = make('p', { class: 'sentence', 'data-testid': 'sentence' });
  #rows = make('ol', { 'data-testid': 'alternatives' });
  #rest = put('p.quiet.rest');
  #own = field((instead) => this.#steer(instead));
  /** Its sliders and what they do to the rows, once they are here; they have the sentence's place while it is open. */
  #dial = /** @type {import('./dial.js').Dial | undefined} */ (undefined);
  #turning = /** @type {typeof import('./dial.js') | undefined} */ (undefined);
  #isOpen = false;
  #path = /** @type {number[]} */ ([]);
  #more = put('div.more');
  #section = make('section', {
    role: 'group',
    'data-testid': 'inspector',
    'aria-label': 'What the model saw',
  });

  /**
   * A strip shows another token, or has more of them.
   * @param {Detail} detail
   * @param {any} source
   */
  hear(detail, source) {
    if (!source.entries) return;
    // Of several that grow at once the one that was heard first stays, until a person looks elsewhere.
    const grow = source.busy && this.#source?.busy && this.#source.isConnected;
    if (grow && !detail.entry && source !== this.#source) return;
    const same = source === this.#source;
    const grows = same && source.busy && !detail.entry && !this.#detail.entry;
    if (detail.entry || !same || this.#source.busy || !source.entries.length) this.#detail = detail;
    this.#source = source;
    if (grows) this.redrawLater();
    else this.redraw();
  }

  build() {
    this.wear(sheet);
    this.#key = legend((name) => {
      this.#source?.light(name);
      this.share(name, 'light');
    });
    this.shadowRoot.append(this.#section);
    this.#arrange();
  }

  /** @param {string} name */
  changed(name) {
    this.#seen = undefined;
    // What has the focus keeps it, unless its place changes.
    if (name === 'parts' && this.started) this.#arrange();
  }

  /** Which parts there are. */
  #arrange() {
    /** @type {Record<string, HTMLElement[]>} */
    const all = {
      key: [this.#key],
      // Above what changes with each token: a finger on it would lose it.
      timeline: [this.#timeline.figure],
      token: [
        this.#which,
        this.#numbers,
        this.#sentence,
        ...(this.#dial ? [this.#dial.figure] : []),
        this.#rows,
        this.#rest,
      ],
      more: [this.#more],
    };
    this.#section.replaceChildren(...this.parts.split(/\s+/).flatMap((part) => all[part] ?? []));
  }

  remeasure() {
    this.#measured += 1;
    super.remeasure();
  }

  draw() {
    const entries = this.#source?.isConnected ? this.#source.entries : [];
    const { index, entry } = this.#detail;
    const known = entry && entries[index] === entry ? entry : null;
    const busy = Boolean(this.#source?.busy);
    if (this.#timeline.figure.isConnected)
      this.#timeline.draw(entries, known && index, {
        busy,
        dark: this.dark,
        measured: this.#measured,
      });
    const at = known ? `token ${index + 1} of ${thousands(entries.length)}` : '';
    if (this.#of.textContent !== at) this.#of.textContent = at;
    const [back, on] = this.#steps;
    back.disabled = !(known && index > 0);
    on.disabled = !entries.length || (known && index === entries.length - 1);
    this.#rows.classList.toggle('steered', Boolean(known && this.steerable));
    if (known && known === this.#seen) return;
    this.#seen = known;
    if (known) this.#token(known);
    else this.#answer(entries);
  }

  /**
   * Tells the host what the answer would say.
   * @type {import('./steer.js').Steer}
   */
  #steer(instead) {
    const { index, entry } = this.#detail;
    const detail = { index, entry, ...instead };
    this.dispatchEvent(new CustomEvent('steer', { detail, bubbles: true, composed: true }));
  }

  /** Puts the dial into the sentence's place, or takes it away: what was recorded is shown again. */
  async #open() {
    this.#isOpen = !this.#isOpen;
    this.#knob.setAttribute('aria-pressed', this.#isOpen);
    try {
      this.#turning ??= await dial();
    } catch (error) {
      this.#isOpen = false;
      this.#knob.setAttribute('aria-pressed', false);
      this.#rest.textContent = 'The dial could not be loaded. Press "Dial" again.';
      return console.warn(error);
    }
    if (!this.#dial) {
      this.#dial = new this.#turning.Dial(() => this.#turn());
      this.wear(this.#dial.sheet);
      this.#sentence.after(this.#dial.figure);
    }
    this.#seen = undefined;
    this.redraw();
    if (!this.#isOpen && this.#detail.entry) this.share(this.#detail);
  }

  /** Asks the host what the dial's numbers make of the word's distribution. */
  #turn() {
    const { index } = this.#detail;
    const detail = { index, numbers: this.#dial.numbers };
    this.dispatchEvent(new CustomEvent('turn', { detail, bubbles: true, composed: true }));
  }

  /**
   * Where temperature alone would lead it: H and V of each point. The host says so before it says what is turned.
   * @param {ArrayLike<number>} list
   */
  set path(list) {
    this.#path = Array.from(list ?? []);
  }

  /**
   * What the host says to it, as a list of numbers; the group follows.
   * @param {ArrayLike<number>} list
   */
  set turned(list) {
    const { index, entry } = this.#detail;
    if (!this.#isOpen || !this.#turning || !entry || !list) return;
    const turned = this.#turning.read(list);
    const { h, v, words } = turned;
    this.#turning.turn(this.#rows, entry, turned);
    const own = words.find(({ id }) => id === entry.decision.token);
    this.#facts(h, v, own.p, entry.rank);
    this.#rest.textContent = this.#turning.left(turned, this.vocabulary);
    const p = (/** @type {number} */ id) => words.find((each) => each.id === id)?.p ?? 0;
    const top = entry.top.map((each) => ({ ...each, p: p(each.id) }));
    this.share({ index, entry: { ...entry, top }, h, v, path: this.#path });
  }

  /** Whether there is a dial for a word, and whether it is seen. */
  #offer(/** @type {Entry | null} */ entry) {
    const can = Boolean(entry?.sketch && entry.top.length);
    const open = can && this.#isOpen && Boolean(this.#dial);
    this.#knob.hidden = !this.turnable;
    this.#knob.disabled = !can;
    this.#sentence.hidden = open;
    if (this.#dial) this.#dial.figure.hidden = !open;
    this.#rows.classList.toggle('turned', open);
    return open;
  }

  /**
   * @param {number} h
   * @param {number} v
   * @param {number} p
   * @param {number} rank
   */
  #facts(h, v, p, rank) {
    this.#numbers.replaceChildren(
      fact('H', quantity(h), ' bits'),
      fact('V', quantity(v), ' bits²'),
      fact('p', percent(p)),
      fact('rank', thousands(rank + 1)),
    );
  }

  /** @param {Entry[]} entries */
  #answer(entries) {
    this.#offer(null);
    const { h, v, by } = this.#summary.of(entries);
    this.#name.textContent = this.#source?.busy ? 'The answer so far' : 'The whole answer';
    for (const name of ['--l', '--d']) this.#name.style.removeProperty(name);
    this.#numbers.replaceChildren(
      fact('mean H', entries.length ? quantity(h) : '–', ' bits'),
      fact('mean V', entries.length ? quantity(v) : '–', ' bits²'),
      fact('tokens', thousands(entries.length)),
    );
    this.#sentence.textContent =
      'Choose a word of the answer: here you see what else the model could have said, how uncertain it was, and what the sampler did.';
    this.#rows.setAttribute('aria-label', 'Tokens by colour and by what happened');
    const all = Math.max(entries.length, 1);
    this.#rows.replaceChildren(
      ...Object.entries({ ...COLOURS, ...MARKS }).map(([name, what]) => {
        const colour = /** @type {any} */ (what);
        const word = put(colour.words ? 'span.word' : 'span.word', colour.words ? name : colour);
        if (!colour.words) word.prepend(make('span', { class: 'mark', 'data-mark': name }));
        const line = row('', word, by[name] / all, thousands(by[name]));
        if (colour.words) {
          const bar = /** @type {HTMLElement} */ (line.querySelector('.bar'));
          bar.classList.add('worn');
          tint(bar, { entropy_bits: colour.h, varentropy_bits2: colour.v });
        }
        return line;
      }),
    );
    this.#rest.textContent = '';
    this.#more.replaceChildren();
  }

  /** @param {Entry} entry */
  #token(entry) {
    const { label, rank, decision } = entry;
    const { token, uncertainty } = decision;
    this.#name.textContent = visible(label);
    tint(this.#name, uncertainty);
    this.#facts(uncertainty.entropy_bits, uncertainty.varentropy_bits2, entry.p, rank);
    const mark =
      decision.action in MARKS && make('span', { class: 'mark', 'data-mark': decision.action });
    this.#sentence.replaceChildren(...(mark ? [mark] : []), decision.sentence);
    // What was chosen has a row, whatever its rank.
    const room = this.steerable ? ROWS - 1 : ROWS;
    const best = entry.top.slice(0, room);
    const among = best.some(({ id }) => id === token);
    const top = among ? best : best.slice(0, room - 1);
    const most = top[0]?.p;
    /** @type {(each: { id?: number, label: string, p: number }, chosen: boolean, extra?: string) => HTMLElement} */
    const line = (each, chosen, extra = '') => {
      const line = row(
        chosen ? '.chosen' : '',
        put('span.word', visible(each.label)),
        each.p / most,
        percent(each.p),
        put('span.unseen', chosen ? `, chosen${extra}` : ''),
      );
      line.dataset.token = `${each.id ?? token}`;
      if (!chosen && this.steerable)
        line.replaceChildren(
          choice((instead) => this.#steer(instead), each.id, [...line.children]),
        );
      return line;
    };
    const rows = top.map((each) => line(each, each.id === token));
    if (!among) rows.push(line(entry, true, `, rank ${rank + 1}`));
    if (this.steerable) rows.push(put('li', this.#own));
    this.#rows.setAttribute('aria-label', 'Most probable tokens');
    this.#rows.replaceChildren(...rows);
    const shown = among ? top : [...top, entry];
    const others = Math.max(this.vocabulary - shown.length, 0);
    const rest = shown.reduce((left, { p }) => left - p, 1);
    const options = 2 ** uncertainty.entropy_bits;
    this.#rest.textContent = `${thousands(others)} others: ${percent(rest)} · 2^H: ${options < 100 ? options.toFixed(1) : thousands(Math.round(options))} choices`;
    if (this.#more.isConnected) this.#more.replaceChildren(...more(entry));
    if (this.#offer(entry)) this.#turn();
  }
}
