// @ts-check
// Entropix for any page. See the README of crates/embed.
import { Curve } from './curve.js';
import { Inspector } from './inspector.js';
import { Plane } from './plane.js';
import { Tint } from './tint.js';
import { Tokens } from './tokens.js';
import { Trace } from './trace.js';
import { Triangle } from './triangle.js';

/** The elements by name. Frames, tests and figures know them from here. Those that others are made of come first. */
export const elements = {
  'varentropy-curve': Curve,
  'varentropy-triangle': Triangle,
  'varentropy-plane': Plane,
  'entropix-tint': Tint,
  'entropix-inspector': Inspector,
  'entropix-tokens': Tokens,
  'entropix-trace': Trace,
};
for (const [name, element] of Object.entries(elements)) element.define(name);
