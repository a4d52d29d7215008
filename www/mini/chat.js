// @ts-check
// A small chat for other people's posts: `embed.html?view=chat&prompt=…`. Nothing is fetched before a person asks for it,
// and nothing is kept but the model.
import { megabytes } from '../hub/list.js';
import { make } from '../make.js';
import { link, read, recipe } from './asked.js';
import { broken, Engine } from './engine.js';

/** What addresses in the list, and those of workers, are relative to. */
const SITE = new URL('../', import.meta.url);
/** The browser's store of models, as crates/worker names it. */
const STORE = 'entropix-models';

const coarse = matchMedia('(pointer: coarse)');

/** Whether this browser has the file; null where the frame has no storage. */
async function isStored(/** @type {string} */ sha256) {
  try {
    const key = `${self.origin}/stored-models/${sha256}`;
    return Boolean(await caches.match(key, { cacheName: STORE }));
  } catch {
    return null;
  }
}

/**
 * `<entropix-tokens>`, as crates/embed describes it.
 * @typedef {HTMLElement & { vocabulary: number, busy: boolean, end: number | null, entries: any[],
 *   append(entry: object): void, retract(count: number): void }} Strip
 */
/** @typedef {{ role: string, content: string, ids?: number[] }} Message */

class Chat {
  #asked;
  #engines = /** @type {{ url: string, needs: string[], architectures: string }[]} */ ([]);
  /** The model as the list has it. */
  #listed = /** @type {any} */ (null);
  /** What is known of it once it is loaded; its file comes with it. */
  #loaded = /** @type {any} */ (null);
  #file = /** @type {Blob | undefined} */ (undefined);
  #engine = /** @type {Engine | null} */ (null);
  #said = /** @type {Message[]} */ ([]);
  #strip = /** @type {Strip | null} */ (null);
  /** What the engine does now, in one word; '' for nothing. */
  #doing = /** @type {'' | 'load' | 'answer'} */ ('');
  /** Whether a person has stopped the load. */
  #stopped = false;
  /** Of several answers the last one counts. */
  #id = 0;

  #title = make('h1', { class: 'unseen' }, 'Ask a small language model');
  #turns = make('div', {});
  #field = make('textarea', {
    rows: '2',
    'aria-label': 'Your question',
    placeholder: 'Ask something',
  });
  #send = make('button', { class: 'send' });
  #stop = make('button', { type: 'button' }, 'Stop');
  #again = make('button', { type: 'button' }, 'Another answer');
  #over = make('button', { type: 'button' }, 'Start over');
  #status = make('p', { class: 'quiet', role: 'status' });
  #bar = make('progress', { 'aria-label': 'Download' });
  /** What changes too often to be read out. */
  #progress = make('p', { class: 'quiet' });
  #problem = make('p', { class: 'problem', role: 'alert' });
  /** The answer, for screen readers: its words come one by one. */
  #spoken = make('p', { class: 'unseen', 'aria-live': 'polite' });
  #whole = make('a', { target: '_blank', rel: 'noopener' }, 'Open in the whole chat');
  #name = make('span', {});
  #about = make('p', { class: 'quiet' }, this.#name, this.#whole);
  #below = make(
    'div',
    {},
    this.#field,
    make('div', { class: 'row' }, this.#send, this.#stop, this.#again, this.#over),
    this.#bar,
    this.#progress,
    this.#status,
    this.#spoken,
    this.#problem,
  );

  /** @param {URLSearchParams} query */
  constructor(query) {
    const { asked, wrong } = read(query);
    this.#asked = asked;
    this.#field.value = asked.prompt;
    this.#problem.textContent = wrong.join(' ');
    // No form: a sandbox may not send one.
    const ask = () => this.#ask(this.#field.value.trim());
    this.#send.addEventListener('click', ask);
    this.#field.addEventListener('keydown', (event) => {
      // Safari ends what an input method composes before it tells of the key (229). Keyboards on screens have no Shift
      // beside Enter.
      const composes = event.isComposing || event.keyCode === 229;
      if (event.key !== 'Enter' || event.shiftKey || composes || coarse.matches) return;
      event.preventDefault();
      ask();
    });
    this.#stop.addEventListener('click', () => this.#halt());
    this.#again.addEventListener('click', () => {
      this.#asked.seed = crypto.getRandomValues(new Uint32Array(1))[0];
      this.#turns.lastElementChild?.remove();
      this.#said.pop();
      this.#go();
    });
    this.#over.addEventListener('click', () => {
      this.#said = [];
      this.#turns.replaceChildren();
      this.#strip = null;
      this.#problem.textContent = '';
      this.#say('');
      this.#show();
    });
    this.body = make('main', { class: 'mini' }, this.#title, this.#turns, this.#below, this.#about);
    this.#show();
  }

  /** Looks up what would be loaded. */
  async begin() {
    try {
      this.#engines = JSON.parse(document.getElementById('engines')?.textContent ?? '[]');
      const list = await (await fetch(new URL('models/manifest.json', SITE))).json();
      const { model } = this.#asked;
      this.#listed = list.find((/** @type {any} */ each) => !model || each.name === model);
      const names = list.map((/** @type {any} */ each) => each.name).join(', ');
      if (!this.#listed)
        this.#problem.textContent = `There is no model “${model}”. There are ${names}.`;
    } catch {
      this.#problem.textContent = 'The list of models could not be fetched. Reload the page.';
    }
    if (this.#listed) await this.#tell();
    this.#show();
  }

  /** Says what a press will cost. */
  async #tell() {
    const { bytes, sha256, urls } = this.#listed;
    const [place] = urls.map((/** @type {string} */ url) => new URL(url, SITE).host);
    const stored = await isStored(sha256);
    const keeps = stored === null ? 'and this frame can’t keep it' : 'once';
    const cost = stored
      ? 'It is in this browser already.'
      : `It is a download of ${megabytes(bytes)} from ${place}, ${keeps}.`;
    this.#say(
      `${cost} The model runs on this device, on one processor core; what you type stays here.`,
    );
  }

  #say(/** @type {string} */ text) {
    this.#status.textContent = text;
    this.#progress.textContent = '';
  }

  #ask(/** @type {string} */ question) {
    if (!question || this.#doing || !this.#listed) return;
    if (!this.#said.length) this.#asked.prompt = question;
    this.#said.push({ role: 'user', content: question });
    this.#turns.append(make('p', { class: 'question' }, question));
    this.#field.value = '';
    this.#go();
  }

  /** Answers what was said, once there is a model. */
  #go() {
    if (this.#loaded) this.#answer();
    else this.#load();
  }

  /** Ends what goes on. */
  #halt() {
    if (this.#doing === 'answer') return this.#engine?.send('stop');
    this.#stopped = true;
    // What has come of a download is kept for the next time.
    if (!this.#engine?.starts) return this.#engine?.send('pause');
    this.#engine.end();
    this.#engine = null;
    this.#giveBack();
  }

  /** The question that gets no answer now returns to the field. */
  #giveBack() {
    const question = this.#said.at(-1)?.role === 'user' ? this.#said.pop() : undefined;
    if (question) {
      const typed = [question.content, this.#field.value];
      this.#field.value = typed.filter(Boolean).join('\n');
      while (this.#turns.lastElementChild?.className !== 'question')
        this.#turns.lastElementChild?.remove();
      this.#turns.lastElementChild.remove();
    }
    this.#doing = '';
    this.#say('');
    this.#show();
  }

  #load() {
    this.#doing = 'load';
    this.#stopped = false;
    this.#problem.textContent = '';
    this.#say('Starting …');
    this.#show();
    const { name, urls, bytes, sha256 } = this.#listed;
    const found = this.#engines.find(({ architectures }) => architectures === 'own');
    const script = new URL(found?.url ?? '', SITE).href;
    try {
      this.#engine ??= new Engine(script, (message, blob) => this.#hear(message, blob));
    } catch {
      return this.#fail(broken.failed);
    }
    const web = {
      name,
      urls: urls.map((/** @type {string} */ url) => new URL(url, SITE).href),
      bytes,
      sha256,
    };
    const source = this.#file ? { blob: { name } } : { web };
    this.#engine.send({ load: { source } }, this.#file);
  }

  #answer() {
    this.#doing = 'answer';
    this.#problem.textContent = '';
    this.#say('Answering …');
    this.#id += 1;
    // One inspector is enough.
    this.#strip?.setAttribute('inspector', 'none');
    this.#strip = /** @type {Strip} */ (document.createElement('entropix-tokens'));
    this.#strip.setAttribute('follow', '');
    this.#strip.vocabulary = this.#loaded.vocabulary;
    this.#strip.busy = true;
    this.#turns.append(make('div', { class: 'answer' }, this.#strip));
    this.#engine?.send({
      generate: {
        id: this.#id,
        messages: this.#messages(),
        recipe: recipe(this.#asked, this.#loaded, this.#listed),
      },
    });
    this.#show();
  }

  #messages() {
    const { system } = this.#asked;
    return system ? [{ role: 'system', content: system }, ...this.#said] : this.#said;
  }

  /**
   * @param {any} message
   * @param {Blob} [blob]
   */
  #hear({ progress, ready, generation, failed }, blob) {
    if (progress) this.#advance(progress);
    if (ready) {
      this.#loaded = ready.model;
      this.#file = blob;
      if (this.#stopped) this.#giveBack();
      else this.#answer();
    }
    if (generation?.id === this.#id) this.#step(generation.step);
    if (failed) this.#fail(failed);
  }

  #advance(/** @type {{ phase: string, done: number, total: number }} */ { phase, done, total }) {
    this.#bar.max = total;
    this.#bar.value = done;
    const share = `${megabytes(done)} of ${megabytes(total)}`;
    this.#progress.textContent = `${phase === 'download' ? 'Downloading' : 'Loading'}: ${share}`;
  }

  #step(/** @type {any} */ { prefill, token, branch, retract, done }) {
    const strip = /** @type {Strip} */ (this.#strip);
    if (prefill)
      this.#progress.textContent = `Reading the question: ${prefill.done} of ${prefill.total} tokens`;
    if (branch)
      this.#progress.textContent = `Trying ${branch.branches} ways to go on: ${branch.tokens} tokens`;
    if (token) {
      strip.append(token.entry);
      this.#progress.textContent = '';
    }
    if (retract) strip.retract(retract.to);
    if (done) this.#end(done);
  }

  #end(/** @type {any} */ { finish, stats }) {
    const strip = /** @type {Strip} */ (this.#strip);
    const { entries } = strip;
    strip.busy = false;
    const ended = finish === 'end_of_turn';
    if (ended) strip.end = entries.length - 1;
    const kept = ended ? entries.slice(0, -1) : entries;
    this.#said.push({
      role: 'assistant',
      content: kept.map(({ text }) => text).join(''),
      ids: kept.map(({ decision }) => decision.token),
    });
    const mean = (/** @type {'entropy_bits' | 'varentropy_bits2'} */ name) =>
      entries.reduce((sum, { decision }) => sum + decision.uncertainty[name], 0) / entries.length;
    const rate = stats.tokens > 1 ? ((stats.tokens - 1) / stats.decode_ms) * 1000 : 0;
    const facts = [
      `${kept.length} tokens`,
      rate && `${rate.toFixed(0)} tokens/s`,
      entries.length && `mean H ${mean('entropy_bits').toFixed(2)} bits`,
      entries.length && `mean V ${mean('varentropy_bits2').toFixed(2)} bits²`,
      `seed ${this.#asked.seed}`,
      finish === 'context_full' && 'the context is full',
    ];
    this.#say(facts.filter(Boolean).join(' · '));
    this.#spoken.textContent = this.#said.at(-1)?.content ?? '';
    this.#doing = '';
    this.#show();
  }

  #fail(/** @type {any} */ { about, problem: { message, advice } }) {
    if (about.generation && about.generation.id !== this.#id) return;
    this.#problem.textContent = `${message.charAt(0).toUpperCase()}${message.slice(1)}. ${advice}`;
    // A file that can't be read any more is fetched again.
    if (about === 'load') this.#file = undefined;
    if (this.#strip) this.#strip.busy = false;
    if (about === 'worker') {
      // The next question starts another one, with the file that is here.
      this.#engine?.end();
      this.#engine = this.#loaded = null;
    }
    this.#giveBack();
  }

  #show() {
    const { sampler, model } = this.#asked;
    const focused = document.activeElement;
    this.#send.textContent = this.#loaded ? 'Ask' : 'Load the model and answer';
    this.#send.disabled = !this.#listed || Boolean(this.#doing);
    this.#stop.hidden = !this.#doing;
    this.#bar.hidden = this.#doing !== 'load';
    this.#again.hidden = Boolean(this.#doing) || this.#said.at(-1)?.role !== 'assistant';
    this.#over.hidden = Boolean(this.#doing) || !this.#said.length;
    this.#name.textContent = `${this.#listed?.name ?? model} · sampler ${sampler} · `;
    this.#whole.href = link(this.#asked);
    // The keyboard stays near where its button goes; one on the screen does not come up by itself.
    const gone = focused instanceof HTMLButtonElement && (focused.hidden || focused.disabled);
    if (gone && !coarse.matches) (this.#doing ? this.#stop : this.#field).focus();
  }
}

/**
 * Shows the chat that an address asks for.
 * @param {URLSearchParams} query
 */
export function open(query) {
  const style = make('link', {
    rel: 'stylesheet',
    href: new URL('./mini.css', import.meta.url).href,
  });
  document.head.append(style);
  const chat = new Chat(query);
  document.body.replaceChildren(chat.body);
  chat.begin();
}
