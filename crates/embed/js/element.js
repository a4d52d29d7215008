// @ts-check
// What all elements share: options, theme, a lazy start, redrawing, groups, warnings.
/** @import { Detail } from './types.js' */
import { oneOf, text, written } from './attributes.js';
import { join, leave, others } from './groups.js';
import { Well, watch } from './ink.js';
import { make } from './make.js';
import { here, ready } from './maths.js';
import { sheet } from './style.js';
import { unhurried } from './unhurried.js';

/** @param {string} name */
const camel = (name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());

/** Elements that are on the page. */
const all = /** @type {Set<Element>} */ (new Set());

/** Elements near the viewport. */
const near = /** @type {Set<Element>} */ (new Set());

/** An element starts when it comes near the viewport. */
const nearby = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      const element = /** @type {Element} */ (target);
      if (!isIntersecting) near.delete(element);
      else if (near.add(element) && !element.started) element.begin();
      else if (due.has(element)) element.redraw();
    }
  },
  { rootMargin: '300px' },
);

/** What is to be drawn. */
const due = /** @type {Set<Element>} */ (new Set());
let frame = 0;
let rest = 0;
/** What nobody sees is drawn when nothing has moved for so long, in ms. */
const REST = 150;

/**
 * Draws what is due, in the next frame what is near the viewport.
 * @param {Set<Element>} [which]
 */
function draw(which = due) {
  const elements = [...due].filter((each) => which.has(each));
  for (const each of elements) due.delete(each);
  // Sizes first: one that is read after something was written is a layout of the whole page. None is read again
  // until it may have changed: a growing answer has its elements draw in every frame.
  // A hidden element has no width; its observer calls again when it has one.
  for (const each of elements.filter((each) => each.breadth > 0)) {
    try {
      each.draw();
      if (each.figure) each.settle();
    } catch (error) {
      // The others are drawn nevertheless.
      reportError(error);
    }
  }
  clearTimeout(rest);
  // One after the other: so many pictures at once would hold up the page.
  const next = () => draw(new Set([...due].slice(0, 1)));
  if (due.size) rest = setTimeout(next, which === near ? REST : 0);
}

let printing = false;
/**
 * On paper is everything, also what has not started yet.
 * @param {boolean} now
 */
const print = (now) => {
  printing = now;
  for (const each of all) {
    if (now) each.print();
    else each.remeasure();
  }
  if (now) draw();
};
addEventListener('beforeprint', () => print(true));
addEventListener('afterprint', () => print(false));
matchMedia('print').addEventListener('change', ({ matches }) => print(matches));

const dim = watch(
  () => {
    for (const each of all) each.tinge();
  },
  (node) => [...all].some((each) => node.contains(each)),
);

const idle = globalThis.requestIdleCallback ?? ((then) => setTimeout(then, 50));
let starting = false;

/** Starts the others, too, when the page has nothing else to do: then nothing grows where somebody scrolls to. */
function startRest() {
  if (starting || document.readyState !== 'complete') return;
  starting = true;
  idle(async () => {
    starting = false;
    const next = [...all].find((each) => !each.started);
    await next?.begin();
    if (next?.started) startRest();
  });
}
addEventListener('load', startRest);

/** Device px in a CSS px. Its change is told in different ways, and by no event where it is emulated. */
let ratio = devicePixelRatio;
setInterval(() => {
  if (ratio === devicePixelRatio) return;
  ratio = devicePixelRatio;
  for (const each of all) each.remeasure();
}, 1000);

export class Element extends HTMLElement {
  /**
   * Subclasses add theirs.
   * @type {import('./attributes.js').Options}
   */
  static options = {
    theme: [oneOf('auto', 'light', 'dark'), 'auto'],
    group: [text, ''],
  };

  /** Whether it can stand alone, in an iframe. */
  static framed = true;

  static get observedAttributes() {
    return Object.keys(this.options);
  }

  /**
   * Registers the element; without a second harmless if a page has two copies of the script.
   * @param {string} name
   */
  static define(name) {
    for (const option of Object.keys(this.options)) {
      if (camel(option) in this.prototype) continue;
      Object.defineProperty(this.prototype, camel(option), {
        get() {
          return this.read(option);
        },
        set(value) {
          this.write(option, value);
        },
      });
    }
    if (!customElements.get(name)) customElements.define(name, this);
  }

  #started = false;
  #fallback = document.createElement('slot');
  #warned = /** @type {Set<string>} */ (new Set());
  #resize = new ResizeObserver(() => this.remeasure());
  /** In px; undefined when it has to be measured. */
  #width = /** @type {number | undefined} */ (undefined);
  #well = new Well(dim);
  /** Draws soon, for what grows with every token. */
  redrawLater = unhurried(() => this.redraw());
  /** @type {import('./ink.js').Ink | undefined} */
  ink;

  constructor() {
    super();
    this.attachShadow({ mode: 'open' }).adoptedStyleSheets = [sheet];
    // Until it starts, what the author wrote between the tags is seen.
    this.shadowRoot.append(this.#fallback);
  }

  connectedCallback() {
    // Properties that were set before the script came.
    for (const name of /** @type {(keyof this)[]} */ (Object.keys(this))) {
      if (!(name in this.constructor.prototype)) continue;
      const value = this[name];
      delete this[name];
      // A method there stood in for that of the class.
      if (typeof value !== 'function') this[name] = value;
    }
    join(this.group, this);
    all.add(this);
    nearby.observe(this);
    startRest();
    this.#watch();
    if (this.#started) dim();
  }

  disconnectedCallback() {
    all.delete(this);
    nearby.unobserve(this);
    near.delete(this);
    this.#resize.disconnect();
    due.delete(this);
    this.#well.close();
    leave(this.group, this);
  }

  /**
   * @param {string} name
   * @param {string | null} old
   * @param {string | null} value
   */
  attributeChangedCallback(name, old, value) {
    if (name === 'group' && this.isConnected) {
      leave(old, this);
      join(value ?? '', this);
    }
    if (name === 'theme') dim();
    // What means nothing is told at once.
    this.read(name);
    this.changed?.(name);
    this.remeasure();
  }

  /** Loads the maths, builds the inside once, draws. */
  async begin() {
    try {
      await ready();
    } catch (error) {
      console.warn(
        `<${this.localName}> can't start: ${/** @type {Error} */ (error)?.message ?? error}.`,
      );
      return;
    }
    this.start();
  }

  /** Builds the inside; the maths is there. */
  start() {
    if (this.#started) return;
    this.#started = true;
    this.show(this.#fallback);
    this.build();
    this.tinge();
    // A picture comes when it is drawn, a trace when it is there.
    if (!this.figure && !this.src) this.settle();
    this.#watch();
    // Only a picture asks how much room there is; what is inside of another element shall come with it.
    if (this.figure) this.redraw();
    else this.draw?.();
  }

  /** A chart's picture may change its size when the element doesn't. */
  #watch() {
    if (this.#started && this.isConnected) this.#resize.observe(this.figure ?? this);
  }

  /** What is drawn takes the room of what was there until now. */
  settle() {
    this.#fallback.remove();
  }

  /** Whether all is there that it starts with. */
  get able() {
    return here();
  }

  get started() {
    return this.#started;
  }

  /** @param {Node[]} nodes all that its shadow tree holds from now on */
  show(...nodes) {
    this.shadowRoot.replaceChildren(this.#well.probe, ...nodes);
  }

  /** @param {CSSStyleSheet} look upon that of all elements; those of pictures stay the last */
  wear(look) {
    const [first, ...others] = this.shadowRoot.adoptedStyleSheets;
    this.shadowRoot.adoptedStyleSheets = [first, look, ...others.filter((each) => each !== look)];
  }

  /** Finds the ink for what lies behind. */
  tinge() {
    if (!this.#started || !this.isConnected) return;
    const before = this.ink?.sheet;
    this.ink = this.#well.dip(this, this.theme);
    for (const name of this.ink.refused)
      this.warn(`--entropix-${name}`, "it can't be read on what lies behind, and is not used");
    const look = this.ink.sheet;
    if (look === before) return;
    const sheets = this.shadowRoot.adoptedStyleSheets;
    this.shadowRoot.adoptedStyleSheets = sheets.filter((each) => each !== before);
    this.wear(look);
    this.remeasure();
  }

  /** Whether it stands on dark paper; what is printed stands on white. */
  get dark() {
    return this.ink?.ground === 'dark' && !printing;
  }

  /** Whatever is on paper has to be drawn now, or there is a sentence in its place. */
  print() {
    const { shadowRoot } = this;
    if (this.able) this.start();
    this.#width = undefined;
    if (this.#started) due.add(this);
    else if (
      !shadowRoot.querySelector('.absent') &&
      !this.childElementCount &&
      !this.textContent.trim()
    )
      shadowRoot.append(
        make('p', {
          class: 'absent',
          textContent: `<${this.localName}> was not there yet when this was printed. See ${location.href}`,
        }),
      );
  }

  /** Draws in the next frame, once, however often it is asked. */
  redraw() {
    if (!this.#started || !this.isConnected) return;
    due.add(this);
    if (frame) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      draw(near);
    });
  }

  /** Draws anew: its size may be another one. */
  remeasure() {
    this.#width = undefined;
    this.redraw();
  }

  /** The width in px as it was measured last. */
  get breadth() {
    // What was hidden may be seen now.
    this.#width ||= this.measure();
    return this.#width;
  }

  /** Measures. */
  measure() {
    return this.clientWidth;
  }

  /**
   * The value of an option: the attribute's if it means something.
   * @param {string} name
   */
  read(name) {
    const [reader, usual] = /** @type {typeof Element} */ (this.constructor).options[name];
    const text = this.getAttribute(name);
    const value = text === null ? null : reader(text);
    if (value === undefined)
      this.warn(
        name,
        `"${text}" is not understood${text.includes('[object') ? ' (as text an object is JSON)' : ''}; ${String(usual ?? '') ? `"${usual}" is used` : 'it is left out'}`,
      );
    return value ?? usual;
  }

  /**
   * @param {string} name
   * @param {unknown} value
   */
  write(name, value) {
    const text = written(value, /** @type {typeof Element} */ (this.constructor).options[name][0]);
    if (text === null) this.removeAttribute(name);
    else this.setAttribute(name, text);
  }

  /**
   * Tells the author, once for each thing.
   * @param {string} attribute
   * @param {string} what
   */
  warn(attribute, what) {
    const message = `<${this.localName} ${attribute}>: ${what}.`;
    if (this.#warned.has(message)) return;
    this.#warned.add(message);
    console.warn(message);
  }

  /**
   * Sends `input` or `change`, and tells the group.
   * @param {string} type
   * @param {Detail} detail
   */
  tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
    this.share(detail);
  }

  /**
   * Tells the other elements of the group, without an event.
   * @param {any} detail a {@link Detail}
   * @param {string} [how] the method that hears it
   */
  share(detail, how = 'hear') {
    for (const other of others(this.group, this)) /** @type {any} */ (other)[how]?.(detail, this);
  }
}
