// @ts-check
// `<entropix-hub here="…">`: how much this browser stores for the site, and models of Hugging Face by their repository.
// Nothing is asked of it before the person does. A model that is chosen is told by the event `choose`, as its entry in
// JSON. The page asks for this file when its sheet of models opens, or a model is loaded.

import { make } from '../make.js';
import { filesOf, listAt, megabytes, refusal, repository } from './list.js';
import { about, measure, tokensPerSecond } from './speed.js';

class Hub extends HTMLElement {
  /** Told when what is stored may have changed. */
  static observedAttributes = ['here'];
  #room = make('p', { class: 'quiet small', 'data-testid': 'room' });
  #field = make('input', {
    'data-testid': 'hub',
    'aria-labelledby': 'hub-title',
    placeholder: 'owner/name, or its address',
    autocapitalize: 'off',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  #found = make('div', {});
  #said = make('p', { class: 'small', role: 'status', 'data-testid': 'hub-said' });
  /** Of several questions the last one counts. */
  #asked = 0;

  /** Measures once the sheet is seen: the hub is there before, with the model. */
  #seen = new ResizeObserver(() => {
    if (this.offsetHeight > 0) this.#estimate();
  });

  connectedCallback() {
    this.#look();
    this.#seen.observe(this);
    if (this.firstElementChild) return;
    const form = make(
      'form',
      { class: 'hub' },
      this.#field,
      make('button', { 'data-testid': 'hub-list' }, 'List its models'),
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#ask(this.#field.value);
    });
    this.append(
      this.#room,
      make('h2', { id: 'hub-title' }, 'From Hugging Face'),
      form,
      make(
        'p',
        { class: 'quiet small' },
        'The list, and a file that you choose, come from huggingface.co.',
      ),
      this.#said,
      this.#found,
    );
  }

  attributeChangedCallback() {
    this.#look();
  }

  disconnectedCallback() {
    this.#seen.disconnect();
  }

  /** Says of each file of the sheet how fast it would answer. */
  async #estimate() {
    const found = await measure();
    if (!found) return;
    for (const place of this.parentElement?.querySelectorAll('[data-bytes]') ?? []) {
      const { file = '', bytes } = /** @type {HTMLElement} */ (place).dataset;
      const speed = tokensPerSecond(found, file, Number(bytes));
      place.textContent = speed ? about(speed) : '';
    }
  }

  async #look() {
    const { usage, quota } = (await navigator.storage?.estimate?.().catch(() => null)) ?? {};
    this.#room.textContent =
      usage === undefined || quota === undefined
        ? ''
        : `Stored in this browser for this site, models and all: ${megabytes(usage)} of at most ${megabytes(quota)}.`;
  }

  /** @param {string} text */
  async #ask(text) {
    this.#asked += 1;
    const asked = this.#asked;
    this.#found.replaceChildren();
    const place = repository(text);
    if (!place) {
      this.#said.textContent =
        'That names no repository. Type owner/name, or paste its address at huggingface.co.';
      return;
    }
    this.#said.textContent = 'Asking Hugging Face …';
    let said = 'Hugging Face could not be reached. Check the connection and try again.';
    let files = /** @type {import('./list.js').File[]} */ ([]);
    try {
      const response = await fetch(listAt(place));
      said = refusal(response.status, place.name);
      if (response.ok) {
        files = filesOf(place, await response.json().catch(() => null));
        said = `${place.name} has ${files.length} GGUF ${files.length === 1 ? 'file' : 'files'}.`;
      }
    } catch (error) {
      if (error instanceof Error && error.name === 'Error') said = error.message;
    }
    if (asked !== this.#asked) return;
    this.#said.textContent = said;
    if (files.length > 0) this.#list(files);
  }

  /** @param {import('./list.js').File[]} files */
  #list(files) {
    const rows = files.map(({ model, problem }) => {
      const button = make('button', { 'data-testid': 'load-hub' }, 'Download');
      if (problem) button.setAttribute('disabled', '');
      button.addEventListener('click', () =>
        this.dispatchEvent(
          new CustomEvent('choose', { detail: JSON.stringify(model), bubbles: true }),
        ),
      );
      const rest = problem ? `can’t be run: ${problem}` : `${model.licence} · not tried here`;
      return make(
        'li',
        {},
        make('span', { class: 'name' }, model.name),
        make('span', { class: 'quiet small' }, `${megabytes(model.bytes)} · ${rest}`),
        make('span', {
          class: 'quiet small',
          'data-file': model.file,
          'data-bytes': `${model.bytes}`,
        }),
        make('span', { class: 'buttons' }, button),
      );
    });
    this.#found.replaceChildren(
      make(
        'ul',
        { class: 'models', 'data-testid': 'hub-files', 'aria-labelledby': 'hub-title' },
        ...rows,
      ),
    );
    this.#estimate();
  }
}

customElements.define('entropix-hub', Hub);
