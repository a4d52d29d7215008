// @ts-check
// The worker with the model, as a frame starts it.

/** @typedef {(message: any, blob?: Blob) => void} Hear takes an event of crates/protocol, and the file beside it */

/**
 * Starts the script. A frame without an origin of its own may start no script of ours, only one that stands in its address,
 * and that may fetch ours.
 * @param {string} script its address
 */
function start(script) {
  const from = encodeURIComponent(`import ${JSON.stringify(script)};`);
  const address = self.origin === 'null' ? `data:text/javascript,${from}` : script;
  return new Worker(address, { type: 'module' });
}

/** What has gone wrong where the worker itself can't say it. */
export const broken = {
  failed: {
    about: 'worker',
    problem: {
      kind: 'browser',
      message: 'The engine could not be started here',
      advice: 'Reload the page, or open the chat by itself.',
    },
  },
};

export class Engine {
  #worker;
  /** Requests that were made before it was up. */
  #waiting = /** @type {unknown[] | null} */ ([]);

  /**
   * @param {string} script
   * @param {Hear} hear
   */
  constructor(script, hear) {
    this.#worker = start(script);
    this.#worker.onmessage = ({ data: { message, blob } }) => {
      if (message.hello) {
        for (const envelope of this.#waiting ?? []) this.#worker.postMessage(envelope);
        this.#waiting = null;
      }
      hear(message, blob);
    };
    this.#worker.onerror = () => hear(broken);
  }

  /**
   * @param {unknown} message a request of crates/protocol
   * @param {Blob} [blob] the file it is about
   */
  send(message, blob) {
    const envelope = { message, blob };
    if (this.#waiting) this.#waiting.push(envelope);
    else this.#worker.postMessage(envelope);
  }

  /** Whether it has said nothing yet. */
  get starts() {
    return this.#waiting !== null;
  }

  end() {
    this.#worker.terminate();
  }
}
