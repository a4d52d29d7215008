// @ts-check
// The look of all elements. Hosts change it through the --entropix-… properties.
import { wasm } from './maths.js';

export const sheet = new CSSStyleSheet();
sheet.replaceSync(`
:host { display: block; color-scheme: inherit; }
:host > :where(:not(slot)) { color: var(--ink); font: 1rem/1.5 var(--entropix-font, system-ui, sans-serif); font-variant-numeric: tabular-nums; }
[hidden] { display: none !important; }
:host([hidden]) { display: none; }
:host([theme=light]) { color-scheme: light; }
:host([theme=dark]) { color-scheme: dark; }
* { box-sizing: border-box; }
p { margin: 0; }
button, input, textarea { font: inherit; color: inherit; }
button { border: 1px solid var(--line); border-radius: .5rem; background: none; padding: .2rem .7rem; cursor: pointer; }
button:hover { border-color: var(--soft); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.figure { position: relative; direction: ltr; }
.figure canvas { position: absolute; }
.figure svg { position: relative; display: block; overflow: visible; font-family: inherit; cursor: crosshair; }
:host([locked]:not([locked=false])) svg { cursor: default; }
.handle { outline: none; cursor: grab; }
.hit { display: block; touch-action: none; }
:focus-visible > .ring { stroke: var(--accent); stroke-width: 4; }
.spot { cursor: pointer; }
.values { display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; margin-top: .4rem; }
.values b { font-weight: 650; }
.note, .legend { color: var(--soft); font-size: .9375rem; }
.controls { display: grid; gap: .35rem; margin-top: .5rem; }
.slider { display: grid; grid-template-columns: minmax(0, 8rem) minmax(3rem, 1fr) minmax(0, 6.5rem); gap: .7rem; align-items: center; font-size: .9375rem; }
.slider span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.slider output { text-align: end; }
input[type=range] { width: 100%; margin: 0; accent-color: var(--accent); min-height: 1.5rem; }
@media (pointer: coarse) { input[type=range], button { min-height: 44px; } }
.swatch { display: inline-block; width: .8em; height: .8em; margin-inline-end: .35em; border: 1px solid var(--soft); border-radius: 2px; vertical-align: -.05em; }
.legend span { margin-inline-end: 1rem; white-space: nowrap; }
.row { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin-top: .5rem; font-size: .9375rem; }
dialog { color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: .75rem; padding: 1rem 1.25rem; width: min(36rem, 92vw); }
dialog::backdrop { background: rgb(0 0 0 / .35); }
dialog label { display: block; margin: .6rem 0 .35rem; font-size: .9375rem; }
a { color: var(--accent); }
dialog textarea { display: block; width: 100%; padding: .4rem .5rem; border: 1px solid var(--line); border-radius: .4rem; background: none; font: .8125rem/1.4 ui-monospace, monospace; resize: vertical; }
@media print { .controls, .row { display: none; } canvas { print-color-adjust: exact; } }
`);

/** Paper, ink and accent: those of the maths' pictures, unless the host has its own. */
export const palette = new CSSStyleSheet();

/** Fills the palette, once the maths is there. */
export function mix() {
  // Not on the host itself: a page may well write --entropix-ink: var(--ink).
  if (!palette.cssRules.length)
    palette.replaceSync(`:host > :where(:not(slot)) { ${wasm.palette()} }`);
}
