// A growing answer: its end stays in view until the reader scrolls up.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { atSite, Visitor } from '../support/site.mjs';
import { eventually } from '../support/wait.mjs';

const here = atSite();

describe('while an answer is written', () => {
  /** @type {Visitor} */
  let visitor;
  const where = () =>
    visitor.page.evaluate(() => ({
      y: scrollY,
      toEnd: document.documentElement.scrollHeight - scrollY - innerHeight,
    }));
  /** Waits until so many tokens more are there. */
  const grows = async (more) => {
    const count = await visitor.tokens().count();
    await visitor.streams(count + more);
  };
  /** A line that has just come is followed in the next frame. */
  const atEnd = async () => {
    const { toEnd } = await where();
    assert.ok(toEnd < 5, `${toEnd} px below the window`);
  };

  before(async () => {
    visitor = await Visitor.open(here.browser, here.site.url, {
      viewport: { width: 900, height: 500 },
    });
    await visitor.load();
    await visitor.settings({ sampler: 'greedy', tokens: 2000 });
    await visitor.pace(20);
    await visitor.say('Write a very long poem about the sea.');
    await eventually(async () => assert.ok((await where()).y > 300));
  });
  after(() => visitor?.close());

  test('the end stays in view', async () => {
    await grows(30);
    await eventually(atEnd);
  });

  /** @type {[string, () => Promise<void>][]} */
  const ways = [
    ['one notch of a wheel', () => visitor.page.mouse.wheel(0, -100)],
    [
      'a trackpad',
      async () => {
        for (let step = 0; step < 10; step += 1) await visitor.page.mouse.wheel(0, -10);
      },
    ],
    ['the keyboard', () => visitor.page.keyboard.press('PageUp')],
    [
      'a finger',
      async () => {
        const session = await visitor.page.context().newCDPSession(visitor.page);
        await session.send('Input.synthesizeScrollGesture', {
          x: 300,
          y: 40,
          yDistance: 80,
          gestureSourceType: 'touch',
        });
      },
    ],
  ];
  for (const [name, up] of ways) {
    test(`${name} ends that, and going to the end resumes it`, async () => {
      await visitor.page.mouse.move(300, 40);
      await visitor.page.evaluate(() => document.activeElement?.blur?.());
      await up();
      await eventually(async () => assert.ok((await where()).toEnd > 5));
      const { y } = await where();
      await grows(30);
      const later = await where();
      assert.ok(later.y <= y + 1, `pulled from ${y} to ${later.y}`);
      assert.ok(later.toEnd > 40, `${later.toEnd} px below the window`);
      // A wheel that turned much farther would go on pulling for a while.
      await visitor.page.mouse.wheel(0, (await where()).toEnd + 40);
      await eventually(atEnd);
      await grows(30);
      await eventually(atEnd);
    });
  }

  test('a window of another size keeps the end in view', async () => {
    await visitor.page.setViewportSize({ width: 500, height: 500 });
    await eventually(atEnd);
    await grows(10);
    await eventually(atEnd);
  });
});
