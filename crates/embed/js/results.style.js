// @ts-check
// The look of an evaluation's results.
export const sheet = new CSSStyleSheet();
sheet.replaceSync(`
.figures { container-type: inline-size; }
.results { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.5em; }
.choice { display: block; margin-bottom: .75em; font-size: max(12px, .9375em); color: var(--soft); }
select { font: inherit; color: var(--ink); background: var(--paper); border: 1px solid var(--line); border-radius: .5em; min-height: max(28px, 2em); max-width: 100%; padding: .15em .5em; }
@media (pointer: coarse) { select { min-height: 44px; } }
table { width: 100%; border-collapse: collapse; font-size: max(12px, .9375em); }
caption, figcaption, .caption { text-align: start; font-weight: 600; margin-bottom: .5em; }
th { font-weight: 400; text-align: start; vertical-align: baseline; overflow-wrap: normal; }
thead th { color: var(--soft); }
thead th:not(:first-child) { text-align: end; }
tbody tr { border-top: 1px solid var(--line); }
th, td { padding: .3em .6em .3em 0; }
td:not(.drawn) { white-space: nowrap; text-align: end; }
.intervals .drawn, .intervals thead td { width: 34%; padding-block: 0; }
.intervals tbody th { min-width: 11em; }
.intervals .note { min-width: 7.5em; overflow-wrap: normal; }
.intervals svg { display: block; width: 100%; height: 2.2em; overflow: visible; }
.axis text, .scatter text { fill: var(--soft); font-size: max(12px, .8125em); }
.zero { stroke: var(--ink); }
.edge { stroke: var(--soft); stroke-dasharray: 2 4; }
.lead { fill: none; stroke: var(--soft); stroke-width: .75; }
.bar { stroke: var(--ink); stroke-width: 2; }
circle { fill: var(--paper); stroke: var(--ink); stroke-width: 1.5; }
circle.sure { fill: var(--ink); }
td.note { color: var(--soft); white-space: normal; }
td.note.sure { color: var(--ink); font-weight: 600; }
.quiet { color: var(--soft); font-size: max(12px, .9375em); }
.wide { overflow-x: auto; }
.wide thead th { vertical-align: bottom; }
.wide th[scope=row] { white-space: nowrap; position: sticky; left: 0; background: var(--paper); }
figure { margin: 0; }
.scatter { display: block; overflow: visible; max-width: 100%; }
.scatter .name { fill: var(--ink); }
ol { margin: .5em 0 0; padding-inline-start: 1.6em; font-size: max(12px, .9375em); }
@container (max-width: 34em) {
  .intervals thead th:not(:first-child) { display: none; }
  .intervals tr { display: grid; grid-template-columns: 1fr auto; }
  .intervals thead tr > th:first-child { grid-column: 1 / 3; }
  .intervals :is(thead td, .drawn) { grid-column: 1 / 3; width: auto; padding: 0; order: 1; }
  .intervals tbody th { min-width: 0; }
  .intervals .note { grid-column: 1 / 3; order: 2; min-width: 0; text-align: start; }
}
`);
