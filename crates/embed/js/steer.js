// @ts-check
// What an answer would say instead: a choice for each alternative, and a field for words of one's own.
import { make } from './make.js';

/** @typedef {(instead: { token: number } | { text: string }) => void} Steer */

/**
 * The row of an alternative as a button.
 * @param {Steer} steer
 * @param {number} token its id
 * @param {Element[]} cells
 */
export const choice = (steer, token, cells) =>
  make(
    'button',
    { title: 'Go on from this word instead', click: () => steer({ token }) },
    ...cells,
  );

/** @param {Steer} steer */
export function field(steer) {
  const text = make('input', {
    type: 'text',
    placeholder: 'or your own words',
    title: 'The answer goes on from a word that you choose, or from yours',
    'aria-label': 'What the answer says here instead',
    autocomplete: 'off',
  });
  return make(
    'form',
    {
      class: 'own',
      'data-testid': 'own',
      submit: (event) => {
        event.preventDefault();
        if (text.value.trim()) steer({ text: text.value });
        text.value = '';
      },
    },
    text,
    make('button', { textContent: 'Go on' }),
  );
}
