// What a token costs the chat page's main thread in headless Chromium, with little and with much on the page.
// Prints one JSON object per metric. Arguments: [runs].
import { launch, serve, Visitor } from '../browser/support/site.mjs';

const runs = Number(process.argv[2] ?? 5);
/** Tokens on the page when it is measured. */
const MARKS = { token_work_ms: 200, token_work_2000_ms: 2000 };
/** Tokens of an answer that is measured, and of one that fills the page. */
const [SHORT, LONG] = [60, 400];

const site = await serve();
const browser = await launch();
const visitor = await Visitor.open(browser, `${site.url}#sampler=plain&seed=3`, {
  viewport: { width: 1280, height: 768 },
});
const { page } = visitor;
await visitor.load();

const chromium = await page.context().newCDPSession(page);
// On a machine that is shared, time on the processor says more than time on the wall.
await chromium.send('Performance.enable', { timeDomain: 'threadTicks' });
/** How long the page's main thread has been on a processor, in ms. */
const work = async () => {
  const { metrics } = await chromium.send('Performance.getMetrics');
  return 1000 * metrics.find(({ name }) => name === 'TaskDuration').value;
};
const count = () =>
  page.evaluate(() =>
    [...document.querySelectorAll('entropix-tokens')].reduce(
      (sum, { entries }) => sum + entries.length,
      0,
    ),
  );
await page.evaluate(() => {
  window.tasks = [];
  new PerformanceObserver((list) => {
    window.tasks.push(...list.getEntries().map(({ duration }) => duration));
  }).observe({ entryTypes: ['longtask'] });
});

let said = 0;
/** What is neither the start of an answer nor its end, in tokens. */
const EDGE = 5;

/**
 * Has an answer of at most so many tokens.
 * @returns what each of them cost, and the longest task, while it came: in ms
 */
async function answer(tokens) {
  await visitor.settings({ tokens });
  /** Waits until it has so many, or ends before. */
  const reaches = async (many) => {
    const strip = () =>
      page.locator(`[data-turn="${visitor.turn}"] entropix-tokens`).evaluate((it) => ({
        tokens: it.entries.length,
        busy: it.busy,
      }));
    let now = await strip();
    for (; now.busy && now.tokens < many; now = await strip()) await page.waitForTimeout(500);
    return { tokens: now.tokens, work: await work() };
  };
  said += 1;
  await visitor.say(`Write a long text, number ${said}, about the sea.`);
  const first = await reaches(EDGE);
  await page.evaluate(() => {
    window.tasks = [];
  });
  const last = await reaches(tokens - EDGE);
  const task = await page.evaluate(() => Math.max(0, ...window.tasks));
  await visitor.answered();
  return { work: (last.work - first.work) / (last.tokens - first.tokens), task };
}

/** From a pointer that comes over a word to the picture of the lens that shows it, in ms. */
const hover = () =>
  page.evaluate(async () => {
    const strip = [...document.querySelectorAll('entropix-tokens')].at(-1);
    const words = [...strip.shadowRoot.querySelectorAll('.token')];
    const times = [];
    for (const word of words.slice(0, 20)) {
      const start = performance.now();
      word.dispatchEvent(
        new PointerEvent('pointerover', { pointerType: 'mouse', bubbles: true, composed: true }),
      );
      await new Promise(requestAnimationFrame);
      // A task after the frame: it has been painted.
      await new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = resolve;
        port2.postMessage(null);
      });
      times.push(performance.now() - start);
    }
    return times.sort((a, b) => a - b)[Math.floor(times.length * 0.95)];
  });

const values = { token_work_ms: [], token_work_2000_ms: [], token_task_ms: [], hover_ms: [] };
// What is compiled and cached at the first answer is not a token's.
await answer(SHORT);
for (const [metric, tokens] of Object.entries(MARKS)) {
  while ((await count()) + (runs * SHORT) / 2 < tokens - SHORT)
    await answer(Math.min(LONG, tokens - (await count())));
  for (let run = 0; run < runs; run += 1) {
    const { work, task } = await answer(SHORT);
    values[metric].push(work);
    values.token_task_ms.push(task);
    values.hover_ms.push(await hover());
  }
}
for (const [metric, list] of Object.entries(values))
  console.log(JSON.stringify({ where: 'browser', metric, values: list }));
await browser.close();
site.close();
