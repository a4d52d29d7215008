// @ts-check
// Nodes and their attributes.
/** @import { Made, Properties } from './types.js' */

/**
 * `make('p', { class: 'values', textContent: 'x' }, child, …)`; functions listen.
 * @template {string} N
 * @param {N} name
 * @param {Properties} [properties]
 * @param {(Node | string)[]} children
 * @returns {Made<N>}
 */
export function make(name, properties = {}, ...children) {
  const [space, tag] = name.startsWith('svg:')
    ? ['http://www.w3.org/2000/svg', name.slice(4)]
    : ['http://www.w3.org/1999/xhtml', name];
  const element = /** @type {Made<N>} */ (document.createElementNS(space, tag));
  for (const [key, value] of /** @type {[string, any][]} */ (Object.entries(properties))) {
    if (typeof value === 'function') element.addEventListener(key, value);
    else if (key === 'textContent') element.textContent = value;
    else if (value === true) element.setAttribute(key, '');
    else if (value !== false && value !== null && value !== undefined)
      element.setAttribute(key, value);
  }
  /** @type {ParentNode} */ (element).append(...children);
  return element;
}

/**
 * Sets attributes, and takes away those that are null. Writing the same again would be a layout.
 * @param {globalThis.Element} element
 * @param {Record<string, string | number | boolean | null>} values
 */
export function setAttributes(element, values) {
  for (const [name, value] of Object.entries(values)) {
    if (value === null) element.removeAttribute(name);
    else if (element.getAttribute(name) !== `${value}`) element.setAttribute(name, value);
  }
}
