// @ts-check
// What an evaluation's element can show: each view makes nodes of a run, a family (−1: all of them) and its room.
/** @import { Cell, EvaluationRun, Interval, View } from './types.js' */
import { make } from './make.js';
import { intervals } from './results.intervals.js';
import { scatter } from './results.scatter.js';

/** What may be said of a comparison, by its name in the file. */
const FINDINGS = {
  helps: 'helps',
  hurts: 'hurts',
  no_effect: 'no effect',
  unclear: 'unclear',
  untested: 'untested: it hardly acts',
  unmatched: 'untested: the control acts otherwise',
};
/** Numbers by which right answers may be told from others, in the order of the file. */
const SURENESS = [
  'H, first token',
  'V, first token',
  'margin, first token',
  'H, mean',
  'V, mean',
  'margin, mean',
  'log-probability, mean',
];
/** Fewer answers in a bin say little. */
const FULL = 10;

/** "+1.2"; the minus is as wide as the plus, and nothing has no sign. */
const sign = (/** @type {number} */ number) => {
  const digits = Math.abs(number).toFixed(1);
  return Number(digits) === 0 ? digits : `${number < 0 ? '−' : '+'}${digits}`;
};
/** In points. */
const signed = (/** @type {number} */ share) => sign(100 * share);
const percent = (/** @type {number} */ share) => (100 * share).toFixed(1);
const whole = (/** @type {number} */ share) => (100 * share).toFixed(0);
/**
 * @param {Interval} interval
 * @param {(share: number) => string} shown
 */
const said = ({ value, low, high }, shown) => `${shown(value)} (${shown(low)} to ${shown(high)})`;
/** Log-loss in thousandths of a nat. */
const millinats = (/** @type {number} */ nats) => sign(1000 * nats);
/** A difference on an axis: "+2", "0". */
const tick = (/** @type {number} */ share) =>
  Math.abs(share) < 1e-9 ? '0' : signed(share).replace(/\.0$/, '');

const names = (/** @type {EvaluationRun} */ run) => run.conditions.arms.map(({ name }) => name);
/** What a control may differ by in phrases, branchings and retractions of an answer: a tenth, or this. */
const FEW = 0.02;
/**
 * Whether a control acts otherwise than what is compared with it, so that nothing can be said.
 * @param {EvaluationRun} run
 * @param {{ arm: string, against: string }} pair
 */
function isUnmatched({ conditions: { arms }, summary }, { arm, against }) {
  const [own, other] = [arm, against].map((name) => arms.findIndex((one) => one.name === name));
  const acts = (/** @type {number} */ at) => summary.arms[at][0].acts;
  return (
    'gated' in arms[other].method &&
    acts(own).some((n, act) => Math.abs(n - acts(other)[act]) > Math.max(FEW, 0.1 * n))
  );
}
/** @type {(run: EvaluationRun, family: number) => Cell[]} */
const cells = (run, family) => run.summary.arms.map((arm) => arm[family + 1]);
/** @type {(run: EvaluationRun, family: number) => string} */
const where = (run, family) =>
  family < 0 ? `mean over ${run.summary.families.length} tasks` : run.summary.families[family];

/**
 * A table that is as wide as it needs to be.
 * @param {string} caption
 * @param {string[]} columns
 * @param {[string, ...string[]][]} rows
 */
function table(caption, columns, rows) {
  const heads = columns.map((textContent) => make('th', { scope: 'col', textContent }));
  const body = rows.map(([name, ...values]) =>
    make(
      'tr',
      {},
      make('th', { scope: 'row', textContent: name }),
      ...values.map((textContent) => make('td', { textContent })),
    ),
  );
  return make(
    'div',
    {},
    make('p', { class: 'caption', textContent: caption }),
    make(
      'div',
      { class: 'wide', tabindex: 0, role: 'region', 'aria-label': caption },
      make(
        'table',
        { 'aria-label': caption },
        make('thead', {}, make('tr', {}, ...heads)),
        make('tbody', {}, ...body),
      ),
    ),
  );
}

/** What is said of a comparison. */
const found = (/** @type {{ finding: keyof typeof FINDINGS, corrected: number }} */ comparison) => {
  const { finding, corrected } = comparison;
  const p = corrected < 0.001 ? 'p\u00a0<\u00a00.001' : `p\u00a0=\u00a0${corrected.toFixed(3)}`;
  return finding === 'untested' || finding === 'unmatched'
    ? FINDINGS[finding]
    : `${FINDINGS[finding]}, ${p}`;
};

/** Differences: those that were planned, or in one family of each sampler, without a finding. @type {View} */
function effect(run, family) {
  const { comparisons, besides = [] } = run;
  const own = cells(run, family);
  const [first, ...others] = names(run);
  const usual = { reference: 0, zone: 0.02, tick };
  const exploratory = 'Exploratory: nothing is corrected';
  if (family < 0 && comparisons.length + besides.length > 0) {
    const row = (/** @type {{ arm: string, against: string, difference: Interval }} */ one) => ({
      name: `${one.arm} against ${one.against}`,
      at: one.difference,
      said: said(one.difference, signed),
    });
    const planned = comparisons.length > 0;
    const p = planned
      ? `; p is corrected for ${comparisons.length} comparisons`
      : `. ${exploratory}`;
    const besidesNote = planned ? 'besides, no claim of its own' : '';
    const notes = besides.map((one) => (isUnmatched(run, one) ? FINDINGS.unmatched : besidesNote));
    return [
      intervals({
        ...usual,
        caption: `Right answers, ${where(run, family)}: difference in points with its 95 % interval${p}`,
        columns: [
          'compared',
          'points',
          ...(planned ? ['finding'] : notes.some(Boolean) ? ['note'] : []),
        ],
        rows: [
          ...comparisons.map((one) => ({
            ...row(one),
            note: found(one),
            strong: one.finding === 'helps' || one.finding === 'hurts',
          })),
          ...besides.map((one, at) => ({ ...row(one), note: notes[at] })),
        ],
      }),
    ];
  }
  return [
    intervals({
      ...usual,
      caption: `Right answers, ${where(run, family)}: difference from ${first} in points with its 95 % interval. ${exploratory}`,
      columns: ['sampler', 'points'],
      rows: others.flatMap((name, at) => {
        const { difference } = own[at + 1];
        return difference ? [{ name, at: difference, said: said(difference, signed) }] : [];
      }),
    }),
  ];
}

/** How many answers are right. @type {View} */
function accuracy(run, family) {
  const rows = cells(run, family).map((cell, at) => ({
    name: names(run)[at],
    at: cell.accuracy,
    said: said(cell.accuracy, percent),
  }));
  const [first] = rows;
  return [
    intervals({
      caption: `Right answers, ${where(run, family)}: %, with its 95 % interval; the line is ${first?.name}`,
      columns: ['sampler', '%'],
      rows,
      reference: first?.at.value ?? 0,
      tick: whole,
    }),
  ];
}

/** Right answers against tokens. @type {View} */
function cost(run, family, room) {
  const points = cells(run, family).map((cell, at) => ({
    name: names(run)[at],
    x: cell.made,
    y: cell.accuracy,
    said: `${percent(cell.accuracy.value)} % right, ${cell.made.toFixed(1)} tokens`,
  }));
  return [
    scatter({
      caption: `Right answers against tokens made for one, ${where(run, family)}`,
      x: 'tokens made for an answer',
      y: 'right answers, %',
      room,
      points,
    }),
  ];
}

/** "71 (68 to 75)", in %. */
const brief = (/** @type {Interval | null} */ area) => (area ? said(area, whole) : '–');

/** Whether what the model knew tells right answers from others. @type {View} */
function knowing(run, family, room) {
  const { families, knowing: all } = run.summary;
  const [first] = names(run);
  if (family < 0) {
    const rows = SURENESS.map((name, number) => [
      name,
      ...all.map(({ auroc }) => brief(auroc[number])),
    ]);
    const added = all.map(({ added_by_varentropy: own }) =>
      own ? said(own.gain, millinats) : '–',
    );
    return [
      table(
        `How well a number tells right answers of ${first} from others: AUROC, % (50 is a coin), with its 95 % interval`,
        ['number', ...families],
        /** @type {[string, ...string[]][]} */ ([...rows, ['V adds to H, millinats', ...added]]),
      ),
    ];
  }
  const { auroc, reliability, added_by_varentropy: added } = all[family];
  const bins = reliability.filter(({ count }) => count >= FULL);
  return [
    intervals({
      caption: `${families[family]}: how well a number tells right answers of ${first} from others, with its 95 % interval`,
      columns: ['number', 'AUROC, %'],
      rows: auroc.flatMap((area, number) =>
        area ? [{ name: SURENESS[number], at: area, said: said(area, percent) }] : [],
      ),
      reference: 0.5,
      tick: whole,
    }),
    ...(added
      ? [
          make('p', {
            textContent: `What V adds to H, on facts that nothing was fitted to: ${said(added.gain, millinats)} millinats an answer; more is better.`,
          }),
        ]
      : []),
    scatter({
      caption: `${families[family]}: probability of the answer as a whole, and how often such answers are right`,
      x: 'probability of the answer, %',
      y: 'right answers, %',
      room,
      diagonal: true,
      points: bins.map(({ prediction, right, count }) => ({
        name: `${count} answers`,
        x: 100 * prediction,
        y: right,
        said: `${percent(prediction)} % probable, ${percent(right.value)} % right`,
      })),
    }),
  ];
}

/** What samplers did. @type {View} */
function acts(run, family) {
  const columns = /** @type {[string, (cell: Cell) => string][]} */ ([
    ['right, %', (cell) => percent(cell.accuracy.value)],
    ['says nothing, %', (cell) => percent(cell.nothing)],
    ['acted, % of answers', (cell) => percent(cell.acted)],
    ['phrases', (cell) => cell.acts[0].toFixed(2)],
    ['branchings', (cell) => cell.acts[1].toFixed(2)],
    ['taken back', (cell) => cell.acts[2].toFixed(2)],
    ['tokens', (cell) => cell.tokens.toFixed(1)],
    ['tokens made', (cell) => cell.made.toFixed(1)],
    ['longest repeat, tokens', (cell) => cell.means.repeated.toFixed(2)],
    ['log p, nats', (cell) => cell.means.log_probability.toFixed(2).replace('-', '−')],
  ]);
  return [
    table(
      `What each did in an answer, ${where(run, family)}`,
      ['sampler', ...columns.map(([name]) => name)],
      cells(run, family).map((cell, at) => [names(run)[at], ...columns.map(([, of]) => of(cell))]),
    ),
  ];
}

/** How long an answer takes; only the run "time" makes one after the other. @type {View} */
function time(run, family) {
  const beside = run.tier === 'time' ? '' : ', while others were made beside it';
  const all = cells(run, family);
  const fastest = Math.min(...all.map(({ means }) => means.seconds));
  return [
    table(
      `Time of an answer${beside}, ${where(run, family)}, on ${run.origin.machine || 'a machine without a name'}`,
      ['sampler', 'ms an answer', 'times the fastest', 'tokens made', 'ms a token made'],
      all.map(({ means: { seconds }, made }, at) => [
        names(run)[at],
        (1000 * seconds).toFixed(0),
        (seconds / fastest).toFixed(2),
        made.toFixed(1),
        ((1000 * seconds) / made).toFixed(1),
      ]),
    ),
  ];
}

/** By the name that the element's `view` takes. */
export const views = { effect, accuracy, cost, knowing, acts, time };
