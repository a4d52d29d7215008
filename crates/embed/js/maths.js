// @ts-check
// The maths, in wasm: loaded once, from beside this file.
import init, * as wasm from './embed.bindings.js';

/** @type {Promise<unknown>} */
let loading;

/** Loads the wasm; everything else here works after it. A failure is tried again by the next caller. */
export function ready() {
  loading ??= init({ module_or_path: new URL('embed_bg.wasm', import.meta.url) }).catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

export { wasm };
