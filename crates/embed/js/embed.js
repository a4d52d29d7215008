// @ts-check
// Entropix for any page: the charts, and whatever else a page has. See the README of crates/embed.
import { Curve } from './curve.js';
import { later, whenSeen } from './later.js';
import { ready } from './maths.js';
import { Plane } from './plane.js';
import { Triangle } from './triangle.js';

/** The charts by name. Frames, tests and figures know them from here. */
export const charts = {
  'varentropy-curve': Curve,
  'varentropy-triangle': Triangle,
  'varentropy-plane': Plane,
};
/** The elements of text.js, and what scripts may call before it is here. */
export const texts = {
  'entropix-tint': '',
  'entropix-inspector': '',
  'entropix-tokens': 'append retract choose reveal',
  'entropix-trace': 'play pause seek',
  'entropix-markdown': '',
};
/** The module with them. */
export const text = later((_again) => import('./text.js'));

for (const [name, element] of Object.entries(charts)) element.define(name);
whenSeen(texts, Object.keys(charts), text);
// The maths sets out now: an element says what is wrong if it does not arrive.
ready().catch(() => {});
