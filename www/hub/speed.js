// @ts-check
// About how fast this device would answer with a file, measured in half a second by the engine itself.

/** What was found: bytes a second by type of weights, and `decision`, the ms that a token's numbers take. */
/** @typedef {Record<string, number>} Found */

/** @type {Promise<Found | undefined> | undefined} */
let measured;

/** Measures once; nothing where the engine can't run. */
export function measure() {
  measured ??= new Promise((resolve) => {
    const [engine] = JSON.parse(document.getElementById('engines')?.textContent || '[]');
    if (!engine) return resolve(undefined);
    const worker = new Worker(engine.url.replace('worker.js', 'throughput.js'), { type: 'module' });
    worker.onmessage = ({ data }) => {
      if ('measured' in data) resolve(data.measured);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      resolve(undefined);
    };
  });
  return measured;
}

/**
 * Tokens in a second: each takes all bytes of the file once, and its own numbers. Of a file whose name does not say its
 * type it is not known.
 * @param {Found} found
 * @param {string} file its name
 * @param {number} bytes
 */
export function tokensPerSecond(found, file, bytes) {
  const [, type] = file.toUpperCase().match(/[-._](Q\d_[01K])(?=[-._])/) ?? [];
  const rate = type && found[type];
  return rate ? 1000 / ((bytes / rate) * 1000 + found.decision) : undefined;
}

/**
 * `about 45 tokens/s on this device`: an estimate is not known to a token, nor one below one.
 * @param {number} speed
 */
export function about(speed) {
  const rounded = speed < 10 ? Math.max(1, Math.round(speed)) : Math.round(speed / 5) * 5;
  return `about ${rounded} token${rounded === 1 ? '' : 's'}/s on this device`;
}
