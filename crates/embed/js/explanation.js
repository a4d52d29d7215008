// @ts-check
// How a token was drawn, beyond the numbers that all have: parameters, scores, attention.
/** @import { Entry } from './types.js' */
import { make } from './make.js';
import { quantity, thousands } from './marks.js';
import { wasm } from './maths.js';
import { put } from './put.js';
import { percent, visible } from './words.js';

/** Whether the picture of attention is open: the next token's stays so. */
let wide = false;

/**
 * @param {Entry} entry
 * @returns {HTMLElement[]}
 */
export function more(entry) {
  const { attention: heads, branch_texts: texts, decision, top } = entry;
  const { attention, branches, candidates, parameters, token } = decision;
  const facts = /** @type {HTMLElement[]} */ ([]);
  const named = (/** @type {number} */ id) => {
    const known = id === token ? entry : top.find((each) => each.id === id);
    return known ? visible(known.label) : `no. ${thousands(id)}`;
  };
  const bytes = [entry, ...top]
    .map(({ label }) => visible(label))
    .find((each) => each.startsWith('⟨'));
  if (bytes)
    facts.push(
      put(
        'p.quiet.help',
        `${bytes}: bytes in hexadecimal, part of a character that several tokens spell.`,
      ),
    );
  if (parameters)
    facts.push(
      put(
        'p.quiet.parameters',
        Object.entries(parameters)
          .filter(([name, value]) => value || name !== 'top_k')
          .map(([name, value]) => `${name.replace('_', '\u2011')}\u00a0${+value.toFixed(3)}`)
          .join(' · '),
      ),
    );
  /** @type {(words: string, all: any[], name: (each: any, at: number) => string, help: string) => unknown} */
  const scores = (words, all, name, help) =>
    facts.push(
      put(
        'p.candidates',
        `${words}: `,
        ...all.map((each, at) =>
          put(
            (each.token ?? each.tokens[0]) === token ? 'span.candidate.chosen' : 'span.candidate',
            put('span.word', name(each, at)),
            ` ${each.score.toFixed(2).replace('-', '−')}`,
          ),
        ),
      ),
      put('p.quiet.help', help),
    );
  if (candidates)
    scores(
      `Best of ${candidates.length} draws, score in nats`,
      candidates,
      (each) => named(each.token),
      'The score is the logarithm of the probability, plus a number that is the same for every draw: the most probable of them wins.',
    );
  if (texts)
    scores(
      `Best of ${texts.length} branches, score in bits`,
      branches,
      (_, at) => visible(texts[at]),
      'The score is a mean over the tokens of a branch; the highest is kept.',
    );
  if (attention)
    facts.push(
      put(
        'p',
        `Attention of the last layer, padding included: entropy ${quantity(attention.attn_entropy)} bits · varentropy ${quantity(attention.attn_varentropy)} bits² · agreement ${attention.agreement.toExponential(2)} · strength ${quantity(attention.interaction_strength)}`,
      ),
    );
  if (heads) facts.push(picture(heads));
  return facts;
}

/**
 * A picture of every head's attention, layers across, heads down.
 * @param {Entry['attention']} attention
 */
function picture({ bits, heads, keys }) {
  const layers = bits.length / heads;
  const canvas = make('canvas', {
    class: 'heads',
    width: layers,
    height: heads,
    role: 'img',
    'aria-label': 'Entropy of attention',
  });
  const pixels = new ImageData(layers, heads);
  bits.forEach((h, i) => {
    const color = wasm.tints(h, 0)[2];
    pixels.data.set(
      [color >> 16, (color >> 8) & 255, color & 255, 255],
      4 * ((i % heads) * layers + ((i / heads) | 0)),
    );
  });
  canvas.getContext('2d').putImageData(pixels, 0, 0);
  const most = Math.log2(keys);
  const share = (/** @type {number} */ h) =>
    `${quantity(h)} bits, ${percent(most ? h / most : 0)} of the most possible`;
  const all = `mean ${share(bits.reduce((sum, h) => sum + h) / bits.length)}`;
  const words = put('p.quiet', all);
  canvas.onpointermove = ({ offsetX, offsetY }) => {
    /** @type {(offset: number, length: number, count: number) => number} */
    const at = (offset, length, count) => Math.min(((offset / length) * count) | 0, count - 1);
    const layer = at(offsetX, canvas.clientWidth, layers);
    const head = at(offsetY, canvas.clientHeight, heads);
    words.textContent = `layer ${layer + 1}, head ${head + 1}: ${share(bits[layer * heads + head])}`;
  };
  canvas.onpointerleave = () => {
    words.textContent = all;
  };
  const details = /** @type {HTMLDetailsElement} */ (
    put(
      'details',
      put('summary', 'Attention of each head'),
      canvas,
      words,
      put(
        'p.quiet',
        `0 bits: it looks at one token; ${quantity(most)} bits: at all ${keys} alike. ${layers} layers across, ${heads} heads down.`,
      ),
    )
  );
  details.open = wide;
  details.ontoggle = () => {
    if (details.isConnected) wide = details.open;
  };
  return details;
}
