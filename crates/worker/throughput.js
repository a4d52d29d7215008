// @ts-check
// Measures this machine for an estimate, tells what it found, and ends. A worker of its own: the page's may be busy.
import init, { throughput } from './engine.js';

await init();
// The engine itself has said that it is up.
self.postMessage({ measured: throughput() });
self.close();
