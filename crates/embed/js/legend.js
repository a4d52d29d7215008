// @ts-check
// The key of an answer in words: colours and marks, each of which lights up the words that wear it.
/** @import { Uncertainty } from './types.js' */
import { make } from './make.js';
import { MARKS, MEANINGS } from './marks.js';
import { wasm } from './maths.js';
import { tint } from './tokens.style.js';

/** Up to so far from the colour of a certain word, in steps of a channel, a word counts as sure. */
const SURE = 20;
/** From this difference between red and blue on, in steps of a channel, a colour has a hue. */
const HUE = 12;

/**
 * What colours say: an example of each, and words.
 * @type {Record<string, { h: number, v: number, words: string }>}
 */
export const COLOURS = {
  sure: { h: 0, v: 0, words: 'the model was certain, or nearly' },
  unsure: { h: 3, v: 8.8, words: 'as unsure as is usual; the deeper, the less sure (H)' },
  torn: { h: 2, v: 2.5, words: 'torn between equals: V is lower than is usual at this H' },
  tail: { h: 2, v: 12, words: 'a favourite with a long tail: V is higher than is usual at this H' },
};

/**
 * The name of the colour that a word wears, as it is seen on light paper.
 * @param {Uncertainty} uncertainty
 */
export function family({ entropy_bits, varentropy_bits2 }) {
  const channels = (/** @type {number} */ color) => [color >> 16, (color >> 8) & 255, color & 255];
  const [[r, g, b], [r0, g0, b0]] = [
    wasm.tints(entropy_bits, varentropy_bits2),
    wasm.tints(0, 0),
  ].map(([light]) => channels(light));
  if (Math.max(r0 - r, g0 - g, b0 - b) < SURE) return 'sure';
  const hue = r - b - (r0 - b0);
  if (Math.abs(hue) < HUE) return 'unsure';
  return hue < 0 ? 'torn' : 'tail';
}

/**
 * The key: buttons that light up what they name while they are pointed at or have the focus; a press keeps it.
 * @param {(name: string | null) => unknown} light
 */
export function legend(light) {
  let kept = /** @type {string | null} */ (null);
  const show = (/** @type {string | null} */ name) => light(name ?? kept);
  const button = (
    /** @type {string} */ name,
    /** @type {string} */ title,
    /** @type {Node[]} */ ...look
  ) =>
    make(
      'button',
      {
        type: 'button',
        class: 'named',
        'data-name': name,
        'aria-pressed': 'false',
        title,
        pointerenter: (event) => event.pointerType === 'mouse' && show(name),
        pointerleave: () => show(null),
        focus: () => show(name),
        blur: () => show(null),
        click: () => {
          kept = kept === name ? null : name;
          for (const each of all)
            each.setAttribute('aria-pressed', `${each.dataset.name === kept}`);
          show(null);
        },
      },
      ...look,
    );
  const all = [
    ...Object.entries(COLOURS).map(([name, { h, v, words }]) => {
      const word = make('span', { class: 'label', textContent: name });
      tint(word, { entropy_bits: h, varentropy_bits2: v });
      return button(name, words, word);
    }),
    ...Object.entries(MEANINGS).map(([name, meaning]) =>
      button(
        name,
        meaning,
        make('span', { class: 'mark', 'data-mark': name }),
        new Text(MARKS[name]),
      ),
    ),
  ];
  return make(
    'div',
    { class: 'names', role: 'group', 'aria-label': 'What colours and marks mean' },
    ...all,
  );
}
