// @ts-check
// What the address of a frame asks for, and how it is put to the engine.

/** Those that are no preset of Entropix as coded; `SamplerKind` of crates/entropix has all. */
const KINDS = ['plain', 'greedy', 'PROMISED', 'DSLIDER'];
const PRESETS = ['B', 'A', 'B0', 'FROG', 'SMOLLM-135M', 'OCT31'];

/** A whole number of at most 64 bits; beyond what a double holds it stays text. */
const seed = (/** @type {string} */ text) =>
  Number.isSafeInteger(Number(text)) ? Number(text) : text;

/**
 * @typedef {object} Asked
 * @property {string} prompt
 * @property {string} system
 * @property {string} sampler
 * @property {number | string} seed
 * @property {number} tokens the most; 0 for as many as there is room for
 * @property {string} model its name in the list of models; '' for the first
 */

/**
 * Reads the address; what can't be meant is said, and left out.
 * @param {URLSearchParams} query
 * @returns {{ asked: Asked, wrong: string[] }}
 */
export function read(query) {
  const wrong = /** @type {string[]} */ ([]);
  const names = [...KINDS, ...PRESETS];
  const named = query.get('sampler') ?? 'plain';
  const sampler = names.find((name) => name.toLowerCase() === named.toLowerCase());
  if (!sampler) wrong.push(`There is no sampler “${named}”. There are ${names.join(', ')}.`);
  const whole = (
    /** @type {string} */ name,
    /** @type {number} */ bits,
    /** @type {string} */ usual,
  ) => {
    const text = query.get(name) ?? usual;
    if (/^\d{1,20}$/.test(text) && BigInt(text) < 2n ** BigInt(bits)) return text;
    wrong.push(`“${text}” can’t be the ${name}: a whole number below 2^${bits} can.`);
    return usual;
  };
  const asked = {
    prompt: query.get('prompt') ?? '',
    system: query.get('system') ?? '',
    sampler: sampler ?? 'plain',
    seed: seed(whole('seed', 64, '1337')),
    tokens: Number(whole('tokens', 32, '256')),
    model: query.get('model') ?? '',
  };
  return { asked, wrong };
}

/**
 * How an answer is made: a `Recipe` of crates/protocol.
 * @param {Asked} asked
 * @param {{ pause_token?: number }} loaded facts about the model
 * @param {{ promised: object }} listed the model in the list
 */
export function recipe({ sampler, seed, tokens }, { pause_token }, { promised }) {
  const kind = KINDS.includes(sampler) ? sampler.toLowerCase() : 'entropix';
  const preset = kind === 'entropix' ? { preset: sampler, pause_token } : {};
  const cuts = kind === 'promised' ? promised : {};
  return { sampler: { kind, ...preset, ...cuts }, seed, max_tokens: tokens };
}

/**
 * The same in the whole chat.
 * @param {Asked} asked
 */
export function link({ prompt, system, sampler, seed, tokens }) {
  const parts = Object.entries({ sampler, seed, tokens, prompt, system });
  const said = parts.filter(([, value]) => value !== '');
  return `./#${said.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')}`;
}
