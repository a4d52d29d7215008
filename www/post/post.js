// @ts-check
// `<for-a-post>`: what brings an answer, or a small chat that asks the same, into a page of one's own. `data-link` is what
// the address of the chat says to repeat the answer; without it there is only the answer. The page asks for this file when
// it shows the element.
import { make } from '../make.js';

/** What the address of a small chat takes of it as it stands (mini/asked.js). */
const TAKEN = ['prompt', 'sampler', 'seed', 'tokens', 'system'];
/** What else is known: the model, and where the answer parted. */
const NAMES = ['model', 'weights', 'sha256', 'fork'];

/** @param {string} path beside the chat */
const address = (path) => new URL(path, document.baseURI).href;
/** @param {string} text */
const quoted = (text) => text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');

const answer = () =>
  `<script type="module" src="${address('embed/v1/embed.js')}"></script>
<entropix-trace src="entropix-trace.json"></entropix-trace>`;

/** @param {URLSearchParams} link */
function chat(link) {
  const query = new URLSearchParams([['view', 'chat']]);
  for (const name of TAKEN) {
    const value = link.get(name);
    if (value !== null) query.set(name, value);
  }
  // A model of a person's own has no hash, and the list of models does not know it.
  if (link.has('sha256')) query.set('model', link.get('model') ?? '');
  return `<iframe src="${quoted(address(`embed.html?${query}`))}"
        title="A small language model" width="100%" height="260" frameborder="0" sandbox="allow-scripts"></iframe>`;
}

/**
 * What the small chat does otherwise than this answer was made.
 * @param {URLSearchParams} link
 */
function otherwise(link) {
  const known = [...TAKEN, ...NAMES];
  const said = [];
  if ([...link.keys()].some((name) => !known.includes(name)))
    said.push('It has the sampler’s own numbers, not those that were changed here.');
  if (link.has('fork')) said.push('It answers without the words that were put in here.');
  if (!link.has('sha256'))
    said.push('It has the first model of the list, not the one of this answer.');
  return said.join(' ');
}

/**
 * @param {string} name
 * @param {string} words
 * @param {string} text
 */
function snippet(name, words, text) {
  const area = make('textarea', {
    readonly: '',
    rows: '3',
    spellcheck: 'false',
    'data-testid': name,
  });
  area.value = text;
  const copy = make('button', { class: 'link', type: 'button' }, 'Copy');
  copy.addEventListener('click', async () => {
    // Where the browser does not let a page copy, the text is selected for the keyboard.
    area.select();
    try {
      await navigator.clipboard.writeText(text);
      copy.textContent = 'Copied';
    } catch {
      copy.textContent = 'Selected: copy it with the keyboard';
    }
  });
  return [make('label', {}, words, area), copy];
}

class ForAPost extends HTMLElement {
  connectedCallback() {
    if (this.firstElementChild) return;
    this.append(
      ...snippet(
        'post-answer',
        'This answer, replayed word by word. Its trace lies beside your page: download it above.',
        answer(),
      ),
    );
    const link = new URLSearchParams(this.dataset.link ?? '');
    if (link.get('prompt'))
      this.append(
        ...snippet(
          'post-chat',
          `A small chat that asks this, and loads nothing before a reader wants it. ${otherwise(link)}`,
          chat(link),
        ),
      );
    if (/^(127\.|localhost$|\[::1\]$)/.test(location.hostname))
      this.append(
        make(
          'p',
          { class: 'quiet' },
          'These addresses are this machine’s: put your host in their place.',
        ),
      );
  }
}

customElements.define('for-a-post', ForAPost);
