// @ts-check
// What attributes say, and how properties are written into them.
//
// A reader makes a value of an attribute's text: null if the text asks for nothing, undefined if it means nothing.
// Frameworks that know only attributes write what JavaScript makes of a value: "false", "1,0.5,0.5,0.9".

/** @typedef {(text: string) => any} Reader */
/** @typedef {Record<string, any[]>} Options name → [reader, value without the attribute] */

/** @param {string} text */
export const json = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

export const number =
  (/** @type {number} */ low, /** @type {number} */ high) => (/** @type {string} */ text) => {
    const value = text.trim() === '' ? NaN : Number(text);
    return value >= low && value <= high ? value : undefined;
  };

export const oneOf =
  (/** @type {string[]} */ ...names) =>
  (/** @type {string} */ text) =>
    text === '' ? null : names.includes(text) ? text : undefined;

export const text = (/** @type {string} */ value) => value;

/** Its presence says yes, except as "false". */
export const flag = (/** @type {string} */ text) => text !== 'false';

/**
 * Texts separated by commas, or as JSON has them, where one may hold a comma.
 * @param {string} text
 * @returns {string[] | null}
 */
export function texts(text) {
  if (!text.trim()) return null;
  const list = json(text);
  return Array.isArray(list) ? list.map(String) : text.split(',').map((each) => each.trim());
}

/**
 * Numbers separated by blanks or commas, in brackets or not.
 * @param {string} text
 */
export function numbers(text) {
  const plain = text.replace(/[[\]\s,]+/g, ' ').trim();
  const list = plain.split(' ').map(Number);
  return plain && list.every((x) => !Number.isNaN(x)) ? list : undefined;
}

/**
 * Pairs separated by blanks, or a list of lists, or all numbers in a row.
 * @param {string} text
 */
export function pairs(text) {
  if (!text.trim()) return null;
  const list = text
    .trim()
    .split(text.includes('[') ? /\]\s*,?\s*\[/ : /\s+/)
    .map(numbers);
  if (list.every((pair) => pair?.length === 2)) return list;
  const row = numbers(text) ?? [];
  const inRow = list.length === 1 || list.length === row.length;
  if (!inRow || !row.length || row.length % 2) return undefined;
  return Array.from({ length: row.length / 2 }, (_, i) => row.slice(2 * i, 2 * i + 2));
}

/**
 * A property's value as an attribute's text; null: without the attribute.
 * @param {any} value
 * @param {Reader} reader
 */
export function written(value, reader) {
  if (reader === flag) return value && flag(value) ? '' : null;
  if (value === null || value === undefined || value === false) return null;
  if (value === true) return '';
  if (typeof value !== 'object') return String(value);
  if (!(Symbol.iterator in value)) return JSON.stringify(value);
  const list = [...value];
  if (reader !== texts) return list.join(' ');
  const plain = list.join(',');
  const exact = JSON.stringify(list.map(String));
  return JSON.stringify(texts(plain) ?? []) === exact ? plain : exact;
}
