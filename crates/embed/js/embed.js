// @ts-check
// Entropix for any page: the charts, and whatever else a page has. See the README of crates/embed.
import { Curve } from './curve.js';
import { later, whenSeen } from './later.js';
import { ready } from './maths.js';
import { Triangle } from './triangle.js';

/** The charts of this file, by name. */
export const charts = {
  'varentropy-curve': Curve,
  'varentropy-triangle': Triangle,
};
/** The element of plane.js. */
export const planes = { 'varentropy-plane': '' };
/** The elements of text.js, and what scripts may call before it is here. */
export const texts = {
  'entropix-tint': '',
  'entropix-inspector': '',
  'entropix-tokens': 'append retract choose reveal',
  'entropix-trace': 'play pause seek',
  'entropix-markdown': '',
};
/** The element of results.js. */
export const results = { 'entropix-results': '' };
/** The modules with them: each comes when a page has one of its elements. */
export const plane = later((_again) => import('./plane.js'));
export const text = later((_again) => import('./text.js'));
export const outcomes = later((_again) => import('./results.js'));

for (const [name, element] of Object.entries(charts)) element.define(name);
const pictures = [...Object.keys(charts), ...Object.keys(planes)];
whenSeen(planes, pictures, plane);
whenSeen(texts, pictures, text);
whenSeen(results, pictures, outcomes);
// The maths sets out now: an element says what is wrong if it does not arrive.
ready().catch(() => {});
