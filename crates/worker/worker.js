// @ts-check
// Starts the engine. Messages that come before it is up are kept; a crash is told to the page.
import init, { failed_allocation, handle } from './engine.js';

/** @type {unknown[]} */
const waiting = [];
let up = false;
self.onmessage = ({ data }) => (up ? handle(data) : waiting.push(data));

/**
 * Tells the page of a problem.
 * @param {string} kind
 * @param {string} message
 * @param {string} advice what to do
 */
const tell = (kind, message, advice) =>
  self.postMessage({
    message: { failed: { about: 'worker', problem: { kind, message, advice } } },
  });

/** @param {any} reason what was thrown */
function crashed(reason) {
  let bytes = 0;
  try {
    bytes = failed_allocation();
  } catch {
    // The engine never started.
  }
  if (bytes > 0) {
    const mib = Math.ceil(bytes / 1048576);
    tell(
      'out_of_memory',
      `Memory ran out: the browser refused ${mib} MiB more`,
      'Close other tabs, or choose a smaller model.',
    );
  } else {
    const text = reason?.message ?? String(reason);
    tell(
      'crashed',
      `The engine stopped unexpectedly: ${text}`,
      'It is started again; send your message once more.',
    );
  }
}
// Told once, in our words: prevented, the browser does not report it to the page again.
self.addEventListener('error', (event) => {
  event.preventDefault();
  crashed(event.error ?? event.message);
});
self.addEventListener('unhandledrejection', (event) => {
  event.preventDefault();
  crashed(event.reason);
});

try {
  await init();
  up = true;
  for (const data of waiting.splice(0)) handle(data);
} catch (/** @type {any} */ error) {
  tell(
    'browser',
    `The engine could not start: ${error?.message ?? error}`,
    'Reload the page; if that does not help, update the browser.',
  );
}
