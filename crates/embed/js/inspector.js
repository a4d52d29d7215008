// @ts-check
// What the model saw and what the sampler did, for one token of a strip.
/** @import { Detail, Entry, Uncertainty } from './types.js' */
import { number } from './attributes.js';
import { Element } from './element.js';
import { neighbour } from './hand.js';
import { make } from './make.js';
import { quantity, rule, thousands } from './marks.js';
import { wasm } from './maths.js';
import { rules } from './rules.js';
import { sheet, tint } from './tokens.style.js';
import { percent, visible } from './words.js';

/** Width of a token on the timeline, and its height. */
const STEP = 6;
const TALL = 44;

/**
 * `put('p.quiet.rest', …)`
 * @param {string} name
 * @param {(Node | string)[]} children
 */
const put = (name, ...children) => {
  const [tag, ...kinds] = name.split('.');
  return make(tag, { class: kinds.join(' ') }, ...children);
};
const mark = (/** @type {string} */ name) => make('span', { class: 'mark', 'data-rule': name });
/**
 * @param {string} name
 * @param {string} value
 * @param {string} [unit]
 */
const fact = (name, value, unit = '') =>
  put('div', put('dt', name), put('dd', value, put('i', unit)));

export class Inspector extends Element {
  static framed = false;
  static options = { ...Element.options, vocabulary: [number(2, Infinity), 49152] };

  /** @type {import('./tokens.js').Tokens | null} */
  #source = null;
  #detail = /** @type {Detail} */ ({});
  /** @type {Entry | null | undefined} */
  #seen = null;
  /** @type {Entry[] | null} */
  #drawn = null;
  #wide = false;
  #token = put('div.saw');
  #bars = make('svg:g');
  #now = make('svg:rect', { class: 'now', width: STEP, height: TALL });
  #line = make(
    'svg:svg',
    {
      preserveAspectRatio: 'none',
      role: 'slider',
      tabindex: 0,
      'aria-label': 'Entropy H of the answer, token by token',
      'aria-valuemin': 1,
      click: (event) => this.#point(event),
      // A finger on its way up or down scrolls the page.
      pointermove: (event) => event.buttons && this.#point(event),
      keydown: (event) => this.#press(event),
    },
    this.#now,
    this.#bars,
  );
  #most = put('span');
  #last = put('span');
  /** The largest H of the axis, in bits. */
  #top = 1;

  /**
   * A strip shows another token, or has more of them.
   * @param {Detail} detail
   * @param {any} source
   */
  hear(detail, source) {
    if (!source.entries) return;
    // Where no token is shown any more, the last one stays.
    if (detail.entry || source !== this.#source) this.#detail = detail;
    this.#source = source;
    this.redraw();
  }

  build() {
    this.wear(sheet);
    this.shadowRoot.append(
      make(
        'section',
        { role: 'group', 'data-testid': 'inspector', 'aria-label': 'What the model saw' },
        // Above what changes with each token: a finger on it would lose it.
        put(
          'figure.timeline',
          this.#most,
          put('span', '0'),
          this.#line,
          put('figcaption', put('span', '1'), 'entropy H, token by token', this.#last),
        ),
        this.#token,
        put(
          'details',
          put('summary', 'What the marks under the words mean'),
          put(
            'ul.marks',
            ...rules().map(({ name, words }) => put('li', mark(name), `${name}: ${words}`)),
          ),
        ),
      ),
    );
  }

  draw() {
    const entries = this.#source?.isConnected ? this.#source.entries : [];
    const { index, entry } = this.#detail;
    const known = entry && entries[index] === entry;
    if (known ? entry !== this.#seen : this.#seen !== undefined) {
      this.#token.replaceChildren(
        ...(known
          ? this.#facts(entry)
          : [
              put(
                'p.quiet',
                'Choose a word of the answer: here you see what else the model could have said, how uncertain it was, and what the sampler did about it.',
              ),
            ]),
      );
    }
    this.#seen = known ? entry : undefined;
    if (known) {
      this.#token.querySelector('.of').textContent =
        `token ${index + 1} of ${entries.length} · no. ${thousands(entry.decision.token)} in the vocabulary`;
    }
    /** @type {HTMLElement} */ (this.#line.parentNode).hidden = !entries.length;
    this.#timeline(entries, known ? index : null);
  }

  /**
   * @param {Entry[]} entries
   * @param {number | null} index of the token that is shown
   */
  #timeline(entries, index) {
    if (this.#drawn !== entries) {
      this.#bars.replaceChildren();
      this.#top = 1;
    }
    this.#drawn = entries;
    for (let at = this.#bars.childElementCount; at < entries.length; at += 1)
      this.#bar(entries[at].decision.uncertainty, at);
    this.#now.setAttribute('x', index === null ? -STEP : index * STEP - 0.5);
    this.#line.setAttribute('viewBox', `0 0 ${STEP * this.#slots} ${TALL}`);
    this.#bars.setAttribute('transform', `matrix(1 0 0 ${-TALL / this.#top} 0 ${TALL})`);
    this.#most.textContent = `${this.#top} bit${this.#top > 1 ? 's' : ''}`;
    this.#last.textContent = `${this.#slots}`;
    const h = entries[index]?.decision.uncertainty.entropy_bits;
    for (const [name, value] of Object.entries({
      valuemax: entries.length,
      valuenow: (index ?? 0) + 1,
      valuetext: h === undefined ? 'none' : `token ${index + 1}, H ${quantity(h)} bits`,
    }))
      this.#line.setAttribute(`aria-${name}`, value);
  }

  /** Bars for which there is room. */
  get #slots() {
    return Math.max(this.#drawn.length, 48);
  }

  /** @param {MouseEvent} event */
  #point({ clientX }) {
    const { left, width } = this.#line.getBoundingClientRect();
    this.#source.choose(Math.floor(((clientX - left) / width) * this.#slots));
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const last = this.#drawn.length - 1;
    const from = this.#detail.index ?? -1;
    const to = neighbour(event.key, from, last);
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.#source.choose(to);
  }

  /**
   * A bar of a linear scale, in bits. What is none has a hair's height.
   * @param {Uncertainty} uncertainty
   * @param {number} index
   */
  #bar(uncertainty, index) {
    const h = uncertainty.entropy_bits;
    while (this.#top < h) this.#top *= 2;
    const bar = make('svg:rect', { x: index * STEP, width: STEP - 1, height: Math.max(h, 0.02) });
    tint(bar, uncertainty);
    this.#bars.append(bar);
  }

  /** @param {Entry} entry */
  #facts(entry) {
    const { attention: heads, branch_texts: texts, label, rank, decision } = entry;
    const { attention, branches, candidates, parameters, token, uncertainty } = decision;
    const top = entry.top.slice(0, 10);
    const name = put('span.label', visible(label));
    tint(name, uncertainty);
    const most = top[0]?.p;
    const rest = top.reduce((left, { p }) => left - p, 1);
    /** @type {(token: { label: string, p: number }, chosen: boolean, extra?: string) => HTMLElement} */
    const row = ({ label, p }, chosen, extra = '') => {
      const length = put('span');
      length.style.setProperty('width', `${(p / most) * 100}%`);
      return put(
        chosen ? 'li.chosen' : 'li',
        put('span.word', visible(label)),
        put('span.bar', length),
        put('span.p', percent(p), put('span.unseen', chosen ? `, chosen${extra}` : '')),
      );
    };
    const rows = top.map((each) => row(each, each.id === token));
    if (!top.some(({ id }) => id === token)) rows.push(row(entry, true, `, rank ${rank + 1}`));
    const named = (/** @type {number} */ id) => {
      const known = id === token ? entry : top.find((each) => each.id === id);
      return known ? visible(known.label) : `no. ${thousands(id)}`;
    };
    const facts = [
      put('div.which', name, put('span.quiet.of')),
      put(
        'dl',
        fact('entropy H', quantity(uncertainty.entropy_bits), ' bits'),
        fact('varentropy V', quantity(uncertainty.varentropy_bits2), ' bits²'),
        fact('p', percent(entry.p)),
        fact('rank', thousands(rank + 1)),
      ),
      make('p', { 'data-testid': 'sentence' }, mark(rule(decision, rules())), decision.sentence),
      make('ol', { 'data-testid': 'alternatives', 'aria-label': 'Most probable tokens' }, ...rows),
      put(
        'p.quiet.rest',
        `${thousands(Math.max(this.vocabulary - top.length, 0))} others: ${percent(rest)}`,
      ),
    ];
    const shown = [entry, ...top].map((each) => visible(each.label));
    const bytes = shown.find((each) => each.startsWith('⟨'));
    if (bytes)
      facts.push(
        put(
          'p.quiet.help',
          `${bytes}: bytes in hexadecimal, part of a character that several tokens spell.`,
        ),
      );
    if (parameters)
      facts.push(
        put(
          'p.quiet.parameters',
          Object.entries(parameters)
            .filter(([name, value]) => value || name !== 'top_k')
            .map(([name, value]) => `${name.replace('_', '-')}\u00a0${+value.toFixed(3)}`)
            .join(' · '),
        ),
      );
    /** @type {(words: string, all: any[], name: (each: any, at: number) => string) => unknown} */
    const scores = (words, all, name) =>
      facts.push(
        put(
          'p.candidates',
          `${words}: `,
          ...all.map((each, at) =>
            put(
              (each.token ?? each.tokens[0]) === token ? 'span.candidate.chosen' : 'span.candidate',
              put('span.word', name(each, at)),
              ` ${each.score.toFixed(2).replace('-', '−')}`,
            ),
          ),
        ),
      );
    if (candidates) {
      scores(`Best of ${candidates.length} draws, score in nats`, candidates, (each) =>
        named(each.token),
      );
      facts.push(
        put(
          'p.quiet.help',
          'The score is the logarithm of the probability, plus a number that is the same for every draw: the most probable of them wins.',
        ),
      );
    }
    if (texts) {
      scores(`Best of ${texts.length} branches, score in bits`, branches, (_, at) =>
        visible(texts[at]),
      );
      facts.push(
        put(
          'p.quiet.help',
          'The score is a mean over the tokens of a branch; the highest is kept.',
        ),
      );
    }
    if (attention)
      facts.push(
        put(
          'details',
          put('summary', 'Attention of the last layer, padding included'),
          put(
            'p',
            `entropy ${quantity(attention.attn_entropy)} bits · varentropy ${quantity(attention.attn_varentropy)} bits² · agreement ${attention.agreement.toExponential(2)} · strength ${quantity(attention.interaction_strength)}`,
          ),
        ),
      );
    if (heads) facts.push(this.#heads(heads));
    return facts;
  }

  /**
   * A picture of every head's attention, layers across, heads down.
   * @param {Entry['attention']} attention
   */
  #heads({ bits, heads, keys }) {
    const layers = bits.length / heads;
    const picture = make('canvas', {
      width: layers,
      height: heads,
      role: 'img',
      'aria-label': 'Entropy of attention',
    });
    const pixels = new ImageData(layers, heads);
    bits.forEach((h, i) => {
      const color = wasm.tints(h, 0)[2];
      pixels.data.set(
        [color >> 16, (color >> 8) & 255, color & 255, 255],
        4 * ((i % heads) * layers + ((i / heads) | 0)),
      );
    });
    picture.getContext('2d').putImageData(pixels, 0, 0);
    const most = Math.log2(keys);
    const share = (/** @type {number} */ h) =>
      `${quantity(h)} bits, ${percent(most ? h / most : 0)} of the most possible`;
    const all = `mean ${share(bits.reduce((sum, h) => sum + h) / bits.length)}`;
    const words = put('p.quiet', all);
    picture.onpointermove = ({ offsetX, offsetY }) => {
      /** @type {(offset: number, length: number, count: number) => number} */
      const at = (offset, length, count) => Math.min(((offset / length) * count) | 0, count - 1);
      const layer = at(offsetX, picture.clientWidth, layers);
      const head = at(offsetY, picture.clientHeight, heads);
      words.textContent = `layer ${layer + 1}, head ${head + 1}: ${share(bits[layer * heads + head])}`;
    };
    picture.onpointerleave = () => {
      words.textContent = all;
    };
    const details = /** @type {HTMLDetailsElement} */ (
      put(
        'details',
        put('summary', 'Attention of each head'),
        picture,
        words,
        put(
          'p.quiet',
          `0 bits: it looks at one token; ${quantity(most)} bits: at all ${keys} alike. ${layers} layers across, ${heads} heads down.`,
        ),
      )
    );
    // The next token's stays open.
    details.open = this.#wide;
    details.ontoggle = () => {
      if (details.isConnected) this.#wide = details.open;
    };
    return details;
  }
}
