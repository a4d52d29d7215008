// @ts-check
// `<run-it-here>`: some of the recorded answers once more, by the model in this browser: are the tokens the same?
/** @import { Answer, Parting } from './list.js' */
import { make } from '../make.js';
import { address, partings, read } from './list.js';

/** Whose answers a page can repeat: a sham needs what PROMISED saw elsewhere. */
const ARMS = ['greedy', 'plain', 'PROMISED'];
const SITE = new URL('../', import.meta.url);
/** Phrases that a sampler puts in are no tokens of an answer: there is room for them. */
const MOST = 48;

/**
 * @typedef {{ parting: Parting, answer: Answer }} Job
 * @typedef {{ messages: object[], sampler: object, seed: number | string, tokens: Token[], retracted?: { tokens: Token[] }[] }} Trace
 * @typedef {{ text: string, decision: { token: number } }} Token
 */

class Rerun extends HTMLElement {
  #start = make('button', { type: 'button' }, 'Load the model and answer them again');
  #stop = make('button', { type: 'button' }, 'Stop');
  #status = make('p', { class: 'small', role: 'status' });
  #rows = make('tbody', {});
  #table = make(
    'table',
    {},
    make('caption', {}, 'Answered again here'),
    make(
      'thead',
      {},
      make(
        'tr',
        {},
        ...['task', 'sampler', 'answer', 'tokens'].map((name) =>
          make('th', { scope: 'col' }, name),
        ),
      ),
    ),
    this.#rows,
  );
  /** What changes too often to be read out. */
  #progress = make('p', { class: 'small' });
  /** Ends what goes on. */
  #ending = new AbortController();
  #id = 0;

  connectedCallback() {
    if (this.#status.isConnected) return;
    this.#stop.hidden = true;
    this.#table.hidden = true;
    this.#start.addEventListener('click', () => this.#run());
    this.#stop.addEventListener('click', () => this.#ending.abort(new Error('Stopped.')));
    this.replaceChildren(
      make('p', {}, this.#start, this.#stop),
      this.#status,
      this.#progress,
      this.#table,
    );
    this.#tell();
  }

  disconnectedCallback() {
    this.#ending.abort(new Error('Stopped.'));
  }

  /** Says what a press will cost. */
  async #tell() {
    try {
      const { megabytes } = await import('../hub/list.js');
      const [model] = await read(new URL('models/manifest.json', SITE).href);
      this.#status.textContent = `The model is a download of ${megabytes(model.bytes)}, once; it runs on this device, on one processor core.`;
    } catch {
      this.#status.textContent = 'The list of models could not be fetched. Reload the page.';
    }
  }

  async #run() {
    const ending = new AbortController();
    this.#ending = ending;
    this.#start.hidden = true;
    this.#stop.hidden = false;
    this.#stop.focus();
    this.#rows.replaceChildren();
    this.#status.textContent = 'Starting …';
    /** @type {Runner | null} */
    let runner = null;
    try {
      const jobs = await this.#jobs();
      const { Engine } = await import('../mini/engine.js');
      ending.signal.throwIfAborted();
      runner = new Runner(Engine, ending.signal);
      await runner.load((done, total, phase) => this.#advance(done, total, phase));
      this.#progress.textContent = '';
      this.#table.hidden = false;
      await this.#answers(jobs, runner, ending.signal);
    } catch (error) {
      // Where the network fails, browsers say no more than that.
      const said = error instanceof TypeError ? 'Something could not be fetched. Try again.' : '';
      this.#status.textContent = said || /** @type {Error} */ (error).message;
    }
    runner?.end();
    this.#progress.textContent = '';
    this.#start.textContent = 'Answer them again';
    this.#start.hidden = false;
    // The keyboard stays where its button was.
    if (document.activeElement === this.#stop) this.#start.focus();
    this.#stop.hidden = true;
  }

  async #advance(
    /** @type {number} */ done,
    /** @type {number} */ total,
    /** @type {string} */ phase,
  ) {
    const { megabytes } = await import('../hub/list.js');
    const what = phase === 'download' ? 'Downloading' : 'Loading';
    this.#progress.textContent = `${what}: ${megabytes(done)} of ${megabytes(total)}`;
  }

  /**
   * @param {Job[]} jobs
   * @param {Runner} runner
   * @param {AbortSignal} signal
   */
  async #answers(jobs, runner, signal) {
    let same = 0;
    for (const [at, { parting, answer }] of jobs.entries()) {
      this.#progress.textContent = `Answer ${at + 1} of ${jobs.length} …`;
      const trace = /** @type {Trace} */ (await read(address(answer.file)));
      signal.throwIfAborted();
      const ids = trace.tokens.map(({ decision }) => decision.token);
      this.#id += 1;
      const made = await runner.answer(this.#id, trace);
      const differs = ids.findIndex((id, place) => made[place] !== id);
      if (differs < 0) same += 1;
      this.#rows.append(
        make(
          'tr',
          {},
          make('th', { scope: 'row' }, parting.family),
          make('td', {}, answer.arm),
          make('td', {}, trace.tokens.map(({ text }) => text).join('')),
          make(
            'td',
            {},
            differs < 0 ? `✓ the same ${ids.length}` : `✗ another one in place ${differs + 1}`,
          ),
        ),
      );
    }
    this.#status.textContent = `${same} of ${jobs.length} answers are the same, token for token.`;
  }

  /** The first question of each family. */
  async #jobs() {
    const all = await partings();
    const first = all.filter(
      ({ family }, at) => all.findIndex((other) => other.family === family) === at,
    );
    return first.flatMap((parting) =>
      parting.answers
        .filter(({ arm }) => ARMS.includes(arm))
        .map((answer) => /** @type {Job} */ ({ parting, answer })),
    );
  }
}

/** The model in its worker, for one run. */
class Runner {
  #engine;
  #signal;
  /** Takes what the engine says. @type {(message: any) => void} */
  #hear = () => {};

  /**
   * @param {typeof import('../mini/engine.js').Engine} Engine
   * @param {AbortSignal} signal
   */
  constructor(Engine, signal) {
    this.#signal = signal;
    const engines = JSON.parse(document.getElementById('engines')?.textContent ?? '[]');
    const { url } = engines.find((/** @type {any} */ { architectures }) => architectures === 'own');
    this.#engine = new Engine(new URL(url, SITE).href, (message) => this.#hear(message));
  }

  end() {
    this.#engine.end();
  }

  /**
   * Sends a request and waits for its end.
   * @template T
   * @param {unknown} request
   * @param {(message: any, resolve: (value: T) => void) => void} hear
   * @returns {Promise<T>}
   */
  #ask(request, hear) {
    return new Promise((resolve, reject) => {
      this.#signal.addEventListener('abort', () => reject(this.#signal.reason));
      this.#hear = (message) => {
        if (message.failed) reject(problem(message.failed));
        else hear(message, resolve);
      };
      this.#engine.send(request);
    });
  }

  /** @param {(done: number, total: number, phase: string) => void} advance */
  async load(advance) {
    const [{ name, urls, bytes, sha256 }] = await read(new URL('models/manifest.json', SITE).href);
    this.#signal.throwIfAborted();
    const places = urls.map((/** @type {string} */ url) => new URL(url, SITE).href);
    const source = { web: { name, urls: places, bytes, sha256 } };
    await this.#ask({ load: { source } }, ({ progress, ready }, resolve) => {
      if (progress) advance(progress.done, progress.total, progress.phase);
      if (ready) resolve(ready);
    });
  }

  /**
   * An answer's tokens, as far as the recorded one goes.
   * @param {number} id
   * @param {Trace} trace
   * @returns {Promise<number[]>}
   */
  answer(id, { messages, sampler, seed, tokens, retracted = [] }) {
    // Those that were taken back count, too: others came in their place.
    const count = retracted.reduce((sum, back) => sum + back.tokens.length, tokens.length);
    const ids = /** @type {number[]} */ ([]);
    let made = 0;
    const recipe = { sampler, seed, max_tokens: MOST, one_line: true };
    return this.#ask({ generate: { id, messages, recipe } }, ({ generation }, resolve) => {
      if (generation?.id !== id) return;
      const { token, retract, done } = generation.step;
      if (done) resolve(ids);
      // What comes after the recorded ones is of no interest, and takes none of them back.
      if (made >= count) return;
      if (retract) ids.length = retract.to;
      if (token) {
        ids.push(token.entry.decision.token);
        made += 1;
        if (made === count) this.#engine.send('stop');
      }
    });
  }
}

/** @param {{ problem: { message: string, advice: string } }} failed */
const problem = ({ problem: { message, advice } }) =>
  new Error(`${message.charAt(0).toUpperCase()}${message.slice(1)}. ${advice}`);

customElements.define('run-it-here', Rerun);
