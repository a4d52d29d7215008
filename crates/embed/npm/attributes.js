// The readers of ../js/attributes.js, which say what they read instead of reading it: TypeScript's type of the value, and of
// what else may be written.
const kind = (type, written = 'string') => ({ type, written });

export const number = () => kind('number');
export const oneOf = (...names) => kind(names.map((name) => `'${name}'`).join(' | '), "''");
export const text = kind('string', 'never');
export const flag = kind('boolean', "'' | 'true' | 'false'");
export const texts = kind('string[]');
export const numbers = kind('number[]', 'string | ArrayLike<number>');
export const pairs = kind('number[][]');
export const json = JSON.parse;
export const written = String;
