// @ts-check
// What grows with every token, and is drawn more seldom.

/** In ms: nobody reads faster. */
const PAUSE = 250;

/**
 * Does something when it is asked to, but only a while after the last time; else later, once, unless it is asked again.
 * Whoever asks with every token has it drawn along with one: a frame of its own would cost as much as a token's.
 * @param {() => unknown} act
 */
export function unhurried(act) {
  let timer = 0;
  let last = -PAUSE;
  const now = () => {
    clearTimeout(timer);
    timer = 0;
    last = performance.now();
    act();
  };
  return () => {
    if (performance.now() - last >= PAUSE) now();
    else timer ||= setTimeout(now, 2 * PAUSE);
  };
}
