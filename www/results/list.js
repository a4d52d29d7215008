// @ts-check
// The list of recorded answers: questions at which samplers part.

/** @typedef {{ arm: string, verdict: 'right' | 'wrong' | 'nothing', claim: string, file: string }} Answer */
/** @typedef {{ family: string, item: number, question: string, answers: Answer[] }} Parting */

const FOLDER = new URL('./traces/', import.meta.url);

/** What is said of an answer, with a sign of its own. */
export const VERDICTS = { right: '✓ right', wrong: '✗ wrong', nothing: '– says nothing' };

/** @param {string} file */
export const address = (file) => new URL(file, FOLDER).href;

/** @param {string} url */
export async function read(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} has status ${answer.status}`);
  return answer.json();
}

/** @type {Promise<Parting[]> | undefined} */
let reading;

/** @returns {Promise<Parting[]>} */
export function partings() {
  reading ??= read(address('index.json'));
  // Whoever asks next tries again.
  reading.catch(() => {
    reading = undefined;
  });
  return reading;
}
