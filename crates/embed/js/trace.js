// @ts-check
// A recorded chat, replayed.
/** @import { Recording } from './types.js' */
import { flag, number, text } from './attributes.js';
import { Element } from './element.js';
import { make } from './make.js';
import { load, offer } from './recording.js';
import { sheet } from './tokens.style.js';

/** @type {Record<string, string>} */
const WHO = { user: 'You', assistant: 'Model', system: 'Instruction' };
const still = matchMedia('(prefers-reduced-motion: reduce)');

/**
 * @param {string} kind
 * @param {string} textContent
 */
const line = (kind, textContent) => make('p', { class: kind, textContent });
/**
 * @param {string} role
 * @param {(Node | string)[]} said
 */
const turn = (role, ...said) =>
  make('div', { class: 'turn' }, line('who quiet', WHO[role] ?? role), ...said);

export class Trace extends Element {
  static options = {
    ...Element.options,
    src: [text, ''],
    autoplay: [flag, false],
    speed: [number(0.1, 1000), 8],
  };

  /** @type {Recording | null} */
  #trace = null;
  #timer = 0;
  #pace = 0;
  /** @type {number | null} */
  #chosen = null;
  #strip = make('entropix-tokens', { follow: true });
  #play = make('button', { click: () => (this.#timer ? this.pause() : this.play()) });
  #slider = make('input', {
    type: 'range',
    'aria-label': 'Position',
    input: (event) => {
      // Not a token's.
      event.stopPropagation();
      this.seek(this.#slider.valueAsNumber);
      this.pause();
    },
  });
  #count = make('output');

  get trace() {
    return this.#trace;
  }
  set trace(trace) {
    offer(this, 'trace', trace);
  }

  /** Number of tokens shown. */
  get position() {
    return this.#strip.entries.length;
  }

  /** Index of the chosen token, or null. What is chosen too early is remembered. */
  get selected() {
    return this.#strip.selected;
  }
  set selected(index) {
    this.#chosen = index;
    if (!this.#trace || !this.started) return;
    this.pause();
    if (index >= this.position) this.seek(this.#trace.tokens.length);
    this.#strip.selected = index;
    this.#chosen = null;
  }

  play() {
    if (!this.#trace || this.#timer) return;
    if (this.position === this.#trace.tokens.length) this.seek(0);
    this.#pace = this.speed;
    this.#timer = setInterval(() => this.seek(this.position + 1), 1000 / this.#pace);
    this.#tick();
  }

  pause() {
    clearInterval(this.#timer);
    this.#timer = 0;
    this.#tick();
  }

  /** @param {number} count tokens that are shown */
  seek(count) {
    const { tokens, finish } = this.#trace;
    if (count === this.position + 1) this.#strip.append(tokens[count - 1]);
    else this.#strip.entries = tokens.slice(0, count);
    if (count < tokens.length) return this.#tick();
    if (finish === 'end_of_turn') this.#strip.end = count - 1;
    this.pause();
  }

  build() {
    this.wear(sheet);
    if (this.#trace) this.open(this.#trace);
    else load(this);
  }

  /** @param {string} name */
  changed(name) {
    if (name === 'src') load(this);
  }

  draw() {
    const { group, speed } = this;
    this.#strip.setAttribute('group', group);
    if (this.#timer && speed !== this.#pace) {
      this.pause();
      this.play();
    }
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.pause();
  }

  /**
   * @param {Recording | null} trace
   * @param {string} [trouble]
   */
  open(trace, trouble) {
    this.#trace = trace;
    this.pause();
    if (!this.started) return;
    this.show(...(trace ? this.#parts() : [line('', trouble)]));
    if (!trace) return;
    this.#strip.begin();
    const plays = this.autoplay && !still.matches;
    this.seek(plays ? 0 : trace.tokens.length);
    if (plays) this.play();
    if (this.#chosen !== null) this.selected = this.#chosen;
  }

  #parts() {
    const { messages, model, sampler, seed, tokens, finish } = this.#trace;
    this.#slider.max = /** @type {any} */ (tokens.length);
    this.#strip.ahead = tokens.map((entry) => entry.text).join('');
    const restart = make('button', {
      textContent: 'Restart',
      click: () => {
        this.seek(0);
        this.play();
      },
    });
    return [
      ...messages.map(({ role, content }) => turn(role, line('said', content))),
      turn(
        'assistant',
        make('div', { class: 'player' }, this.#play, restart, this.#count, this.#slider),
        this.#strip,
      ),
      line(
        'quiet about',
        `${model} · sampler ${sampler.preset ?? sampler.kind} · seed ${seed} · ${tokens.length - /** @type {any} */ (finish === 'end_of_turn')} tokens`,
      ),
    ];
  }

  #tick() {
    this.#strip.busy = /** @type {any} */ (this.#timer);
    this.#play.textContent = this.#timer ? 'Pause' : 'Play';
    this.#slider.value = /** @type {any} */ (this.position);
    this.#count.textContent = `${this.position} of ${this.#trace?.tokens.length} tokens`;
    this.#slider.setAttribute('aria-valuetext', this.#count.textContent);
  }
}
