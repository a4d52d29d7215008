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
const shapes = {
  insert: 'M4.5 .6L8.4 6.4H.6z',
  branch: 'M3.8 .3h1.4v2.4L8 5.8l-1 1L4.5 4 2 6.8l-1-1 2.8-3.1z',
  given: 'M4.5 .2L8 3.5 4.5 6.8 1 3.5zM4.5 2.1L3 3.5 4.5 4.9 6 3.5z',
  resample: 'M4.5 .3a3.2 3.2 0 1 1-.01 0zM4.5 1.7a1.8 1.8 0 1 1-.01 0z',
};
const marks = Object.entries(shapes).map(
  ([name, shape]) => `[data-mark=${name}] { --shape: path(evenodd, "${shape}"); }`,
);

// What a part of the key names stands out, in one rule for each: lighting it up changes one attribute.
const lit = [...Object.keys(shapes), 'sure', 'unsure', 'torn', 'tail']
  .map((name) => {
    const words = `.answer[data-light=${name}] :is([data-mark=${name}], [data-colour=${name}]) .word-of`;
    return `${words} { opacity: 1; box-shadow: 0 0 0 1.5px var(--soft); }`;
  })
  .join('\n');

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
/* A page may have it that what is out of sight is neither laid out nor painted: a token costs the same then however long
   the answer is, but heights are guesses until they are seen. */
.paragraph { content-visibility: var(--entropix-unseen, visible); contain-intrinsic-block-size: auto 2.15em; overflow-clip-margin: .5em; }
.ahead { visibility: hidden; }
.answer[aria-busy=true]:empty::before { content: "…"; color: var(--soft); }
.token { cursor: pointer; outline: none; scroll-margin-block: 5em var(--entropix-clear, 5em); }
.word-of { padding: .2em 0; border-radius: 2px; }
.word-of, .label { color: var(--word); background: var(--tint); }
/* A box of its own costs a layer: only what is marked or chosen has one, not each of thousands of words. */
[data-mark] .word-of { position: relative; }
[data-mark] .word-of::after, .mark { width: 9px; height: 7px; background: var(--soft); clip-path: var(--shape); }
[data-mark] .word-of::after { content: ""; position: absolute; left: 50%; bottom: -.42em; margin-left: -4.5px; }
.mark { flex: none; display: inline-block; margin-inline-end: 4px; transform: scale(1.2); }
.word-of, .word-of::after, .mark, .label, .bar span, .timeline canvas { print-color-adjust: exact; forced-color-adjust: none; }
.word-of::before { color: var(--word); font-size: max(12px, .75em); padding: 0 .2em; }
[data-gone]::before { content: "┊"; color: var(--soft); }
[data-gone]:is([data-open], [data-shown], [aria-selected=true])::before { content: attr(data-gone); text-decoration: line-through; }
[data-break]::before { content: "↵"; }
.token:not([data-shown], [aria-selected=true]) > [data-break] { background: none; }
.token:not([data-shown], [aria-selected=true]) > [data-break]::before { color: transparent; }
[data-label]::before { content: attr(data-label); }
[data-end] .word-of::before { content: "■"; }
.answer[data-light] .word-of { opacity: .35; }
${lit}
[data-shown] .word-of, [aria-selected=true] .word-of { position: relative; z-index: 1; border-radius: 3px; box-shadow: 0 0 0 1.5px var(--ink) !important; }
[aria-selected=true] .word-of { box-shadow: 0 0 0 2px var(--ink) !important; }
.token:focus-visible .word-of { outline: 2px solid var(--accent); outline-offset: 3px; }

entropix-inspector { margin-top: 1em; }
section { container-type: inline-size; display: grid; grid-template-columns: minmax(0, 1fr); gap: .5em; font-size: max(12px, .9375em); }
/* Each part has a place of one size, whatever it says: nothing moves from word to word. */
.names { display: flex; flex-wrap: wrap; gap: .1em 0; font-size: max(12px, .8em); }
.named { display: inline-flex; align-items: center; min-height: 28px; padding: 0; border-color: transparent; border-radius: .4em; color: var(--soft); }
.named[aria-pressed=true] { border-color: var(--ink); color: var(--ink); }
.named .label { font-size: 1em; font-weight: 500; padding: .05em .25em; }
.which { display: grid; grid-template-columns: minmax(0, 1fr) auto auto; align-items: center; gap: .5em; min-height: 2.2em; }
.which .label { justify-self: start; max-width: 100%; overflow: hidden; text-overflow: ellipsis; white-space: pre; }
.steps { display: flex; gap: .25em; }
.steps button { width: max(32px, 2.1em); min-height: max(32px, 2.1em); padding: 0; }
@media (pointer: coarse) { .named, .steps button { min-width: 44px; min-height: 44px; } .named { justify-content: center; } }
.steps .knob { width: auto; padding: 0 .6em; margin-inline-end: .25em; }
.knob[aria-pressed=true] { border-color: var(--ink); background: color-mix(in oklab, var(--ink) 8%, transparent); }
.steps button:disabled { opacity: .4; cursor: default; }
@media (forced-colors: active) { .word-of, .label, .chosen { outline: 1px solid var(--line); } }
.label { padding: .12em .3em; border-radius: .2em; box-shadow: inset 0 0 0 1px var(--line); font-size: 1.2em; font-weight: 600; line-height: 1.3; }
.of, dt, figcaption, details { font-size: max(12px, .87em); }
.of, dt { white-space: nowrap; }
dl { display: grid; grid-template-columns: repeat(4, auto); justify-content: space-between; gap: 0 .5em; padding-block: .3em; border-block: 1px solid var(--line); }
dl > div { display: flex; align-items: baseline; gap: .35em; min-width: 0; }
dt, dd { line-height: 1.35; white-space: nowrap; }
dd { font-weight: 550; }
i { font-style: normal; font-weight: 400; font-size: max(12px, .77em); }
/* As many lines as a decision needs; a longer one may grow. */
.sentence { font-size: max(12px, .9em); line-height: 1.4; min-height: 7em; }
@container (min-width: 17em) { .sentence { min-height: 5.6em; } }
@container (min-width: 20em) { .sentence { min-height: 4.2em; } }
@container (min-width: 31em) { .sentence { min-height: 2.8em; } }
@container (max-width: 23em) { dl { grid-template-columns: auto auto; } }
@container (max-width: 20em) {
  .which { grid-template-columns: minmax(0, 1fr) auto; gap: 0 .5em; }
  .which .of { grid-row: 2; grid-column: 1 / 3; }
}
@container (max-width: 15em) { dl { grid-template-columns: auto; } }
ol { display: grid; grid-template-rows: repeat(8, 1.4em); gap: 1px; }
ol li, li button { display: grid; grid-template-columns: minmax(0, 8em) 1fr 4.8em; gap: .6em; align-items: center; padding: 0 .3em; }
li button { grid-column: 1 / -1; height: 100%; min-height: 0; margin: 0 -.3em; border: 0; border-radius: 2px; background: none; font: inherit; color: inherit; text-align: start; cursor: pointer; }
li button:hover, li button:focus-visible { background: color-mix(in oklab, var(--ink) 8%, transparent); }
li button .word { text-decoration: underline; text-decoration-color: var(--soft); text-underline-offset: .2em; }
.own { grid-column: 1 / -1; display: flex; gap: .5em; height: 100%; min-height: 0; margin: 0 -.3em; }
.own input { flex: 1; min-width: 0; padding: 0 .4em; border: 1px solid var(--soft); border-radius: .35em; background: none; font: inherit; color: inherit; }
.own button { display: block; flex: none; margin: 0; padding: 0 .7em; border: 1px solid var(--soft); border-radius: .35em; }
@media (pointer: coarse) { .steered { grid-template-rows: repeat(8, 44px); } }
ol, .rest, .parameters, .candidates, .help, .about, output { font-size: max(12px, .93em); }
.word { font: max(12px, .93em) ui-monospace, monospace; white-space: pre; overflow: hidden; text-overflow: ellipsis; }
.worn { background: none; color: inherit; }
.worn span { background: var(--tint) !important; box-shadow: inset 0 0 0 1px var(--line); }
.bar span { display: block; height: .6em; min-width: 1px; background: var(--soft); }
.p, .rest { text-align: end; }
.rest { min-height: 1.5em; }
@container (max-width: 20em) { .rest { min-height: 3em; } }
.p { white-space: nowrap; }
.chosen { background: color-mix(in oklab, var(--ink) 6%, transparent); box-shadow: inset 2px 0 0 var(--accent); }
.chosen .bar span { background: var(--accent); }
.chosen .word { font-weight: 700; }
.candidate { display: inline-block; margin-inline-end: .5em; padding: 0 .3em; }
.timeline { display: grid; grid-template: 1fr auto auto / auto 1fr; gap: 0 .4em; direction: ltr; font-size: max(12px, .8em); line-height: 1.3; color: var(--soft); text-align: end; }
.timeline .line { grid-area: 1 / 2 / 3; position: relative; height: max(44px, 3.4em); border-block: 1px solid var(--line); cursor: pointer; touch-action: pan-y; }
.line canvas { position: absolute; inset: 0; width: 100%; height: 100%; }
.now { position: absolute; inset-block: 0; left: 0; min-width: 2px; background: var(--ink); opacity: .25; }
.timeline figcaption { grid-column: 2; display: flex; text-align: center; justify-content: space-between; gap: 0 1em; font-size: 1em; }
.more { display: grid; gap: .5em; }
.heads { display: block; width: 100%; height: 6.5em; margin: .4em 0; image-rendering: pixelated; }

.turn + .turn, .about { margin-top: 1.25em; }
.who { font-size: max(12px, .8125em); font-weight: 600; }
.said { font-size: 1.125em; font-weight: 500; }
.player { display: flex; flex-wrap: wrap; align-items: center; gap: .5em .75em; margin-top: .4em; }
.player input { flex: 1 0 100%; }
output { margin-left: auto; }
`);
