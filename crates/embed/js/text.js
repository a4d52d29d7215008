// @ts-check
// The elements for a model's text. embed.js loads this file when a page has one of them; a page that has them
// out of its sight, in shadow roots, loads it itself.
import './embed.js';
import { Inspector } from './inspector.js';
import { Markdown } from './markdown.js';
import { Tint } from './tint.js';
import { Tokens } from './tokens.js';
import { Trace } from './trace.js';

/**
 * By name; those that others are made of come first.
 * @satisfies {Record<keyof typeof import('./embed.js').texts, unknown>}
 */
export const elements = {
  'entropix-tint': Tint,
  'entropix-inspector': Inspector,
  'entropix-tokens': Tokens,
  'entropix-trace': Trace,
  'entropix-markdown': Markdown,
};
for (const [name, element] of Object.entries(elements)) element.define(name);
