// @ts-check
// Markdown as nodes. Each is made here and holds people's and models' text as text: no markup of theirs becomes
// the page's, no address is visited before somebody follows it.
import { lexer } from 'marked';

import { make } from './make.js';

/** @typedef {import('marked').Token & { [key: string]: any }} Token */
/** @typedef {(token: Token) => (Node | string)[]} Maker */

/** Schemes that a link may have. */
const SAFE = /^(https?|mailto):/i;
/** @type {Record<string, string>} */
const NAMED = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };

/**
 * The nodes of a text.
 * @param {string} text
 */
export const nodes = (text) => many(lexer(text));

/** @param {Token[] | undefined} tokens */
const many = (tokens) => (tokens ?? []).flatMap((token) => (makers[token.type] ?? written)(token));

/**
 * As it was written.
 * @type {Maker}
 */
const written = ({ raw }) => [raw];

/** @type {(name: string) => Maker} */
const around = (name) => (token) => [make(name, {}, ...many(token.tokens))];
/** @type {(name: string) => Maker} */
const block = (name) => (token) => [make(name, { dir: 'auto' }, ...many(token.tokens))];

/** @type {Record<string, Maker>} */
const makers = {
  space: () => [],
  def: () => [],
  paragraph: block('p'),
  blockquote: block('blockquote'),
  // Below the headings of the page.
  heading: (token) => block(`h${Math.min(6, token.depth + 2)}`)(token),
  hr: () => [make('hr')],
  code: ({ text, lang }) => [code(text, lang)],
  list: ({ ordered, start, items }) => [
    make(
      ordered ? 'ol' : 'ul',
      { dir: 'auto', start: ordered && start !== 1 && start },
      ...items.flatMap(item),
    ),
  ],
  table: ({ header, rows }) => [
    make(
      'div',
      { class: 'table', tabindex: 0, role: 'group', 'aria-label': 'Table' },
      make(
        'table',
        {},
        make('thead', {}, row('th', header)),
        make('tbody', {}, ...rows.map((/** @type {Token[]} */ cells) => row('td', cells))),
      ),
    ),
  ],
  text: ({ tokens, raw }) => (tokens ? many(tokens) : [plain(raw)]),
  escape: ({ text }) => [text],
  strong: around('strong'),
  em: around('em'),
  del: around('del'),
  codespan: ({ text }) => [make('code', { textContent: text })],
  br: () => [make('br')],
  checkbox: ({ checked }) => [checked ? '☑ ' : '☐ '],
  html: ({ raw, block }) => [block ? make('p', { dir: 'auto', textContent: raw.trim() }) : raw],
  link: (token) => link(token.href, many(token.tokens)),
  // A picture would be fetched from somewhere.
  image: ({ href, text }) => link(href, [plain(text) || href]),
};

/**
 * References to characters become these.
 * @param {string} text
 */
const plain = (text) =>
  text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w+));/gi, (all, decimal, hex, name) => {
    const point = decimal ? Number(decimal) : hex ? Number.parseInt(hex, 16) : 0;
    if (point > 0 && point <= 0x10ffff) return String.fromCodePoint(point);
    return Object.hasOwn(NAMED, name ?? '') ? NAMED[name] : all;
  });

/**
 * @param {string} href
 * @param {(Node | string)[]} content
 */
const link = (href, content) =>
  SAFE.test(href)
    ? [make('a', { href, target: '_blank', rel: 'noopener noreferrer nofollow' }, ...content)]
    : content;

/** @param {Token} token */
const item = ({ tokens }) => make('li', { dir: 'auto' }, ...many(tokens));

/**
 * @param {string} name
 * @param {Token[]} cells
 */
const row = (name, cells) =>
  make('tr', {}, ...cells.map((cell) => make(name, { dir: 'auto' }, ...many(cell.tokens))));

/**
 * A block of code, which can be copied.
 * @param {string} text
 * @param {string | undefined} language
 */
function code(text, language) {
  const button = make('button', {
    type: 'button',
    textContent: 'Copy',
    click: async () => {
      try {
        await navigator.clipboard.writeText(text);
        button.textContent = 'Copied';
      } catch {
        button.textContent = 'Select it and copy it';
      }
      setTimeout(() => {
        button.textContent = 'Copy';
      }, 2000);
    },
  });
  return make(
    'div',
    { class: 'code' },
    make('div', { class: 'bar' }, make('span', { textContent: language || 'code' }), button),
    make('pre', { tabindex: 0 }, make('code', { textContent: text })),
  );
}
