// @ts-check
// Traces come from elsewhere: they are checked before anything is drawn.
/** @import { Entry, Recording } from './types.js' */
/** @typedef {import('./tokens.js').Tokens | import('./trace.js').Trace} Player what shows a trace */

/** @param {unknown} value */
const isText = (value) => typeof value === 'string';
/** @param {Entry} token */
const isToken = ({
  attention,
  text,
  label,
  p,
  rank,
  top,
  decision: { uncertainty: u, sentence },
}) =>
  (!attention ||
    (attention.heads > 0 &&
      attention.bits.length &&
      attention.bits.every(Number.isFinite) &&
      attention.bits.length % attention.heads === 0)) &&
  [text, label, sentence, ...top.map((each) => each.label)].every(isText) &&
  [p, rank, u.entropy_bits, u.varentropy_bits2, ...top.map((each) => each.p)].every(
    Number.isFinite,
  );

/**
 * What is wrong with a trace, in words; '' if nothing is.
 * @param {Recording} trace
 */
function flaw(trace) {
  if (![1, 2].includes(trace?.schema)) return `has schema ${trace?.schema}, not 1 or 2`;
  try {
    if (trace.messages.map && trace.sampler.kind && trace.tokens.every(isToken)) return '';
  } catch {
    /* A part is missing. */
  }
  return 'is no whole trace';
}

/**
 * `element.open(trace)`, or `element.open(null, what is wrong with it)`.
 * @param {Player} element
 * @param {string} attribute
 * @param {Recording} trace
 */
export function offer(element, attribute, trace, wrong = flaw(trace)) {
  if (element.started) element.settle();
  if (wrong) element.warn(attribute, `the recorded chat ${wrong}`);
  element.open(wrong ? null : trace, wrong && `This recorded chat can’t be shown: it ${wrong}.`);
}

/**
 * Reads a trace. Earlier ones hold seeds of 64 bits as numbers, which a double would round: they become text. A quote
 * inside a text is written \\", so that only a key matches.
 * @param {string} text
 */
const parse = (text) => JSON.parse(text.replace(/("seed"\s*:\s*)(\d{16,})(?=\s*[,}])/g, '$1"$2"'));

/**
 * Offers the trace at the element's `src`.
 * @param {Player} element
 */
export async function load(element) {
  const { src } = element;
  if (!src || !element.started) return;
  let trace;
  let wrong = 'can’t be reached';
  try {
    const answer = await fetch(new URL(src, document.baseURI));
    wrong = answer.ok ? 'is not JSON' : `is not there (status ${answer.status})`;
    trace = parse(await answer.text());
    if (answer.ok) wrong = undefined;
  } catch {
    /* Said below. */
  }
  if (src === element.src) offer(element, 'src', trace, wrong);
}
