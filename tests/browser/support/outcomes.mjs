// Published results of the evaluation, read without its program: every number anew from what came of single answers.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const FOLDER = new URL('../../../www/results/', import.meta.url);
export const file = (name) => new URL(name, FOLDER);
export const text = (name) => readFileSync(file(name), 'utf8');
export const json = (name) => JSON.parse(text(name));

/** Numbers of a column: in base 36, as many digits each as stands before the colon; or "count*number". */
export function column(letters) {
  const same = letters.match(/^(\d+)\*(\d+)$/);
  if (same) return Array(Number(same[1])).fill(Number(same[2]));
  const [width, digits] = letters.split(':');
  const numbers = digits.match(new RegExp(`.{${width}}`, 'g')) ?? [];
  assert.equal(numbers.length * Number(width), digits.length);
  return numbers.map((number) => Number.parseInt(number, 36));
}

/** A run with its columns as lists. */
export function unpacked(run) {
  const families = run.families.map((family) => ({
    name: family.name,
    facts: column(family.facts),
    levels: column(family.levels),
    signals: family.signals.map((signal) =>
      column(signal).map((thousandths) => thousandths / 1000),
    ),
    arms: family.arms.map((arm) => ({
      verdicts: [...arm.verdicts],
      right: [...arm.verdicts].map((letter) => Number(letter === 'r')),
      tokens: column(arm.tokens),
      beyond: column(arm.beyond),
      acts: [arm.inserts, arm.branchings, arm.retractions, arm.best_of].map(column),
      means: arm.means,
    })),
  }));
  return { ...run, names: run.conditions.arms.map(({ name }) => name), families };
}

/** Runs by their names in the plan, with what pages show of them. */
export function runs() {
  const shown = json('summary.json').runs;
  const run = (one, at) => [one.tier, { ...unpacked(one), summary: shown[at].summary }];
  return Object.fromEntries(json('results.json').runs.map(run));
}

export const mean = (numbers) => numbers.reduce((a, b) => a + b, 0) / numbers.length;

/** The mean over families of a number of items, or that of one. */
export const pooled = (run, of, family) => {
  const chosen = run.families.filter(({ name }) => !family || name === family);
  assert.ok(chosen.length, `no family ${family}`);
  return mean(chosen.map((own) => mean(of(own))));
};

const place = (run, name) => {
  const at = run.names.indexOf(name);
  assert.ok(at >= 0, `no sampler ${name}`);
  return at;
};

/** Share of right answers. */
export function accuracy(run, name, family) {
  const at = place(run, name);
  return pooled(run, ({ arms }) => arms[at].right, family);
}

/** Of each item: by how much more one is right than another. */
export function pairs(run, name, against) {
  const [at, other] = [place(run, name), place(run, against)];
  return ({ arms }) => arms[at].right.map((right, item) => right - arms[other].right[item]);
}

/** Something of an answer, the mean over all answers. */
export function each(run, name, of, family) {
  const at = place(run, name);
  const chosen = run.families.filter(({ name }) => !family || name === family);
  return mean(chosen.flatMap(({ arms }) => of(arms[at])));
}

/** Tokens that were made for an answer. */
export const made = ({ tokens, beyond }) => tokens.map((count, item) => count + beyond[item]);

/** Sums and counts of facts, family by family. */
const facts = (run, of) =>
  run.families.map((family) => {
    const sums = new Map();
    of(family).forEach((value, item) => {
      const own = sums.get(family.facts[item]) ?? [0, 0];
      sums.set(family.facts[item], [own[0] + value, own[1] + 1]);
    });
    return [...sums.values()];
  });

/** A generator of its own: xorshift32. */
export function random(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

const ofFamily = (drawn) => {
  let [sum, items] = [0, 0];
  for (const [value, count] of drawn) {
    sum += value;
    items += count;
  }
  return sum / items;
};

/** The 95 % interval of the pooled mean: facts drawn again within their families. */
export function interval(run, of, resamples, seed = 7) {
  const draw = random(seed);
  const families = facts(run, of);
  const means = Array.from({ length: resamples }, () =>
    mean(families.map((own) => ofFamily(own.map(() => own[Math.floor(draw() * own.length)])))),
  ).sort((a, b) => a - b);
  const quantile = (q) => means[Math.round(q * (resamples - 1))];
  return [quantile(0.025), quantile(0.975)];
}

/** Two-sided p: how often the signs of facts, drawn at random, bring the mean as far from 0. */
export function flips(run, of, resamples, seed = 11) {
  const draw = random(seed);
  const families = facts(run, of);
  const parts = families.flatMap((own) => {
    const items = own.reduce((sum, [, count]) => sum + count, 0);
    return own.map(([sum]) => sum / items / families.length).filter((part) => part !== 0);
  });
  const observed = Math.abs(parts.reduce((a, b) => a + b, 0)) - 1e-12;
  let far = 0;
  for (let i = 0; i < resamples; i++) {
    const sum = parts.reduce((total, part) => total + (draw() < 0.5 ? part : -part), 0);
    if (Math.abs(sum) >= observed) far++;
  }
  return (1 + far) / (1 + resamples);
}

/** Holm's correction. */
export function holm(all) {
  const order = all.map((_, at) => at).sort((a, b) => all[a] - all[b]);
  const corrected = [...all];
  let last = 0;
  order.forEach((at, done) => {
    last = Math.max(last, Math.min(1, (all.length - done) * all[at]));
    corrected[at] = last;
  });
  return corrected;
}

/** Share of pairs of a right and another answer of which the right one has the higher score; ties count half. */
export function auroc(scores, right) {
  const ranks = new Map();
  const sorted = scores.map((score, at) => [score, at]).sort((a, b) => a[0] - b[0]);
  for (let from = 0; from < sorted.length; ) {
    let to = from;
    while (to < sorted.length && sorted[to][0] === sorted[from][0]) to++;
    for (let at = from; at < to; at++) ranks.set(sorted[at][1], (from + to + 1) / 2);
    from = to;
  }
  const rights = right.flatMap((yes, at) => (yes ? [ranks.get(at)] : []));
  const [n, m] = [rights.length, right.length - rights.length];
  return (rights.reduce((a, b) => a + b, 0) - (n * (n + 1)) / 2) / (n * m);
}
