// @ts-check
// The look of strip, inspector and player.
import { wasm } from './maths.js';

/**
 * Gives an element the soft colours of (H, V): --l on light paper, --d on dark.
 * @param {ElementCSSInlineStyle} element
 * @param {import('./types.js').Uncertainty} uncertainty
 */
export function tint({ style }, { entropy_bits, varentropy_bits2 }) {
  const colours = wasm.tints(entropy_bits, varentropy_bits2);
  for (const [i, name] of ['--l', '--d'].entries())
    style.setProperty(name, `#${colours[i].toString(16).padStart(6, '0')}`);
}

// Shapes of 9 × 7 px; no images, which a host's policy may forbid.
const marks = Object.entries({
  argmax: 'M1 2.7h7v1.6H1z',
  insert: 'M4.5 .6L8.4 6.4H.6z',
  branch: 'M3.8 .3h1.4v2.4L8 5.8l-1 1L4.5 4 2 6.8l-1-1 2.8-3.1z',
  resample: 'M4.5 .3a3.2 3.2 0 1 1-.01 0zM4.5 1.7a1.8 1.8 0 1 1-.01 0z',
  adaptive: 'M4.5 2a1.5 1.5 0 1 1-.01 0z',
}).map(([name, shape]) => `[data-rule=${name}] { --shape: path(evenodd, "${shape}"); }`);

export const sheet = new CSSStyleSheet();
sheet.replaceSync(`${marks.join('\n')}
ul, ol, dl, dd, figure { margin: 0; padding: 0; }
ul, ol { list-style: none; }
summary { cursor: pointer; }
.quiet, summary, dt, i, figcaption { color: var(--soft); }
.trouble:empty, .trouble:not(:empty) + * { display: none; }

.paper { display: grid; }
.paper > * { grid-area: 1 / 1; min-width: 0; min-height: 2.15em; font-size: 1.125em; line-height: 2.15; }
.paper > *, .said { unicode-bidi: plaintext; white-space: pre-wrap; overflow-wrap: anywhere; }
.ahead { visibility: hidden; }
.answer[aria-busy=true]:empty::before { content: "…"; color: var(--soft); }
.token { cursor: pointer; outline: none; scroll-margin-block: 5em var(--entropix-clear, 5em); }
.word-of { position: relative; padding: .2em 0; border-radius: 2px; }
.word-of, .label { color: var(--word); background: var(--tint); }
.word-of::after, .mark { width: 9px; height: 7px; background: var(--soft); clip-path: var(--shape, inset(50%)); }
.word-of::after { content: ""; position: absolute; left: 50%; bottom: -.42em; margin-left: -4.5px; }
.mark { flex: none; display: inline-block; margin-right: 8px; transform: scale(1.4); }
.word-of, .word-of::after, .mark, .label, .bar span { print-color-adjust: exact; forced-color-adjust: none; }
.word-of::before { color: var(--word); font-size: max(12px, .75em); padding: 0 .2em; }
[data-gone]::after { content: attr(data-gone); color: var(--soft); text-decoration: line-through; }
[data-break]::before { content: "↵"; }
[data-label]::before { content: attr(data-label); }
[data-end] .word-of::before { content: "■"; }
[data-shown] .word-of, [aria-selected=true] .word-of { z-index: 1; border-radius: 3px; box-shadow: 0 0 0 1.5px var(--ink); }
[aria-selected=true] .word-of { box-shadow: 0 0 0 2px var(--ink); }
.token:focus-visible .word-of { outline: 2px solid var(--accent); outline-offset: 3px; }

entropix-inspector { margin-top: 1em; }
section, .saw, .marks { display: grid; grid-template-columns: minmax(0, 1fr); gap: .6em; }
.which { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: .25em 1em; }
@media (forced-colors: active) { .word-of, .label, .chosen { outline: 1px solid var(--line); } }
.label { padding: .12em .3em; border-radius: .2em; box-shadow: inset 0 0 0 1px var(--line); font-size: 1.33em; font-weight: 600; line-height: 1.3; overflow-wrap: anywhere; }
.of, dt, figcaption, details { font-size: max(12px, .87em); }
dl { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .3em 1em; padding-block: .4em; border-block: 1px solid var(--line); }
dd { font-size: 1.13em; font-weight: 550; white-space: nowrap; }
i { font-style: normal; font-weight: 400; font-size: max(12px, .77em); }
ol { display: grid; gap: 2px; }
ol li { display: grid; grid-template-columns: minmax(0, 8em) 1fr 4.8em; gap: .6em; align-items: center; padding: 0 .3em; }
ol, .rest, .parameters, .candidates, .help, .about, output { font-size: max(12px, .93em); }
.word { font: max(12px, .93em) ui-monospace, monospace; white-space: pre; overflow: hidden; text-overflow: ellipsis; }
.bar span { display: block; height: .6em; min-width: 1px; background: var(--soft); }
.p, .rest { text-align: right; }
.chosen { background: color-mix(in oklab, var(--ink) 6%, transparent); box-shadow: inset 2px 0 0 var(--accent); }
.chosen .bar span { background: var(--accent); }
.chosen .word { font-weight: 700; }
.candidate { display: inline-block; margin-right: .5em; padding: 0 .3em; }
.timeline { display: grid; grid-template: 1fr auto auto / auto 1fr; gap: 0 .4em; direction: ltr; font-size: max(12px, .87em); color: var(--soft); text-align: end; }
.timeline svg { grid-area: 1 / 2 / 3; width: 100%; height: max(44px, 4em); border-block: 1px solid var(--line); cursor: pointer; touch-action: pan-y; }
.timeline figcaption { grid-column: 2; display: flex; text-align: center; justify-content: space-between; gap: 0 1em; font-size: 1em; }
details canvas { display: block; width: 100%; height: 6.5em; margin: .4em 0; image-rendering: pixelated; }
.timeline g rect { fill: var(--tint); stroke: var(--soft); stroke-width: .5; vector-effect: non-scaling-stroke; }
.now { fill: var(--ink); opacity: .18; }
.marks { margin-top: .6em; }
.marks li { display: flex; align-items: baseline; }

.turn + .turn, .about { margin-top: 1.25em; }
.who { font-size: max(12px, .8125em); font-weight: 600; }
.said { font-size: 1.125em; font-weight: 500; }
.player { display: flex; flex-wrap: wrap; align-items: center; gap: .5em .75em; margin-top: .4em; }
.player input { flex: 1 0 100%; }
output { margin-left: auto; }
`);
