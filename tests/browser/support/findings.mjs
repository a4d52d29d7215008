// What may be stated of the evaluation: facts, computed from its outcomes. In names a blank is written "_".
import assert from 'node:assert/strict';

import { accuracy, each, json, made, mean, pairs, pooled, runs } from './outcomes.mjs';

let all;
const run = (tier) => {
  all ??= runs();
  assert.ok(all[tier], `no tier ${tier}`);
  return all[tier];
};
const plain = (name) => name?.replaceAll('_', ' ');
/** Numbers that tell right answers from others, in the order in which they are published. */
const SURENESS = [
  'H_first',
  'V_first',
  'margin_first',
  'H_mean',
  'V_mean',
  'margin_mean',
  'log-probability',
];

const family = (tier, name) => {
  const at = run(tier).families.findIndex((own) => own.name === plain(name));
  assert.ok(at >= 0, `no family ${name}`);
  return at;
};
const place = (tier, arm) => {
  const at = run(tier).names.indexOf(plain(arm));
  assert.ok(at >= 0, `no sampler ${arm}`);
  return at;
};
const fromFirst = (tier, arm) => run(tier).summary.arms[place(tier, arm)][0].difference;
/** The area under the curve of a number, in a family; without one the mean over families. */
const area = (tier, number, name) => {
  const { knowing } = run(tier).summary;
  const own = name ? [knowing[family(tier, name)]] : knowing;
  const at = SURENESS.indexOf(number);
  assert.ok(at >= 0, `no number ${number}`);
  return mean(own.map(({ auroc: areas }) => areas[at].value));
};
/** A difference that was published with its interval. */
const comparison = (tier, arm, against) => {
  const found = [...run(tier).comparisons, ...(run(tier).besides ?? [])].find(
    (one) => one.arm === plain(arm) && one.against === plain(against),
  );
  assert.ok(found, `${arm} was not compared with ${against}`);
  return found;
};
const difference = (tier, arm, against, name) =>
  pooled(run(tier), pairs(run(tier), plain(arm), plain(against)), plain(name));

export const FINDINGS = {
  'asked-items': (tier) => [run(tier).families[0].facts.length, 'count'],
  'asked-questions': (tier) => [
    run(tier).families.reduce((sum, { facts }) => sum + facts.length, 0),
    'count',
  ],
  'asked-families': (tier) => [run(tier).families.length, 'count'],
  'asked-samplers': (tier) => [run(tier).names.length, 'count'],
  'asked-comparisons': (tier) => [run(tier).comparisons.length, 'count'],
  'asked-answers': (tier) => [
    run(tier).names.length * run(tier).families.reduce((sum, { facts }) => sum + facts.length, 0),
    'count',
  ],
  /** A number of a sampler. */
  'number-of': (tier, arm, key) => {
    const { method } = run(tier).conditions.arms.find(({ name }) => name === plain(arm));
    const parts = [...Object.values(method), ...Object.values(method).flatMap(Object.values)];
    return [parts.find((part) => typeof part?.[key] === 'number')?.[key], 'number'];
  },
  'most-tokens': (tier) => [run(tier).conditions.max_tokens, 'count'],
  /** Tokens that were made for all answers, in millions. */
  'all-tokens': (tier) => [
    run(tier)
      .families.flatMap(({ arms }) => arms.flatMap(made))
      .reduce((a, b) => a + b, 0) / 1e6,
    'number',
  ],
  /** Answers that were read by a person, and those of which the checker said otherwise. */
  'read-answers': () => [json('read.json').length, 'count'],
  'read-otherwise': () => [
    json('read.json').filter(
      ({ verdict, reader }) => (verdict === 'right') !== (reader === 'right'),
    ).length,
    'count',
  ],
  /** Of the questions that another run asked. */
  'right-of-those-of': (other, tier, arm) => {
    const asked = run(other).families.map(({ name, facts, levels }) => {
      const own = run(tier).families[family(tier, name)];
      const questions = ({ facts: f, levels: l }) =>
        [f, l].map((all) => all.slice(0, facts.length));
      assert.deepEqual(questions(own), [facts, levels], `${name}: other questions`);
      return own.arms[place(tier, arm)].right.slice(0, facts.length);
    });
    return [mean(asked.map(mean)), 'share'];
  },
  'tokens-said': (tier, arm) => [each(run(tier), plain(arm), ({ tokens }) => tokens), 'number'],
  right: (tier, arm, name) => [accuracy(run(tier), plain(arm), plain(name)), 'share'],
  'more-right': (tier, arm, against, name) => [difference(tier, arm, against, name), 'points'],
  'fewer-right': (tier, arm, against, name) => [-difference(tier, arm, against, name), 'points'],
  'more-right-low': (tier, arm, against) => [
    comparison(tier, arm, against).difference.low,
    'points',
  ],
  'more-right-high': (tier, arm, against) => [
    comparison(tier, arm, against).difference.high,
    'points',
  ],
  'fewer-right-least': (tier, arm, against) => [
    -comparison(tier, arm, against).difference.high,
    'points',
  ],
  'fewer-right-most': (tier, arm, against) => [
    -comparison(tier, arm, against).difference.low,
    'points',
  ],
  /** The ends of the interval of the difference from the first sampler. */
  'from-first-low': (tier, arm) => [fromFirst(tier, arm).low, 'points'],
  'from-first-high': (tier, arm) => [fromFirst(tier, arm).high, 'points'],
  /** Time of an answer, in that of another sampler's. */
  'times-as-long': (tier, arm, against) => {
    const seconds = (name) =>
      mean(run(tier).families.map(({ arms }) => arms[place(tier, name)].means.seconds));
    return [seconds(arm) / seconds(against), 'number'];
  },
  'corrected-p': (tier, arm, against) => [comparison(tier, arm, against).corrected, 'number'],
  'tokens-made': (tier, arm, name) => [each(run(tier), plain(arm), made, plain(name)), 'number'],
  'says-nothing': (tier, arm, name) => [
    each(
      run(tier),
      plain(arm),
      ({ verdicts }) => verdicts.map((letter) => Number(letter === 'n')),
      plain(name),
    ),
    'share',
  ],
  branchings: (tier, arm) => [each(run(tier), plain(arm), ({ acts }) => acts[1]), 'number'],
  acted: (tier, arm) => [
    each(run(tier), plain(arm), ({ acts }) =>
      acts[0].map((_, item) => Number(acts.some((act) => act[item] > 0))),
    ),
    'share',
  ],
  auroc: (tier, number, name) => [area(tier, number, name), 'share'],
  /** Families in which V adds to H for certain, as far as their intervals say. */
  'v-adds-in': (tier) => [
    run(tier).summary.knowing.filter(({ added_by_varentropy: added }) => added?.gain.low > 0)
      .length,
    'count',
  ],
  /** Processor time, of one thread; for a model of so many parameters, if it grows as they do. */
  'thread-hours': (tier, parameters = 135e6) => [
    (run(tier).origin.seconds / 3600) * (parameters / 135e6),
    'hours',
  ],
  /** What V adds to H, in nats an answer. */
  'v-adds': (tier, name) => {
    const { added_by_varentropy: added } = run(tier).summary.knowing[family(tier, name)];
    return [added.gain.value, 'nats'];
  },
};
