// @ts-check
// <be-the-sampler traces="a.json b.json" seed="1">: a reader picks words in a recorded model's place. What
// stands between its tags is shown until the recordings are there.
/** @import { Candidate, Moment, Trace } from './moments.js' */
/** @import { Pick } from './score.js' */
import { make } from './make.js';
import { moments } from './moments.js';
import { cost, score } from './score.js';
import { summary } from './summary.js';
import { bits, FIELDS, percent, RULES, shown, tail } from './words.js';

/** Words of a game. */
const COUNT = 10;
/** Characters of an answer that are shown before the word that is asked for. */
const TAIL = 220;

/** The elements that show what happened; `group` joins them. */
function charts() {
  const group = 'be-the-sampler';
  const strip = /** @type {HTMLElement & { entries: object[] }} */ (
    make('entropix-tokens', { inspector: 'none', follow: '', group })
  );
  return {
    strip,
    plane: make('varentropy-plane', { n: '49152', preset: 'B', controls: 'none', group }),
    inspector: make('entropix-inspector', { group }),
  };
}

class Game extends HTMLElement {
  /** @type {Trace[]} */
  #traces = [];
  /** @type {Moment[]} */
  #moments = [];
  /** @type {Pick[]} */
  #picks = [];
  #stage = make('div', { class: 'stage', tabindex: '-1', role: 'group' });
  #status = make('p', { class: 'unseen', role: 'status' });
  #charts = charts();
  #side = make(
    'div',
    { class: 'side' },
    this.#charts.plane,
    make(
      'p',
      { class: 'small' },
      'The plane of all moments; each word drawn so far is a dot on it.',
    ),
    this.#charts.strip,
  );
  #nearby = new IntersectionObserver(
    ([{ isIntersecting }]) => {
      if (isIntersecting) this.#load();
    },
    { rootMargin: '800px' },
  );

  connectedCallback() {
    if (!this.#traces.length) this.#nearby.observe(this);
    this.addEventListener('keydown', this.#key);
  }

  disconnectedCallback() {
    this.#nearby.disconnect();
    this.removeEventListener('keydown', this.#key);
  }

  get seed() {
    return Number(this.getAttribute('seed') ?? 1);
  }

  async #load() {
    this.#nearby.disconnect();
    try {
      const addresses = (this.getAttribute('traces') ?? '').split(' ');
      this.#traces = await Promise.all(
        addresses.map(async (address) => {
          const answer = await fetch(address);
          if (!answer.ok) throw new Error(`status ${answer.status}`);
          return answer.json();
        }),
      );
    } catch (error) {
      this.replaceChildren(
        make('p', {}, `The recordings can’t be reached (${error}). Reload the page to try again.`),
      );
      return;
    }
    this.replaceChildren(this.#stage, this.#side, this.#status);
    this.#begin();
  }

  #begin() {
    this.#moments = moments(this.#traces, this.seed, COUNT);
    this.#picks = [];
    this.#charts.strip.entries = [];
    this.#charts.inspector.remove();
    delete this.dataset.over;
    this.#ask();
  }

  #ask() {
    const moment = this.#moments[this.#picks.length];
    this.#stage.replaceChildren(
      ...this.#place(moment),
      make('p', { class: 'ask' }, 'Which word comes next?'),
      make(
        'ol',
        { class: 'choices', 'aria-label': 'Words on offer' },
        ...moment.candidates.map((candidate, index) =>
          make(
            'li',
            {},
            make(
              'button',
              { type: 'button', click: () => this.#pick(candidate) },
              make('span', { class: 'key', 'aria-hidden': 'true' }, String(index + 1)),
              shown(candidate.label, moment.before),
            ),
          ),
        ),
      ),
    );
  }

  /** @param {Moment} moment */
  #place({ question, before }) {
    const which = `Word ${this.#picks.length + 1} of ${this.#moments.length}`;
    const text = tail(before, TAIL);
    // Read out when the focus comes here.
    this.#stage.setAttribute('aria-label', `${which}. Asked: ${question} Answer so far: ${text}`);
    return [
      make('p', { class: 'small' }, which),
      make('p', { class: 'small' }, `Asked: ${question}`),
      make('blockquote', {}, text, make('span', { class: 'gap', 'aria-hidden': 'true' }, '?')),
    ];
  }

  /** @param {Candidate} picked */
  #pick(picked) {
    const moment = this.#moments[this.#picks.length];
    const { token, candidates, before, h, v, quadrant } = moment;
    const { quadrant: rule, sentence } = token.decision;
    const drawn = /** @type {Candidate} */ (
      candidates.find(({ id }) => id === token.decision.token)
    );
    const sorted = [...candidates].sort((a, b) => b.p - a.p);
    const place = this.#place(moment);
    const name = (/** @type {string} */ label) => shown(label, before);
    this.#picks.push({ quadrant, h, picked: picked.p, drawn: drawn.p, most: sorted[0].p });
    const others = 1 - sorted.reduce((sum, { p }) => sum + p, 0);
    const told = `Your word, “${name(picked.label)}”, costs ${bits(cost(picked.p))}, the one drawn, “${name(drawn.label)}”, ${bits(cost(drawn.p))}, and the most probable one ${bits(cost(sorted[0].p))}.`;
    const point = `H is ${bits(h)}, V is ${v.toFixed(2)} bits²: ${FIELDS[quadrant].name}. Often that is ${FIELDS[quadrant].often}.`;
    const last = this.#picks.length === this.#moments.length;
    const next = make(
      'button',
      { type: 'button', class: 'next', click: () => this.#next() },
      last ? 'Your score' : 'Next word',
    );
    this.#stage.replaceChildren(
      ...place,
      make(
        'ol',
        { class: 'shares', 'aria-label': 'How probable each word was' },
        ...sorted.map((each) =>
          this.#share(name(each.label), each.p, sorted[0].p, [
            ...(each === picked ? ['you'] : []),
            ...(each === drawn ? ['drawn'] : []),
          ]),
        ),
        this.#share('all others together', Math.max(others, 0), sorted[0].p, []),
      ),
      make('p', {}, told),
      make('p', {}, point),
      make(
        'p',
        {},
        make('b', {}, `Rule: ${RULES[rule ?? ''] ?? 'none'}. `),
        make('span', { class: 'small' }, sentence),
      ),
      next,
    );
    // Only the word counts on the strip, not how it was set in its answer.
    this.#charts.strip.entries = this.#moments
      .slice(0, this.#picks.length)
      .map((each) => ({ ...each.token, text: ` ${each.token.label.trim()}` }));
    this.#status.textContent = `${told} ${point} Rule: ${RULES[rule ?? ''] ?? 'none'}.`;
    next.focus({ preventScroll: true });
    this.#stage.scrollIntoView({ block: 'nearest' });
  }

  /**
   * @param {string} word
   * @param {number} p
   * @param {number} most probability of the longest bar
   * @param {string[]} marks
   */
  #share(word, p, most, marks) {
    const bar = make('span', { class: 'bar', 'aria-hidden': 'true' });
    bar.style.setProperty('--share', `${Math.min(p / most, 1) * 100}%`);
    return make(
      'li',
      marks.length ? { class: 'marked' } : {},
      make('span', { class: 'word' }, word, ' ', ...marks.map((mark) => make('b', {}, mark))),
      bar,
      make('span', { class: 'p' }, percent(p)),
    );
  }

  #next() {
    if (this.#picks.length < this.#moments.length) this.#ask();
    else this.#end();
    this.#status.textContent = '';
    this.#stage.focus();
  }

  #end() {
    this.#stage.setAttribute('aria-label', 'Your score');
    this.#stage.replaceChildren(
      ...summary(score(this.#picks)),
      make(
        'button',
        {
          type: 'button',
          class: 'next',
          click: () => {
            this.setAttribute('seed', String(this.seed + 1));
            this.#begin();
            this.#stage.focus();
          },
        },
        'Another ten',
      ),
      make('p', { class: 'small' }, 'Choose a word below the plane to see its moment again.'),
    );
    this.#side.append(this.#charts.inspector);
    this.dataset.over = '';
  }

  /** Digits pick words. @param {KeyboardEvent} event */
  #key = ({ key, altKey, ctrlKey, metaKey, target }) => {
    if (altKey || ctrlKey || metaKey || !this.#stage.contains(/** @type {Node} */ (target))) return;
    const buttons = this.#stage.querySelectorAll('.choices button');
    const button = /^\d$/.test(key) ? buttons[Number(key) - 1] : undefined;
    if (button instanceof HTMLElement) button.click();
  };
}
customElements.define('be-the-sampler', Game);
