// @ts-check
/**
 * An element with attributes, listeners (functions) and children.
 * @param {string} name
 * @param {Record<string, string | ((event: Event) => void)>} attributes
 * @param {(Node | string)[]} children
 */
export function make(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(key, value);
    else element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}
