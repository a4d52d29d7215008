// Waits for what a page shows. Each waits for the state that is meant, never for a while.

/** How long the slowest machine may take, in ms. */
const PATIENCE = 30_000;

/** Tries a check again until it passes; its last error if it never does. */
export async function eventually(check) {
  for (const end = Date.now() + PATIENCE; ; ) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }
}

/**
 * Waits until a page has drawn what it was told so far: elements draw in the next frame, and may
 * ask for one more.
 */
export const redrawn = (page) =>
  page.evaluate(async () => {
    for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
  });

/** Waits until every transition and animation that has an end is at it. */
export const still = (page) =>
  page.evaluate(() =>
    Promise.allSettled(
      document
        .getAnimations()
        .filter(({ effect }) => effect.getComputedTiming().endTime !== Infinity)
        .map(({ finished }) => finished),
    ),
  );
