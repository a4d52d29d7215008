// @ts-check
// The maths, in wasm: loaded once, from beside this file.
import * as wasm from './embed.bindings.js';
import { later } from './later.js';

const advice = later((_again) => import('./advice.js'));
const file = new URL('embed_bg.wasm', import.meta.url);
/** How long a policy's report may take after what it forbade has failed, in ms. */
const REPORT = 100;

/** @type {Promise<unknown>} */
let loading;
let loaded = false;

/** Whether the maths is there. */
export const here = () => loaded;

/** Loads the wasm; everything else here works after it. A failure is tried again by the next caller. */
export function ready() {
  loading ??= load().catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load() {
  const forbidden = /** @type {string[]} */ ([]);
  const note = (/** @type {SecurityPolicyViolationEvent} */ { effectiveDirective, blockedURI }) => {
    if (/^wasm|embed_bg\.wasm/.test(blockedURI) || blockedURI === file.origin)
      forbidden.push(effectiveDirective);
  };
  document.addEventListener('securitypolicyviolation', note);
  try {
    const answer = await fetch(file);
    if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
    // Not as it streams in: servers that don't know wasm send it as something else.
    wasm.start(
      (await WebAssembly.instantiate(await answer.arrayBuffer(), wasm.imports())).instance,
    );
    loaded = true;
  } catch (error) {
    await new Promise((resolve) => setTimeout(resolve, REPORT));
    throw await advice().then(
      ({ advise }) => advise(/** @type {Error} */ (error), file, forbidden),
      () => error,
    );
  } finally {
    document.removeEventListener('securitypolicyviolation', note);
  }
}

export { wasm };
