// "Be the sampler": which moments it shows, what it counts, and a game by keyboard in both browsers.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { cuts, moments, offered, QUADRANTS } from '../../../www/explore/game/moments.js';
import { score } from '../../../www/explore/game/score.js';
import { inBoth } from '../support/browsers.mjs';
import { fact, point, surprisal, trace } from '../support/facts.mjs';
import { served } from '../support/site.mjs';
import { eventually } from '../support/wait.mjs';

const NAMES = ['larger-b', 'sky-b'];
const traces = NAMES.map(trace);

describe('the moments', () => {
  test('high is above the median of the recordings', () => {
    assert.deepEqual(cuts(traces), {
      h: fact(`median-h ${NAMES.join(' ')}`)[0],
      v: fact(`median-v ${NAMES.join(' ')}`)[0],
    });
  });

  test('are ten of all four fields, in the order of the answers, with the drawn word on offer', () => {
    const borders = cuts(traces);
    const places = traces.flatMap(({ tokens }) => tokens);
    for (let seed = 0; seed < 200; seed += 1) {
      const ten = moments(traces, seed, 10);
      assert.equal(ten.length, 10);
      for (const name of QUADRANTS)
        assert.ok(ten.filter(({ quadrant }) => quadrant === name).length >= 2, `${seed} ${name}`);
      const order = ten.map(({ token }) => places.indexOf(token));
      assert.deepEqual(
        order,
        [...new Set(order)].sort((a, b) => a - b),
      );
      for (const { token, before, question, candidates, h, v, quadrant } of ten) {
        const from = traces.find(({ tokens }) => tokens.includes(token));
        const all = from.tokens.map(({ text }) => text);
        assert.equal(before, all.slice(0, from.tokens.indexOf(token)).join(''));
        assert.equal(question, from.messages.at(-1).content);
        assert.equal(candidates.length, 6);
        assert.equal(new Set(candidates.map(({ label }) => label.trim())).size, 6);
        const drawn = candidates.find(({ id }) => id === token.decision.token);
        assert.ok(Math.abs(drawn.p - token.p) < 1e-12);
        assert.ok(candidates.some(({ p }) => p === token.top[0].p));
        assert.deepEqual([h, v], point(token));
        assert.equal(quadrant[0] === 'H', h > borders.h);
        assert.equal(quadrant[2] === 'H', v > borders.v);
      }
    }
  });

  test('repeat with their seed, and only with it', () => {
    const once = JSON.stringify(moments(traces, 5, 10));
    assert.equal(JSON.stringify(moments(traces, 5, 10)), once);
    assert.notEqual(JSON.stringify(moments(traces, 6, 10)), once);
  });

  test('come in an order that says nothing of their probability', () => {
    // Where the most probable word stands, over many moments: everywhere about as often.
    const stands = Array(6).fill(0);
    for (let seed = 0; seed < 300; seed += 1)
      for (const { candidates, token } of moments(traces, seed, 10))
        stands[candidates.findIndex(({ p }) => p === token.top[0].p)] += 1;
    // 3,000 in six places: 500 each, a standard deviation of 20.
    for (const count of stands) assert.ok(Math.abs(count - 500) < 100, String(stands));
  });

  test('offer a drawn word that is not among the most probable ones in place of the last', () => {
    const top = Array.from({ length: 8 }, (_, id) => ({ id, label: ` ${id}`, p: 0.1 - id / 100 }));
    const ids = (token) =>
      offered({ label: '', p: 0.001, top, decision: { token } }).map(({ id }) => id);
    assert.deepEqual(ids(5), [0, 1, 2, 3, 4, 5]);
    assert.deepEqual(ids(6), [0, 1, 2, 3, 4, 6]);
    assert.deepEqual(ids(99), [0, 1, 2, 3, 4, 99]);
  });
});

describe('the score', () => {
  const pick = (quadrant, h, picked, drawn, most) => ({ quadrant, h, picked, drawn, most });

  test('is in bits, and names the field with most of them lost', () => {
    assert.deepEqual(
      score([
        pick('LELV', 0.5, 0.5, 0.5, 0.5),
        pick('HELV', 3, 1 / 8, 1 / 16, 1 / 4),
        pick('HEHV', 4, 1 / 32, 1 / 2, 1 / 2),
        pick('HEHV', 2.5, 1 / 4, 1 / 4, 1 / 4),
      ]),
      {
        count: 4,
        hits: 2,
        drawnHits: 3,
        picked: (1 + 3 + 5 + 2) / 4,
        drawn: (1 + 4 + 1 + 2) / 4,
        most: (1 + 2 + 1 + 2) / 4,
        entropy: 2.5,
        quadrants: [
          { quadrant: 'LELV', count: 1, lost: 0 },
          { quadrant: 'HELV', count: 1, lost: 1 },
          { quadrant: 'HEHV', count: 2, lost: 2 },
        ],
        worst: 'HEHV',
      },
    );
  });

  test('names no field for a reader who is the greedy sampler', () => {
    const { worst, hits } = score([pick('LELV', 1, 0.9, 0.1, 0.9), pick('HEHV', 1, 0.2, 0.2, 0.2)]);
    assert.deepEqual([worst, hits], [null, 2]);
  });
});

let site;
before(async () => {
  site = await served();
});

inBoth('a game', ({ page: open }) => {
  test('of ten words by keyboard ends in a score, and another follows', async () => {
    const errors = [];
    const page = await open(`${site.url}explore.html#sampler`, {}, errors);
    await page.waitForSelector('.choices button', { visible: true });
    await page.focus('.stage');
    const text = () => page.$eval('.stage', (stage) => stage.innerText);
    const ten = moments(traces, 1, 10);
    // Every reader has a favourite: the word that the model holds least probable, and then the most.
    const chosen = ten.map(({ candidates }, i) => {
      const sorted = [...candidates].sort((a, b) => a.p - b.p);
      return candidates.indexOf(i < 5 ? sorted[0] : sorted.at(-1));
    });
    for (const [i, { token, h, v, candidates }] of ten.entries()) {
      await eventually(async () =>
        assert.ok((await text()).includes(`Word ${i + 1} of 10`), await text()),
      );
      assert.doesNotMatch(await text(), /bits|\d %|rule/i, 'what would give it away');
      await page.keyboard.press(
        /** @type {import('puppeteer-core').KeyInput} */ (String(chosen[i] + 1)),
      );
      await page.waitForSelector('.stage .next');
      const told = await text();
      assert.ok(
        told.includes(`H is ${h.toFixed(2)} bits, V is ${v.toFixed(2)} bits²`) &&
          told.includes(token.decision.sentence) &&
          told.includes(`costs ${surprisal(candidates[chosen[i]].p).toFixed(2)} bits`),
        told,
      );
      assert.equal(
        await page.$eval('[role=status]', (status) => status.textContent.startsWith('Your word')),
        true,
      );
      await page.keyboard.press('Enter');
    }
    const mean = (p) => ten.reduce((sum, moment, i) => sum + surprisal(p(moment, i)), 0) / 10;
    const rows = await page.$$eval('.stage table:first-of-type tbody tr', (all) =>
      all.map((row) => [...row.cells].map((cell) => cell.textContent)),
    );
    const hits = (p) => ten.filter((moment, i) => p(moment, i) === moment.token.top[0].p).length;
    const mine = ({ candidates }, i) => candidates[chosen[i]].p;
    const drawn = ({ token, candidates }) =>
      candidates.find(({ id }) => id === token.decision.token).p;
    const most = ({ token }) => token.top[0].p;
    const line = (name, p) => [name, `${hits(p)} of 10`, mean(p).toFixed(2)];
    assert.deepEqual(rows.slice(0, 3), [
      line('yours', mine),
      line('the sampler’s', drawn),
      line('the most probable', most),
    ]);
    assert.ok(hits(mine) < 10);
    // The words drawn can be looked at again, on the plane and in the inspector.
    await page.waitForSelector('be-the-sampler entropix-inspector');
    const entries = await page.$eval('be-the-sampler entropix-tokens', (strip) =>
      strip.entries.map(({ decision }) => decision.token),
    );
    assert.deepEqual(
      entries,
      ten.map(({ token }) => token.decision.token),
    );
    await page.focus('.stage .next');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.choices button', { visible: true });
    assert.equal(await page.$eval('be-the-sampler', (game) => game.getAttribute('seed')), '2');
    assert.deepEqual(errors, []);
    await page.close();
  });
});
