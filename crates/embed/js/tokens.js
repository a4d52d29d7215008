// @ts-check
// An answer as text whose tokens can be pointed at and chosen.
/** @import { Detail, Entry, Recording } from './types.js' */
/** @typedef {HTMLElement & { index: number }} Token */
import { flag, number, oneOf, text } from './attributes.js';
import { Element } from './element.js';
import { empty, ofText, show } from './key.js';
import { family } from './legend.js';
import { led, meant } from './lines.js';
import { make, setAttributes } from './make.js';
import { MARKS, parts } from './marks.js';
import { load } from './recording.js';
import { Struck } from './struck.js';
import { sheet, tint } from './tokens.style.js';

/** @param {{ target: HTMLElement }} event */
const indexOf = ({ target }) => /** @type {Token} */ (target.closest('.token'))?.index ?? null;

export class Tokens extends Element {
  static options = {
    ...Element.options,
    src: [text, ''],
    inspector: [oneOf('below', 'none'), 'below'],
    follow: [flag, false],
    vocabulary: [number(2, Infinity), 49152],
    key: [oneOf('auto', 'none'), 'auto'],
  };

  #entries = /** @type {Entry[]} */ ([]);
  /** @type {number | null} */
  #selected = null;
  /** @type {number | null} */
  #hovered = null;
  /** @type {number | null} */
  #end = null;
  /** The token shown when others were told last. */
  #told = /** @type {number | null} */ (null);
  /** The strip of the group that spoke last. */
  #other = /** @type {Tokens | null} */ (null);
  /** attribute → the one token that has it */
  #bearers = /** @type {Record<string, Token>} */ ({});
  /** @type {import('./inspector.js').Inspector | null} */
  #inspector = null;
  #nodes = /** @type {Token[]} */ ([]);
  /**
   * The paragraph that the next token goes into; one that has ended is not touched again.
   * @type {HTMLElement | null}
   */
  #paragraph = null;
  #struck = new Struck();
  #list = make('div', {
    class: 'answer',
    'data-testid': 'answer',
    role: 'listbox',
    'aria-orientation': 'horizontal',
    'aria-label': 'Answer, token by token',
    pointerover: (event) => event.pointerType === 'mouse' && this.#hover(indexOf(event)),
    pointerleave: () => this.#hover(null),
    focusin: (event) => this.choose(indexOf(event)),
    click: (event) => this.#point(event),
    keydown: (event) => this.#press(event),
  });
  #ahead = make('div', { class: 'ahead', 'aria-hidden': 'true' });
  #key = empty();
  #trouble = make('p', { class: 'trouble' });

  get entries() {
    return this.#entries;
  }
  set entries(entries) {
    this.#entries = [...entries];
    this.#selected = this.#hovered = this.#end = null;
    this.#struck.clear();
    this.#fill();
  }

  /**
   * One more token.
   * @param {any} entry an {@link Entry}; other elements append nodes
   */
  append(entry) {
    const index = this.#entries.push(entry) - 1;
    const instead = this.#struck.settle(index);
    if (this.started) this.#add(entry, index);
    const token = this.#nodes[index];
    if (instead && token) {
      token.dataset.open = '';
      setTimeout(() => delete token.dataset.open, 2000);
    }
    this.#tell();
  }

  /**
   * Takes back all but the first `count` tokens. Their text is shown struck through where the answer goes on; after a
   * moment a tick stays, which opens when its word is chosen.
   * @param {number} count
   * @param {string} [unseen] what came after them, and went before anybody saw it
   */
  retract(count, unseen = '') {
    const gone = this.#entries.slice(count);
    this.#entries = this.#entries.slice(0, count);
    if (!gone.length && !unseen) return;
    this.#struck.take(gone, count, unseen);
    if (!this.started) return;
    for (const node of this.#nodes.splice(count)) node.remove();
    while (this.#list.lastChild && !this.#list.lastChild.childNodes.length)
      this.#list.lastChild.remove();
    this.#paragraph = /** @type {HTMLElement | null} */ (this.#list.lastChild);
    if (this.#selected >= count) this.#selected = null;
    if (this.#hovered >= count) this.#hovered = null;
    this.#tell();
  }

  /**
   * Notes what was taken back before a token, as a tick.
   * @param {number} index
   * @param {string} text
   */
  strike(index, text) {
    this.#struck.add(index, text);
    const [token, entry] = [this.#nodes[index], this.#entries[index]];
    if (token) setAttributes(token, this.#struck.attributes(entry, index));
  }

  get selected() {
    return this.#selected;
  }
  set selected(index) {
    this.#selected = this.#entries[index] ? index : null;
    this.#tell();
  }

  /** Index of the end-of-generation token, or null. */
  get end() {
    return this.#end;
  }
  set end(index) {
    this.#end = index ?? null;
    this.#mark();
  }

  /** Whether more tokens will come. */
  get busy() {
    return this.#list.ariaBusy === 'true';
  }
  set busy(busy) {
    if (this.busy === Boolean(busy)) return;
    this.#list.ariaBusy = /** @type {any} */ (Boolean(busy));
    if (this.started) this.share(this.#detail());
  }

  /** The text to come: its room is kept. */
  set ahead(/** @type {string} */ text) {
    this.#ahead.textContent = text;
  }

  /** Index of the token pointed at, else chosen, else the newest if `follow` is set, else null. */
  get shown() {
    const other = this.#other;
    const last =
      this.follow && !(other?.isConnected && other.#held !== null) && this.#entries.length;
    return this.#held ?? (last ? last - 1 : null);
  }

  /**
   * Chooses as a person does.
   * @param {number | null} index
   */
  choose(index) {
    // A resting pointer gives way to the keyboard.
    this.#hovered = null;
    if (!this.#entries[index]) return;
    const moved = index !== this.#selected;
    this.#selected = index;
    this.#tell(moved && 'change');
  }

  /** @param {FocusOptions} [options] */
  focus(options) {
    this.#bearers.tabindex?.focus(options);
  }

  /** Brings the chosen token into view. */
  reveal() {
    this.#nodes[this.#selected]?.scrollIntoView({ block: 'nearest' });
  }

  /**
   * Another strip of the group shows a token, or none any more.
   * @param {Detail} detail
   * @param {Element} source
   */
  hear({ index }, source) {
    if (!(source instanceof Tokens)) return;
    this.#other = source;
    if (source.#selected !== null) this.#selected = null;
    this.#mark();
    if (index === null && this.shown !== null) this.share(this.#detail());
  }

  /**
   * Lets the words stand out that wear a colour or a mark; null: all alike.
   * @param {string | null} name of a part of the key
   */
  light(name) {
    if (name) this.#list.dataset.light = name;
    else delete this.#list.dataset.light;
  }

  build() {
    this.wear(sheet);
    this.shadowRoot.append(
      this.#trouble,
      make('div', { class: 'paper' }, this.#ahead, this.#list),
      this.#key,
    );
    this.#fill();
    load(this);
  }

  /**
   * @param {Recording | null} trace
   * @param {string} [trouble]
   */
  open(trace, trouble = '') {
    this.#trouble.textContent = trouble;
    this.entries = trace?.tokens ?? [];
    if (trace?.finish === 'end_of_turn') this.end = this.#entries.length - 1;
    this.redraw();
  }

  /** @param {string} name */
  changed(name) {
    if (name === 'src') load(this);
  }

  draw() {
    const { inspector, vocabulary, key } = this;
    // Whoever has the inspector elsewhere has the key there: in a chat, once for all answers.
    const keyed = key !== 'none' && inspector !== 'none' && !this.#trouble.textContent;
    show(this.#key, keyed ? ofText(this.dark) : null);
    if (inspector === 'none' || this.#trouble.textContent) {
      this.#inspector?.remove();
      this.#inspector = null;
    } else if (!this.#inspector) {
      this.#inspector = make('entropix-inspector');
      this.shadowRoot.append(this.#inspector);
      this.#inspector.begin();
      this.#told = -1;
    }
    if (this.#inspector && this.#inspector.vocabulary !== vocabulary)
      this.#inspector.vocabulary = vocabulary;
    if (this.shown !== this.#told) this.#tell();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#told = null;
    this.share({ index: null });
  }

  get #held() {
    return this.#hovered ?? this.#selected;
  }

  /** @param {number | null} index */
  #hover(index) {
    if (index === this.#hovered) return;
    this.#hovered = index;
    this.#tell('input');
  }

  /**
   * A mouse points exactly; a finger means the word nearby. Whoever hears the click knows by its default that a word
   * was chosen.
   * @param {PointerEvent & { target: HTMLElement }} event
   */
  #point(event) {
    const { pointerType, clientX, clientY } = event;
    const words = () => this.#nodes.map((node) => node.querySelector('.word-of'));
    const index = pointerType === 'touch' ? meant(words(), clientX, clientY) : -1;
    const to = index < 0 ? indexOf(event) : index;
    if (to !== null) event.preventDefault();
    this.choose(to);
  }

  /** @returns {Detail} */
  #detail() {
    const index = this.shown;
    const entry = this.#entries[index];
    const { entropy_bits: h, varentropy_bits2: v } = entry?.decision.uncertainty ?? {};
    return { index, entry, h, v };
  }

  /**
   * Tells inspector and group what is shown, with an event if a person did it.
   * @param {string | false} [type]
   */
  #tell(type) {
    this.#mark();
    if (!this.started) return;
    const detail = this.#detail();
    this.#inspector?.hear(detail, this);
    if (type) this.tell(type, detail);
    // While more will come, the answer itself is what is shown.
    else if (detail.index !== null || this.#told !== null || this.busy) this.share(detail);
    this.#told = detail.index;
  }

  #fill() {
    if (!this.started) return;
    this.#list.replaceChildren();
    this.#nodes = [];
    this.#paragraph = null;
    this.#bearers = {};
    this.#entries.forEach(this.#add, this);
    this.#tell();
  }

  /**
   * @param {Entry} entry
   * @param {number} index
   */
  #add(entry, index) {
    const { decision, label, text } = entry;
    const [before, word, after] = parts(text);
    // Colour and mark belong to the word alone: a space at the end of a line wears neither.
    const coloured = make('span', {
      class: 'word-of',
      'data-label': !text && label,
      'data-break': Boolean(text) && !word,
      textContent: word,
    });
    tint(coloured, decision.uncertainty);
    const token = /** @type {HTMLElement & Partial<Token>} */ (
      make(
        'span',
        {
          class: 'token',
          'data-testid': 'token',
          role: 'option',
          tabindex: -1,
          'data-mark': MARKS[decision.action] && decision.action,
          'data-colour': family(decision.uncertainty),
          ...this.#struck.attributes(entry, index),
        },
        before,
        coloured,
        after,
      )
    );
    token.index = index;
    this.#nodes.push(/** @type {Token} */ (token));
    if (!this.#paragraph) {
      this.#paragraph = make('div', { class: 'paragraph', role: 'none' });
      this.#list.append(this.#paragraph);
    }
    this.#paragraph.append(token);
    if (text.endsWith('\n')) this.#paragraph = null;
  }

  #mark() {
    this.#bear('data-shown', '', this.shown);
    this.#bear('aria-selected', 'true', this.#selected);
    this.#bear('data-end', '', this.#end);
    this.#bearers['data-end']?.setAttribute('aria-label', 'end of the answer');
    // One tab stop for the whole answer.
    this.#bear('tabindex', 0, this.#selected ?? 0, -1);
  }

  /**
   * Gives an attribute to one token and takes it from the one that had it.
   * @param {string} name
   * @param {string | number} value
   * @param {number | null} index
   * @param {number} [without]
   */
  #bear(name, value, index, without) {
    const token = this.#nodes[index];
    const before = this.#bearers[name];
    if (token === before) return;
    this.#bearers[name] = token;
    if (without) before?.setAttribute(name, without);
    else before?.removeAttribute(name);
    token?.setAttribute(name, value);
  }

  /** @param {KeyboardEvent & { target: HTMLElement }} event */
  #press(event) {
    const to = led(event.key, this.#nodes, indexOf(event));
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.choose(to);
    this.#nodes[to].focus();
  }
}
