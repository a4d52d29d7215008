// @ts-check
// The maths, in wasm: loaded once, from beside this file.
import init, * as wasm from './embed.bindings.js';

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
    await init({ module_or_path: fetch(file) });
    loaded = true;
  } catch (error) {
    await new Promise((resolve) => setTimeout(resolve, REPORT));
    throw new Error(why(/** @type {Error} */ (error), forbidden));
  } finally {
    document.removeEventListener('securitypolicyviolation', note);
  }
}

/**
 * What to do about it.
 * @param {Error} error
 * @param {string[]} forbidden directives of the page's policy
 */
function why({ name, message }, forbidden) {
  const policy = "The page's Content-Security-Policy needs";
  if (forbidden.some((each) => each.startsWith('connect')))
    return `${policy} connect-src ${file.origin}`;
  if (forbidden.length || /unsafe-eval|CSP/.test(message))
    return `${policy} script-src 'wasm-unsafe-eval'`;
  if (name === 'TypeError')
    return `${file} can't be reached, or its server does not send Access-Control-Allow-Origin`;
  return `${file} is not what it should be: ${message}`;
}

export { wasm };
