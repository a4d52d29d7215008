// @ts-check
// Nodes with classes, in short.
import { make } from './make.js';

/**
 * `put('p.quiet.rest', …)`
 * @param {string} name
 * @param {(Node | string)[]} children
 */
export const put = (name, ...children) => {
  const [tag, ...kinds] = name.split('.');
  return make(tag, { class: kinds.join(' ') }, ...children);
};
