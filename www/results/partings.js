// @ts-check
// `<recorded-partings>`: questions at which samplers part, and what each answered, token by token.
/** @import { Parting } from './list.js' */
import { make } from '../make.js';
import { address, partings, VERDICTS } from './list.js';

class Partings extends HTMLElement {
  #questions = make('select', {});
  #answers = make('div', { class: 'answers' });
  /** @type {Parting[]} */
  #all = [];

  connectedCallback() {
    if (this.#all.length) return;
    // Nothing is fetched that nobody comes near.
    const seen = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      seen.disconnect();
      this.#begin();
    });
    seen.observe(this);
  }

  async #begin() {
    try {
      this.#all = await partings();
    } catch {
      this.append(
        make(
          'p',
          { class: 'trouble' },
          'The recorded answers could not be fetched. Reload the page.',
        ),
      );
      return;
    }
    const families = [...new Set(this.#all.map(({ family }) => family))];
    for (const family of families) {
      const group = make('optgroup', { label: family });
      this.#all.forEach((parting, at) => {
        if (parting.family === family)
          group.append(make('option', { value: `${at}` }, parting.question));
      });
      this.#questions.append(group);
    }
    this.#questions.addEventListener('change', () => this.#show());
    this.replaceChildren(
      make('label', { class: 'question' }, 'Question ', this.#questions),
      this.#answers,
    );
    this.#show();
  }

  #show() {
    const { answers = [] } = this.#all[Number(this.#questions.value)] ?? {};
    const trace = document.createElement('entropix-trace');
    const rows = answers.map((answer) => {
      const { arm, verdict, claim, file } = answer;
      const button = make('button', { type: 'button', 'aria-pressed': 'false' }, arm);
      button.addEventListener('click', () => {
        for (const each of this.#answers.querySelectorAll('button'))
          each.setAttribute('aria-pressed', String(each === button));
        trace.setAttribute('src', address(file));
      });
      return make(
        'tr',
        {},
        make('th', { scope: 'row' }, button),
        make('td', {}, claim || '–'),
        make('td', { class: verdict }, VERDICTS[verdict]),
      );
    });
    const heads = ['sampler', 'what it says', 'verdict'].map((name) =>
      make('th', { scope: 'col' }, name),
    );
    this.#answers.replaceChildren(
      make(
        'table',
        { 'aria-label': 'Answers' },
        make('thead', {}, make('tr', {}, ...heads)),
        make('tbody', {}, ...rows),
      ),
      trace,
    );
    // PROMISED is what the page is about.
    const own = answers.findIndex(({ arm }) => arm === 'PROMISED');
    rows[Math.max(own, 0)]?.querySelector('button')?.click();
  }
}

customElements.define('recorded-partings', Partings);
