// How fast the custom elements draw in headless Chromium. Prints one JSON object per metric.
// Arguments: [runs].
import { launch, serve } from '../browser/support/site.mjs';

const runs = Number(process.argv[2] ?? 5);
const site = await serve();
const browser = await launch();
const page = await browser.newPage({ viewport: { width: 1000, height: 900 } });
await page.goto(`${site.url}embed.html?chart=triangle`);

const chromium = await page.context().newCDPSession(page);
// On a machine that is shared, time on the processor says more than time on the wall.
await chromium.send('Performance.enable', { timeDomain: 'threadTicks' });
/** How long the page's main thread has been on a processor, in ms. */
const work = async () => {
  const { metrics } = await chromium.send('Performance.getMetrics');
  return 1000 * metrics.find(({ name }) => name === 'TaskDuration').value;
};

/** Shows elements on an otherwise empty page, and waits until they have drawn. */
const show = (html) =>
  page.evaluate(async (html) => {
    document.body.innerHTML = html;
    for (const element of document.body.children) {
      // Its script comes when it is first used.
      await customElements.whenDefined(element.localName);
      await element.begin();
    }
    await new Promise((resolve) => {
      setTimeout(resolve, 300);
    });
  }, html);

/** The middle of some numbers. */
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

/**
 * Drags the first element's point in a circle; the longest task of drawing, and the longest frame.
 */
const drag = () =>
  page.evaluate(async () => {
    const element = document.body.firstElementChild;
    const tasks = [];
    const draw = element.draw.bind(element);
    element.draw = () => {
      const start = performance.now();
      draw();
      tasks.push(performance.now() - start);
    };
    const frames = [];
    const { left, top, width, height } = element.svg.getBoundingClientRect();
    const point = (type, angle) =>
      element.svg.dispatchEvent(
        new PointerEvent(type, {
          pointerId: 1,
          pointerType: 'mouse',
          bubbles: true,
          cancelable: true,
          clientX: left + width * (0.5 + 0.2 * Math.cos(angle)),
          clientY: top + height * (0.6 + 0.2 * Math.sin(angle)),
        }),
      );
    // Events of a program have no pointer that could be captured.
    element.svg.setPointerCapture = () => {};
    element.svg.hasPointerCapture = () => true;
    point('pointerdown', 0);
    let last = await new Promise(requestAnimationFrame);
    for (let step = 1; step <= 120; step += 1) {
      const start = performance.now();
      point('pointermove', step / 20);
      tasks.push(performance.now() - start);
      const now = await new Promise(requestAnimationFrame);
      frames.push(now - last);
      last = now;
    }
    point('pointerup', 6);
    delete element.draw;
    if (!element.hasAttribute('p')) throw new Error('nothing was dragged');
    return {
      task: Math.max(...tasks),
      frame: frames.sort((a, b) => a - b)[Math.floor(frames.length * 0.95)],
      frames: frames.length,
    };
  });

/** Fifty charts of one group, three in a row. */
const kinds = ['triangle', 'plane', 'curve', 'triangle'].map((name) => `varentropy-${name}`);
const linked = Array.from(
  { length: 50 },
  (_, i) => `<${kinds[i % 4]} group="all" style="width:300px;float:left"></${kinds[i % 4]}>`,
).join('');

const values = {
  triangle_repaint_ms: [],
  drag_task_ms: [],
  drag_frame_ms: [],
  drag_frame_50_ms: [],
  drag_work_50_ms: [],
};
for (let run = 0; run < runs; run += 1) {
  await show('<varentropy-triangle style="width:668px"></varentropy-triangle>');
  values.triangle_repaint_ms.push(
    median(
      await page.evaluate(() => {
        const element = document.body.firstElementChild;
        return Array.from({ length: 20 }, () => {
          const start = performance.now();
          element.paint(1);
          return performance.now() - start;
        });
      }),
    ),
  );
  const one = await drag();
  values.drag_task_ms.push(one.task);
  values.drag_frame_ms.push(one.frame);
  await show(linked);
  const before = await work();
  const { frame, frames } = await drag();
  values.drag_frame_50_ms.push(frame);
  values.drag_work_50_ms.push(((await work()) - before) / frames);
}
for (const [metric, list] of Object.entries(values)) {
  console.log(JSON.stringify({ where: 'browser', metric, values: list }));
}
await browser.close();
site.close();
