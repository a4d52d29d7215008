// @ts-check
// <entropix-tint>: words in the soft colour of (H, V), as the tokens of an answer wear it.
import { number } from './attributes.js';
import { Element } from './element.js';
import { make } from './make.js';
import { tint } from './tokens.style.js';

const look = new CSSStyleSheet();
look.replaceSync(`
:host { display: inline; writing-mode: inherit; }
:host > span { all: unset; color: var(--word); padding: .12em .3em; border-radius: .2em; print-color-adjust: exact; forced-color-adjust: none;
  background: var(--tint); -webkit-box-decoration-break: clone; box-decoration-break: clone; }
`);

export class Tint extends Element {
  static framed = false;
  static options = {
    ...Element.options,
    h: [number(0, Infinity), 0],
    v: [number(0, Infinity), 0],
  };

  #word = make('span', { part: 'word' }, make('slot'));

  build() {
    this.wear(look);
    this.shadowRoot.append(this.#word);
    this.changed();
  }

  /** At once: text in a line has no width of its own that `draw` could wait for. */
  changed() {
    if (this.started)
      tint(this.#word, { entropy_bits: this.read('h'), varentropy_bits2: this.read('v') });
  }
}
