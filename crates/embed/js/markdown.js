// @ts-check
// <entropix-markdown>: a model's text as the Markdown that it is.
import { text } from './attributes.js';
import { Element } from './element.js';
import { later } from './later.js';
import { make } from './make.js';

const look = new CSSStyleSheet();
look.replaceSync(`
.prose { overflow-wrap: anywhere; unicode-bidi: plaintext; }
.plain { white-space: pre-wrap; }
.prose > :first-child { margin-top: 0; }
.prose > :last-child { margin-bottom: 0; }
.prose :is(p, ul, ol, blockquote, .code, .table) { margin: .6em 0; }
.prose :is(h3, h4, h5, h6) { margin: 1em 0 .4em; font-size: 1.1em; line-height: 1.3; }
.prose :is(ul, ol) { padding-inline-start: 1.6em; }
.prose li > p { margin: .2em 0; }
.prose blockquote { margin-inline: 0; padding-inline-start: .9em; border-inline-start: 3px solid var(--line); color: var(--soft); }
.prose hr { border: 0; border-top: 1px solid var(--line); }
.prose a { color: inherit; }
.prose :is(code, pre) { font-family: ui-monospace, monospace; font-size: .9375em; }
.prose :not(pre) > code { padding: .1em .3em; border: 1px solid var(--line); border-radius: .25em; }
.code { border: 1px solid var(--line); border-radius: .5em; direction: ltr; }
.bar { display: flex; justify-content: space-between; align-items: center; gap: 1em; padding: .25em .5em .25em .75em; border-bottom: 1px solid var(--line); font-size: max(12px, .8125em); color: var(--soft); }
.code pre { margin: 0; padding: .6em .75em; overflow-x: auto; white-space: pre; tab-size: 4; }
.table { overflow-x: auto; }
table { border-collapse: collapse; }
:is(th, td) { padding: .25em .6em; border: 1px solid var(--line); text-align: start; vertical-align: top; }
@media print { .bar button { display: none; } .code pre { white-space: pre-wrap; } }
`);

/** Reads Markdown; comes when it is needed. */
const load = later((_again) => import('./markdown.nodes.js'));
/** @type {typeof import('./markdown.nodes.js').nodes | undefined} */
let nodes;

export class Markdown extends Element {
  static framed = false;
  static options = { ...Element.options, text: [text, ''] };

  #body = make('div', { class: 'prose', part: 'text' });

  build() {
    this.wear(look);
    this.show(this.#body);
  }

  draw() {
    this.#body.classList.toggle('plain', !nodes);
    if (nodes) return this.#body.replaceChildren(...nodes(this.read('text')));
    // As it is written, until then.
    this.#body.textContent = this.read('text');
    load().then(
      (module) => {
        nodes = module.nodes;
        this.redraw();
      },
      () => this.warn('text', "its Markdown can't be read: the file for that did not come"),
    );
  }
}
