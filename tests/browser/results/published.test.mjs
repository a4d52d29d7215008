// What was published of the evaluation, computed again by another program from what came of single answers.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { describe, test } from 'node:test';

import { Ajv2020 } from 'ajv/dist/2020.js';
import { fact } from '../support/facts.mjs';
import {
  accuracy,
  auroc,
  each,
  file,
  flips,
  holm,
  interval,
  json,
  made,
  mean,
  pairs,
  pooled,
  runs,
  text,
} from '../support/outcomes.mjs';

/** Four decimals are published. */
const ROUNDED = 5.1e-5;
const RESAMPLES = 4000;
const all = Object.values(runs());
const near = (a, b, within, what) =>
  assert.ok(Math.abs(a - b) <= within, `${what}: ${a} computed, ${b} published`);

/** Whether something else was done than to take the most probable token or to draw, of each answer. */
const acted = ({ acts }) => acts[0].map((_, item) => Number(acts.some((act) => act[item] > 0)));

/** What the plan lets one say of a comparison (crates/eval/PLAN.md). */
function finding(run, { arm, against, difference: { value, low, high }, corrected }) {
  const how = (name) => run.conditions.arms.find((one) => one.name === name).method;
  const { sampler, vote } = { ...how(arm), vote: how(against).vote };
  const acts = 'gated' in how(arm) || !['plain', 'greedy'].includes(sampler?.kind ?? 'greedy');
  if (acts && each(run, arm, acted) < 0.1) return 'untested';
  if (vote && mean(Object.values(vote.answers.families)) < 3) return 'untested';
  const matches = [0, 1, 2].every((act) => {
    const [own, other] = [arm, against].map((name) => each(run, name, ({ acts }) => acts[act]));
    return Math.abs(own - other) <= Math.max(0.02, 0.1 * own);
  });
  if ('gated' in how(against) && !matches) return 'unmatched';
  if (corrected <= 0.05) return value > 0 ? 'helps' : 'hurts';
  return low >= -0.02 && high <= 0.02 ? 'no_effect' : 'unclear';
}

describe('published results', () => {
  test('fit their schema, and are small', () => {
    const valid = new Ajv2020({ strict: false, validateFormats: false }).compile(
      json('results.schema.json'),
    );
    assert.ok(valid(json('results.json')), JSON.stringify(valid.errors?.slice(0, 3)));
    assert.ok(text('results.json').length <= 1e6);
    const traces = readdirSync(file('traces/'));
    const bytes = traces.map((name) => statSync(file(`traces/${name}`)).size);
    assert.ok(bytes.reduce((a, b) => a + b) <= 2e6);
    for (const { answers } of json('traces/index.json'))
      for (const { file: name } of answers) assert.ok(traces.includes(name), name);
  });

  test('what pages show is what is published, with summaries in the place of outcomes', () => {
    const { version, runs: whole } = json('results.json');
    const shown = json('summary.json');
    assert.equal(shown.version, version);
    assert.deepEqual(
      shown.runs.map(({ summary, ...run }) => run),
      whole.map(({ families, ...run }) => run),
    );
  });

  test('are what the documents say', () => {
    const shown = (name) => {
      const [value, unit] = fact(name);
      return unit === 'count' ? value.toLocaleString('en') : (100 * value).toFixed(1);
    };
    const right = (name, tier = '1') => `${shown(`right ${tier} ${name}`)} %`;
    const sources = {
      '../../../README.md': [
        `PROMISED answers ${right('PROMISED')} of ${shown('asked-questions 1')} questions, greedy ${right('greedy')}`,
        `(${shown('fewer-right 1 PROMISED greedy')} points, 95 % interval ${shown('fewer-right-least 1 PROMISED greedy')} to ${shown('fewer-right-most 1 PROMISED greedy')})`,
        `B ${shown('fewer-right 1 B plain_as_B')} points fewer`,
        `elsewhere is ${shown('more-right 1 PROMISED PROMISED_sham')} points worse`,
        `Room for ${shown('most-tokens 1b')} tokens, tried on ${shown('asked-questions 1b')} of the questions, does not change that: PROMISED ${right('PROMISED', '1b')}, greedy ${right('greedy', '1b')}`,
      ],
      '../../../crates/entropix/SAMPLERS.md': [
        `${right('PROMISED')} of ${shown('asked-questions 1')} questions right, greedy ${right('greedy')}`,
        `the same acts elsewhere ${right('PROMISED_sham')}, and the best of a few plain answers, with as many tokens, ${right('best_of_several')}`,
        `B, as coded, got ${right('B')}, its temperature without its rules ${right('plain_as_B')}`,
      ],
    };
    for (const [name, sentences] of Object.entries(sources)) {
      const said = readFileSync(new URL(name, import.meta.url), 'utf8').replace(/\s+/g, ' ');
      for (const sentence of sentences) assert.ok(said.includes(sentence), `${name}: ${sentence}`);
    }
  });

  test('of other samplers only CoT-decoding is not behind greedy; hotter is worse', () => {
    const run = all.find(({ tier }) => tier === '2');
    const level = run.names.filter((_, at) => !(run.summary.arms[at][0].difference?.high < 0));
    assert.deepEqual(level, ['greedy', 'CoT-decoding']);
    const hot = ['0.3', '0.7', '1', '1.5'].map((t) => accuracy(run, `temperature ${t}`));
    assert.deepEqual(
      hot,
      [...hot].sort((a, b) => b - a),
    );
  });

  for (const run of all) {
    describe(`tier ${run.tier}`, () => {
      test('every fact is asked for in wordings that are resampled together', () => {
        for (const { name, facts } of run.families) {
          const counts = new Map();
          for (const fact of facts) counts.set(fact, (counts.get(fact) ?? 0) + 1);
          assert.ok(Math.max(...counts.values()) <= 3, name);
          if (run.tier === '1') assert.ok(facts.length === 1000 && counts.size >= 300, name);
        }
      });

      test('accuracies and differences', () => {
        const [first] = run.names;
        run.names.forEach((name, at) => {
          const cells = run.summary.arms[at];
          near(accuracy(run, name), cells[0].accuracy.value, ROUNDED, name);
          run.families.forEach((family, number) => {
            const cell = cells[number + 1];
            const where = `${name}, ${family.name}`;
            near(accuracy(run, name, family.name), cell.accuracy.value, ROUNDED, where);
            cell.levels.forEach((share, level) => {
              const own = family.arms[at].right.filter((_, i) => family.levels[i] === level + 1);
              if (own.length) near(mean(own), share, ROUNDED, `${where}, level ${level + 1}`);
              else assert.equal(share, null);
            });
            if (!at) return;
            const difference = pooled(run, pairs(run, name, first), family.name);
            near(difference, cell.difference.value, ROUNDED, where);
          });
        });
      });

      test('intervals, with other draws', () => {
        run.names.forEach((name, at) => {
          const { accuracy: published } = run.summary.arms[at][0];
          const own = interval(run, ({ arms }) => arms[at].right, RESAMPLES);
          // The ends of an interval from so many resamples vary by a few hundredths of its width, and where few answers
          // were made by one or two of them.
          const items = run.families.reduce((sum, { facts }) => sum + facts.length, 0);
          const within = 0.05 * (published.high - published.low) + 1e-3 + 2 / items;
          near(own[0], published.low, within, `${name}, low`);
          near(own[1], published.high, within, `${name}, high`);
        });
      });

      test('the comparisons that were planned', () => {
        const p = run.comparisons.map((published) => {
          const { arm, against, difference } = published;
          const of = pairs(run, arm, against);
          const what = `${arm} against ${against}`;
          near(pooled(run, of), difference.value, 1e-9, what);
          const [low, high] = interval(run, of, RESAMPLES);
          const within = 0.05 * (difference.high - difference.low) + 1e-3;
          near(low, difference.low, within, `${what}, low`);
          near(high, difference.high, within, `${what}, high`);
          const own = flips(run, of, RESAMPLES);
          // Five standard errors of two counts.
          near(
            own,
            published.p,
            5 * Math.sqrt((2 * own * (1 - own)) / RESAMPLES) + 1e-3,
            `${what}, p`,
          );
          return published.p;
        });
        holm(p).forEach((corrected, at) => {
          near(corrected, run.comparisons[at].corrected, 1e-9, 'corrected p');
        });
        for (const published of run.comparisons)
          assert.equal(published.finding, finding(run, published), published.against);
        for (const { arm, against, difference } of run.besides ?? []) {
          const of = pairs(run, arm, against);
          near(pooled(run, of), difference.value, 1e-9, `${arm} against ${against}`);
          const [low, high] = interval(run, of, RESAMPLES);
          const within = 0.05 * (difference.high - difference.low) + 1e-3;
          near(low, difference.low, within, `${arm} against ${against}, low`);
          near(high, difference.high, within, `${arm} against ${against}, high`);
        }
      });

      test('what answers cost, and what was done in them', () => {
        run.names.forEach((name, at) => {
          const [cell] = run.summary.arms[at];
          near(
            each(run, name, ({ tokens }) => tokens),
            cell.tokens,
            ROUNDED,
            `${name}, tokens`,
          );
          near(each(run, name, made), cell.made, ROUNDED, `${name}, tokens made`);
          const silent = ({ verdicts }) => verdicts.map((letter) => Number(letter === 'n'));
          near(each(run, name, silent), cell.nothing, ROUNDED, `${name}, nothing`);
          for (const act of [0, 1, 2])
            near(
              each(run, name, ({ acts }) => acts[act]),
              cell.acts[act],
              ROUNDED,
              `${name}, acts`,
            );
          near(each(run, name, acted), cell.acted, ROUNDED, `${name}, acted`);
        });
      });

      test('whether the model knew', () => {
        run.families.forEach(({ name, signals, arms }, number) => {
          const { auroc: published } = run.summary.knowing[number];
          // Low H, low V and little surprise are sure, and so is a large margin.
          const signs = [-1, -1, 1, -1, -1, 1, -1];
          published.forEach((area, at) => {
            if (!area) return;
            const scores = signals[at].map((value) => signs[at] * value);
            near(auroc(scores, arms[0].right), area.value, ROUNDED, `${name}, number ${at}`);
            assert.ok(area.low <= area.value && area.value <= area.high);
          });
        });
      });
    });
  }
});
