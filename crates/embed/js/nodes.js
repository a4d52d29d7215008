// @ts-check
// SVG from the maths' text. A page with Trusted Types lets nobody parse a text, so it is read here.
import { make } from './make.js';

const SIGNS = /** @type {Record<string, string>} */ ({ amp: '&', lt: '<', gt: '>', quot: '"' });
const plain = (/** @type {string} */ text) =>
  text.replace(/&(amp|lt|gt|quot);/g, (_, name) => SIGNS[name]);

/**
 * @param {string} text as `Scene::elements` writes it: signs are escaped, attributes have double quotes
 * @returns {Node[]}
 */
export function nodes(text) {
  const all = make('svg:g');
  let open = /** @type {globalThis.Element} */ (all);
  for (const [, end, name, attributes, empty, words] of text.matchAll(
    /<(\/?)(\w+)([^>]*?)(\/?)>([^<]*)/g,
  )) {
    if (end) open = open.parentElement;
    else {
      const pairs = [...attributes.matchAll(/([\w-]+)="([^"]*)"/g)];
      const node = make(
        /** @type {'svg:g'} */ (`svg:${name}`),
        Object.fromEntries(pairs.map(([, key, value]) => [key, plain(value)])),
      );
      open.append(node);
      if (!empty) open = node;
    }
    open.append(plain(words));
  }
  return [...all.childNodes];
}
