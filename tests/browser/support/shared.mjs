// What is costly to start and alike for all test files of a process: it is started once, and closed when they are over.
import { after } from 'node:test';

/** @type {Map<string, Promise<{ close: () => unknown }>>} */
const started = new Map();

/**
 * The one thing of this name.
 * @template {{ close: () => unknown }} T
 * @param {string} name
 * @param {() => Promise<T>} start
 */
export function shared(name, start) {
  if (!started.has(name)) started.set(name, start());
  return /** @type {Promise<T>} */ (started.get(name));
}

export async function closeShared() {
  for (const [name, starting] of started) {
    started.delete(name);
    // What did not start has failed a test.
    const thing = await starting.catch(() => null);
    await thing?.close();
  }
}

// A test file that runs alone knows its end; of several, ../../lane.mjs does.
if (process.argv[1]?.endsWith('.test.mjs')) after(closeShared);
