// @ts-check
// The look of all elements. Hosts change it through the --entropix-… properties.
import { room } from './room.js';

// A chart takes the room that it is given. Where that asks for its content's width (a float, a cell), it is that of
// the empty grid, from its least to its largest; nothing else inside has a say.
export const sheet = new CSSStyleSheet();
sheet.replaceSync(`${room}
:host { display: block; min-width: 0; color-scheme: inherit; writing-mode: horizontal-tb; }
:host(entropix-tint) { display: inline; }
:host(entropix-tint) > slot { display: inline; padding: .12em .3em; }
:host(:not(entropix-tint))::before { content: ""; display: grid; grid-template-columns: minmax(96px, 480px); }
:host > :where(:not(slot)) { contain: inline-size; color: var(--ink); font: max(12px, 1em)/1.5 var(--entropix-font, system-ui, sans-serif); font-variant-numeric: tabular-nums;
  text-align: start; text-indent: 0; text-transform: none; text-shadow: none; letter-spacing: normal; word-spacing: normal; word-break: normal; white-space: normal; hyphens: manual; overflow-wrap: anywhere; }
[hidden] { display: none !important; }
:host([hidden]) { display: none !important; }
:host([theme=light]) { color-scheme: light; }
:host([theme=dark]) { color-scheme: dark; }
* { box-sizing: border-box; }
.probe, .probe > i { position: absolute; left: 0; top: 0; visibility: hidden; forced-color-adjust: none; color: inherit; border: 0 solid; background-color: var(--entropix-paper, transparent);
  border-top-color: var(--entropix-ink, transparent); border-right-color: var(--entropix-soft, transparent);
  border-bottom-color: var(--entropix-line, transparent); border-left-color: var(--entropix-accent, transparent); }
.probe { transition: all 1ms; }
p { margin: 0; }
button, input, textarea { font: inherit; color: inherit; }
button { border: 1px solid var(--line); border-radius: .5em; background: none; min-height: max(28px, 2em); padding: .15em .75em; cursor: pointer; }
button:hover { border-color: var(--soft); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.chart { container-type: inline-size; display: flex; flex-direction: column; max-height: var(--entropix-max-height); }
.figure { position: relative; direction: ltr; flex: 0 1 auto; min-height: 160px; font-size: max(12px, .75em); }
.curve { height: clamp(18em, 62cqi, max(380px, 18em)); }
.triangle { height: calc(86.6cqi + 2.6em); }
.plane { height: clamp(20em, 78cqi, max(460px, 20em)); }
.figure > * { position: absolute; left: 0; top: 0; }
.figure :is(i:nth-of-type(2), i:nth-of-type(3)) { left: 100%; }
.figure i:nth-of-type(n + 3) { top: 100%; }
.figure svg { width: 100%; height: 100%; overflow: visible; }
.free { cursor: crosshair; }
.handle, .spots { outline: none; }
.grip { cursor: grab; }
.grip:active { cursor: grabbing; }
.grip .hit { display: block; touch-action: none; }
.spots:focus-visible .spot { stroke: var(--accent); stroke-width: 3; }
:focus-visible > .ring { stroke: var(--accent); stroke-width: 4; }
.spot { cursor: pointer; }
.values { display: flex; flex-wrap: wrap; gap: .1em 1.1em; margin-top: .4em; }
.values b { font-weight: 650; }
.key { container-type: inline-size; display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0 .5em; align-items: center; width: 100%; max-width: 26em; margin: .4em auto 0 0; font-size: max(12px, .75em); line-height: 1.3; color: var(--soft); direction: ltr; }
.key .across { display: flex; flex-wrap: wrap; justify-content: space-between; white-space: nowrap; }
.key canvas { width: 100%; height: 1.5em; border: 1px solid var(--line); }
@container (max-width: 21em) { .key .across, .key canvas { grid-column: 1 / 3; grid-row: 1; } .key canvas { grid-row: 2; } }
@container (max-width: 14em) { .key > * { display: none !important; } }
.note, .legend, .slider, .row { font-size: max(12px, .9375em); }
.note, .legend { color: var(--soft); }
.controls { display: grid; gap: .35em; margin-top: .5em; }
.slider { display: grid; grid-template-columns: minmax(0, 8.5em) minmax(120px, 1fr) minmax(0, 7em); gap: 0 .75em; align-items: center; }
.slider span { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
.slider output { text-align: end; }
@container (max-width: 27em) { .slider { grid-template-columns: 1fr auto; } .slider input { order: 1; grid-column: 1 / 3; } }
input[type=range] { width: 100%; margin: 0; accent-color: var(--accent); min-height: 1.5em; }
@media (pointer: coarse) { input[type=range], button { min-height: 44px; } }
.swatch { display: inline-block; width: .8em; height: .8em; margin-inline-end: .35em; border: 1px solid var(--soft); border-radius: 2px; vertical-align: -.05em; }
.slider small { grid-column: 1 / -1; order: 2; color: var(--soft); font-size: max(12px, .9em); }
.slider small:empty { display: none; }
.legend { list-style: none; margin: 0; padding: 0; }
.legend b { font-weight: 600; }
.rules { font-size: max(12px, .9375em); }
.rules summary { cursor: pointer; color: var(--soft); }
.rules .legend { font-size: inherit; }
.row { display: flex; flex-wrap: wrap; gap: .5em; align-items: center; margin-top: .5em; }
a { color: var(--accent); }
:host(:not(entropix-tint)) > :where(:not(slot)) { direction: ltr; }
.absent { display: none; }
@media (forced-colors: active) { svg, .swatch { forced-color-adjust: none; } .grid { opacity: .3; } }
@media print {
  .controls, .row, .player, .steps, .own, dialog, details:not([open]) { display: none !important; }
  .absent { display: block; visibility: visible !important; height: auto !important; }
  .chart { max-height: none; }
  .figure[style] { flex: none; height: auto; min-height: 0; width: 100%; max-width: var(--width); aspect-ratio: var(--ratio); break-inside: avoid; }
  canvas, .swatch { print-color-adjust: exact; }
}
`);
