// @ts-check
// What authors are told when something fails; loaded only then.

/**
 * What to do if the maths does not come.
 * @param {Error} error
 * @param {URL} file that of the maths
 * @param {string[]} forbidden directives of the page's policy
 */
export function advise({ name, message }, file, forbidden) {
  const policy = "The page's Content-Security-Policy needs";
  if (forbidden.some((each) => each.startsWith('connect')))
    return new Error(`${policy} connect-src ${file.origin}`);
  if (forbidden.length || /unsafe-eval|CSP/.test(message))
    return new Error(`${policy} script-src 'wasm-unsafe-eval'`);
  if (name === 'TypeError')
    return new Error(
      `${file} can't be reached, or its server does not send Access-Control-Allow-Origin`,
    );
  return new Error(`${file} is not what it should be: ${message}`);
}
